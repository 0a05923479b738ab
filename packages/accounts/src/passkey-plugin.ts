import type { BetterAuthPlugin } from 'better-auth';
import { createAuthEndpoint, sessionMiddleware } from 'better-auth/api';
import { apiError, orThrow } from './api-error.ts';
import type { Passkeys } from './passkeys.ts';

/** Takes passkeys away in place of better-auth's own endpoint, which would take the last one too. */
export function passkeyPlugin(passkeys: Passkeys) {
  return {
    id: 'jamnet-passkeys',
    endpoints: {
      removePasskey: createAuthEndpoint(
        '/passkey/remove',
        { method: 'POST', use: [sessionMiddleware] },
        async (ctx) => {
          const id: unknown = ctx.body?.id;
          if (typeof id !== 'string') throw apiError('passkey-unknown', 'Say which passkey by its id.');
          orThrow(await passkeys.remove(ctx.context.session.user.id, id));
          return ctx.json({ status: true });
        },
      ),
    },
  } satisfies BetterAuthPlugin;
}
