import { passkey } from '@better-auth/passkey';
import type { Database } from '@jamnet/sql';
import { betterAuth } from 'better-auth';
import { getSessionFromCtx, isAPIError } from 'better-auth/api';
import { apiError, orThrow } from './api-error.ts';
import { AUTH_PATH } from './auth-routes.ts';
import { FRESH_S, requireFreshSignIn } from './fresh-sign-in.ts';
import type { Invitations } from './invitations.ts';
import { passkeyPlugin } from './passkey-plugin.ts';
import { Passkeys } from './passkeys.ts';
import { PLAIN_NUMBERS } from './plain-numbers.ts';
import type { RecoveryCodes } from './recovery-codes.ts';
import { recoveryPlugin } from './recovery-plugin.ts';
import type { AccountKysely } from './tables.ts';

/** A member who stays away longer signs in again. */
const SESSION_LIFE_S = 30 * 86_400;
/** A session that is in use is made longer once a day. */
const SESSION_RENEWAL_S = 86_400;

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
  const passkeys = new Passkeys(parts.kysely);
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
    advanced: {
      // It would look at the tables in the background, also of a database that is closed meanwhile; they are ours, and a test holds them.
      database: { validateSchema: false },
      cookiePrefix: 'jamnet',
      useSecureCookies: settings.isSecure,
      // All that needs a session is asked by a page of this site: not even a link from elsewhere carries the cookie.
      defaultCookieAttributes: { sameSite: 'strict' },
    },
    hooks: { before: requireFreshSignIn },
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
    // A refusal is answered, and no fault either.
    onAPIError: {
      onError: (error) => {
        if (!isAPIError(error) || error.statusCode >= 500) settings.onFault(`accounts: ${String(error)}`);
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
          afterVerification: async ({ ctx, user, context }) => {
            if (context) {
              orThrow(await invitations.accept(context));
              return;
            }
            // The ceremony was begun by a session; one that has ended since adds nothing.
            if ((await getSessionFromCtx(ctx))?.user.id !== user.id) {
              throw apiError(
                'not-signed-in',
                'You are no longer signed in: sign in and add the passkey again.',
              );
            }
            orThrow(await passkeys.hasRoom(user.id));
          },
        },
      }),
      passkeyPlugin(passkeys),
      recoveryPlugin(parts.recovery),
    ],
  });
}
