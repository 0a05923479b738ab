import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthEndpoint, sessionMiddleware } from 'better-auth/api';
import { setSessionCookie } from 'better-auth/cookies';
import type { RecoveryCodes } from './recovery-codes.ts';

/** Letters of a typed code, with room for spaces and dashes. */
const TYPED_LENGTH_MAX = 64;

/** Recovery codes as a way into better-auth's sessions: made by a member who has just signed in, used by one who cannot. */
export function recoveryPlugin(codes: RecoveryCodes) {
  return {
    id: 'jamnet-recovery',
    endpoints: {
      makeRecoveryCodes: createAuthEndpoint(
        '/recovery/make',
        { method: 'POST', use: [sessionMiddleware] },
        async (ctx) => ctx.json({ codes: await codes.replace(ctx.context.session.user.id) }),
      ),
      signInByRecoveryCode: createAuthEndpoint('/recovery/sign-in', { method: 'POST' }, async (ctx) => {
        const typed: unknown = ctx.body?.code;
        const memberId =
          typeof typed === 'string' && typed.length <= TYPED_LENGTH_MAX ? await codes.use(typed) : null;
        const user = memberId === null ? null : await ctx.context.internalAdapter.findUserById(memberId);
        if (user === null) {
          throw new APIError('UNAUTHORIZED', {
            code: 'recovery-code-unknown',
            message:
              'This code is not known, or was used before: each works once. Try the next on your list.',
          });
        }
        const session = await ctx.context.internalAdapter.createSession(user.id);
        await setSessionCookie(ctx, { session, user });
        return ctx.json({ left: await codes.left(user.id) });
      }),
    },
  } satisfies BetterAuthPlugin;
}
