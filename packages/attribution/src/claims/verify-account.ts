import { ok, type Result, refuse } from '@jamnet/base';
import { forgeAccountOf, keysAddressOf } from './forge-account.ts';
import {
  isPgpSignature,
  SIGNATURE_BYTES_MAX,
  SIGNATURE_NAMESPACE,
  type VerifierCode,
  verifyByKeys,
} from './verify-by-keys.ts';

export type AccountCode =
  | VerifierCode
  | 'account-unknown'
  | 'account-keys-missing'
  | 'identity-signature-wrong';

/** What a forge says of an account's keys that is read. */
export const ACCOUNT_KEYS_BYTES_MAX = 256 << 10;
/** SSH keys of an account that are tried. */
export const ACCOUNT_KEYS_MAX = 100;

/** Type and key as OpenSSH writes public keys (sshd(8), AUTHORIZED_KEYS); options before them are not taken. */
const SSH_KEY = /^((?:sk-)?(?:ssh|ecdsa)-[\w@.-]+) ([A-Za-z0-9+/]+={0,2})(?: |$)/;

export interface AccountChallenge {
  /** Made by a forge for one of its accounts, see {@link forgeAccountOf}. */
  readonly email: string;
  readonly challenge: string;
  readonly signature: string;
  /** What the forge publishes of the account, at `https://HOST/NAME.keys` or `.gpg`. */
  readonly publishedKeys: string;
}

/** Checks that a key of the forge account behind an address signed the challenge; gives its fingerprint and the account. */
export async function verifyAccount(signed: AccountChallenge): Promise<Result<string, AccountCode>> {
  const { email, signature, publishedKeys } = signed;
  const account = forgeAccountOf(email);
  if (account === null)
    return refuse(
      'account-unknown',
      `${email} is no address that a forge makes for an account (12+ada@users.noreply.github.com, 12-ada@users.noreply.gitlab.com, ada@noreply.codeberg.org): have the repository list your key for it.`,
    );
  const isPgp = isPgpSignature(signature);
  const address = keysAddressOf(account, isPgp ? 'gpg' : 'keys');
  const keys = isPgp ? publishedKeys : signersOf(email, publishedKeys);
  if (
    publishedKeys.length > ACCOUNT_KEYS_BYTES_MAX ||
    (isPgp ? !keys.includes('PGP PUBLIC KEY') : keys === '')
  )
    return refuse(
      'account-keys-missing',
      `The file holds no keys, or more than ${ACCOUNT_KEYS_BYTES_MAX} bytes: give what ${address} says.`,
    );
  const isRead = signature.length <= SIGNATURE_BYTES_MAX;
  const key = isRead ? await verifyByKeys(keys, { ...signed, isAnyUser: true }) : ok(null);
  if (!key.ok) return key;
  if (key.value !== null) return ok(`${key.value} of ${account.host}/${account.name}`);
  return refuse(
    'identity-signature-wrong',
    `No key of ${address} made this signature over this challenge: add your key to the account, then sign a new challenge with ssh-keygen -Y sign -n ${SIGNATURE_NAMESPACE}, or gpg --armor --detach-sign.`,
  );
}

/** SSH keys as allowed signers for one address. */
function signersOf(email: string, published: string): string {
  return published
    .split('\n')
    .map((line) => SSH_KEY.exec(line.trim()))
    .filter((match) => match !== null)
    .slice(0, ACCOUNT_KEYS_MAX)
    .map(([, type, key]) => `${email} ${type} ${key}\n`)
    .join('');
}
