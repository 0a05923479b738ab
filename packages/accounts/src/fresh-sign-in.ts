import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api';
import { apiError } from './api-error.ts';

/** Ways to stay in change only so soon after signing in: a page left open must give nobody one. */
export const FRESH_S = 15 * 60;

/** What makes, lists or takes away ways to stay signed in. */
const CAREFUL_PATHS: ReadonlySet<string> = new Set([
  '/list-sessions',
  '/passkey/generate-register-options',
  '/passkey/verify-registration',
  '/passkey/remove',
  '/recovery/make',
]);

/** Runs before every endpoint. Whoever is signed in must have done so lately; who is not, is judged by the endpoint. */
export const requireFreshSignIn = createAuthMiddleware(async (ctx) => {
  if (!CAREFUL_PATHS.has(ctx.path)) return;
  const session = await getSessionFromCtx(ctx);
  if (session === null) return;
  // The passkey would go to who is signed in, and the link would be used up for an account without one.
  if (typeof ctx.query?.context === 'string') {
    throw apiError(
      'signed-in-already',
      `You are signed in as ${session.user.name}: sign out first, or open the link in another browser.`,
    );
  }
  const ageMs = Date.now() - new Date(session.session.createdAt).getTime();
  if (ageMs >= FRESH_S * 1000) {
    throw new APIError('FORBIDDEN', {
      code: 'sign-in-too-old',
      message: 'Sign out and in again first: this is possible for 15 minutes after signing in.',
    });
  }
});
