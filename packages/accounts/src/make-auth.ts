import { passkey } from '@better-auth/passkey';
import type { Result } from '@jamnet/base';
import type { Database } from '@jamnet/sql';
import { betterAuth } from 'better-auth';
import { APIError } from 'better-auth/api';
import type { Invitations } from './invitations.ts';
import { PASSKEYS_MAX } from './limits.ts';
import { PLAIN_NUMBERS } from './plain-numbers.ts';
import type { RecoveryCodes } from './recovery-codes.ts';
import { recoveryPlugin } from './recovery-plugin.ts';
import type { AccountKysely } from './tables.ts';

/** Where members reach the accounts, below the studio's address. */
export const AUTH_PATH = '/api/auth';

/** A member who stays away longer signs in again. */
const SESSION_LIFE_S = 30 * 86_400;
/** A session that is in use is made longer once a day. */
const SESSION_RENEWAL_S = 86_400;
/** Passkeys and recovery codes change only so soon after signing in, so that a page left open gives nobody a way to stay. */
const FRESH_S = 15 * 60;

export interface AuthSettings {
  /** Name that the passkey is kept under: the host of the studio's address without port. */
  readonly relyingPartyId: string;
  /** Hosts that requests may name, `localhost:*` on loopback. */
  readonly hosts: readonly string[];
  /** Signs cookies; at least 32 characters. */
  readonly secret: string;
  readonly isSecure: boolean;
  /** Hears of failures that are the studio's own. */
  readonly onFault: (message: string) => void;
}

export interface AuthParts {
  readonly database: Database;
  readonly kysely: AccountKysely;
  readonly invitations: Invitations;
  readonly recovery: RecoveryCodes;
}

export type Auth = ReturnType<typeof makeAuth>;

/** Sessions and passkeys by better-auth over the studio's database; the way in is an invitation or a passkey, never a password. */
export function makeAuth(parts: AuthParts, settings: AuthSettings) {
  const { database, invitations } = parts;
  return betterAuth({
    appName: 'JAMNet',
    basePath: AUTH_PATH,
    baseURL: { allowedHosts: [...settings.hosts], protocol: settings.isSecure ? 'https' : 'http' },
    secret: settings.secret,
    database: {
      db: database.kysely.withPlugin(PLAIN_NUMBERS),
      type: database.engine,
    },
    user: {
      modelName: 'account_member',
      additionalFields: {
        role: { type: 'string', input: false, defaultValue: 'member' },
        payee: { type: 'string', input: false, unique: true },
      },
    },
    session: {
      modelName: 'account_session',
      expiresIn: SESSION_LIFE_S,
      updateAge: SESSION_RENEWAL_S,
      freshAge: FRESH_S,
    },
    account: { modelName: 'account_credential' },
    verification: { modelName: 'account_verification' },
    advanced: { cookiePrefix: 'jamnet', useSecureCookies: settings.isSecure },
    // The studio's server limits requests, in a map of bounded size.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      level: 'error',
      // A wrong passkey is answered, and no fault: whoever sends thousands must not fill the log.
      log: (_level, message) => {
        if (!message.startsWith('Failed to verify')) settings.onFault(`accounts: ${message}`);
      },
    },
    plugins: [
      passkey({
        rpID: settings.relyingPartyId,
        rpName: 'JAMNet',
        authenticatorSelection: { residentKey: 'required', userVerification: 'preferred' },
        schema: { passkey: { modelName: 'account_passkey' } },
        registration: {
          requireSession: false,
          resolveUser: async ({ context }) => {
            const invited = orThrow(await invitations.find(context ?? ''));
            if (invited.name === null)
              throw apiError('name-malformed', 'Say first what you want to be called.');
            return { id: invited.memberId, name: invited.name };
          },
          afterVerification: async ({ user, context }) => {
            if (context) orThrow(await invitations.accept(context));
            else await refuseMoreThanMax(parts.kysely, user.id);
          },
        },
      }),
      recoveryPlugin(parts.recovery),
    ],
  });
}

async function refuseMoreThanMax(kysely: AccountKysely, memberId: string): Promise<void> {
  const rows = await kysely
    .selectFrom('account_passkey')
    .select('id')
    .where('userId', '=', memberId)
    .execute();
  if (rows.length >= PASSKEYS_MAX) {
    throw apiError(
      'passkeys-too-many',
      `You have ${PASSKEYS_MAX} passkeys: remove one that you no longer use.`,
    );
  }
}

function orThrow<T>(result: Result<T>): T {
  if (!result.ok) throw apiError(result.code, result.message);
  return result.value;
}

function apiError(code: string, message: string): APIError {
  return new APIError('UNPROCESSABLE_ENTITY', { code, message });
}
