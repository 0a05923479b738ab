import { AccountDesk, type AuthSettings } from '@jamnet/accounts';
import { toHex } from '@jamnet/base';
import type { Database } from '@jamnet/sql';
import type { OwnSite } from '../http/own-site.ts';
import { deriveSecret } from '../identity/keys.ts';
import type { StudioSecrets } from './secrets.ts';

const LOOPBACK_HOSTS = ['localhost:*', '127.0.0.1:*', '[::1]:*', 'localhost', '127.0.0.1', '[::1]'];

/**
 * Accounts belong to one name, under which passkeys are kept: the public one, else localhost, for an address in digits is no name.
 * With a public name nobody signs in on loopback: its cookies travel over TLS only.
 */
export function openAccounts(
  database: Database,
  secrets: StudioSecrets,
  { exposure }: OwnSite,
  nowUs: () => bigint,
): Promise<AccountDesk> {
  const settings: AuthSettings = {
    relyingPartyId: exposure?.hostname ?? 'localhost',
    hosts: exposure === null ? LOOPBACK_HOSTS : [new URL(exposure.origin).host],
    secret: toHex(deriveSecret(secrets.evidence, 'account sessions')),
    isSecure: exposure !== null,
    onFault: (message) => process.stderr.write(`${message}\n`),
  };
  return AccountDesk.open(database, settings, nowUs);
}
