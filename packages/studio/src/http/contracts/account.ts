import { Type } from 'typebox';
import type { Contracts } from './contract.ts';
import { PageQuery, pageOf } from './pages.ts';
import { Done, orNull, Role, Whole } from './shapes.ts';

const MemberRow = Type.Object(
  { id: Type.String(), name: Type.String(), role: Role, passkeys: Type.Number() },
  { title: 'MemberRow' },
);

const ApiToken = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    scopes: Type.Array(Type.String()),
    madeAtUs: Whole,
    expiresAtUs: Whole,
    /** Null while it was never used; exact to a minute. */
    lastUsedAtUs: orNull(Whole),
  },
  { title: 'ApiToken' },
);

export const ACCOUNT_CONTRACTS = {
  'GET /api/account/tokens': {
    summary: 'API tokens of one’s own that work, and every scope there is',
    letsIn: 'members',
    answer: Type.Object({
      tokens: Type.Array(ApiToken, { maxItems: 20 }),
      scopes: Type.Array(Type.String(), { maxItems: 100 }),
    }),
  },
  'POST /api/account/tokens': {
    summary: 'Makes an API token, soon after signing in; its secret is told this once',
    letsIn: 'members',
    answer: Type.Object({ secret: Type.String(), token: ApiToken }),
    codes: ['sign-in-too-old', 'name-malformed', 'token-terms', 'tokens-too-many', 'member-unknown'],
  },
  'DELETE /api/account/tokens/:token': {
    summary: 'Ends an API token at once',
    letsIn: 'members',
    answer: Done,
    codes: ['token-unknown'],
  },
  'GET /api/account': {
    summary: 'Who is signed in',
    letsIn: 'open',
    answer: Type.Object({
      signedIn: orNull(
        Type.Object({
          memberId: Type.String(),
          name: Type.String(),
          role: Role,
          recoveryCodesLeft: Type.Number(),
        }),
      ),
    }),
  },
  'GET /api/account/erasure': {
    summary: 'What would be given up with one’s account, and what must end before it can be erased',
    letsIn: 'members',
    answer: Type.Object({
      balanceMicroJam: Whole,
      payableCents: Whole,
      inTheWay: Type.Array(Type.Enum(['payout-under-way', 'redemption-open', 'last-operator']), {
        maxItems: 3,
      }),
    }),
  },
  'POST /api/account/erase': {
    summary:
      'Erases one’s account, bank details and names at once, soon after signing in; what was earned stays under its pseudonym',
    letsIn: 'members',
    answer: Done,
    codes: [
      'sign-in-too-old',
      'erasure-unconfirmed',
      'payout-under-way',
      'redemption-open',
      'last-operator',
      'member-unknown',
    ],
  },
  'POST /api/account/name': {
    summary: "Whoever is invited says what they want to be called; the link's secret lets them in",
    letsIn: 'open',
    answer: Done,
    codes: ['invitation-invalid', 'name-malformed'],
  },
  'GET /api/auth/passkey/generate-register-options': {
    summary: 'Begins a new passkey: by an invitation, or for who is signed in (WebAuthn options)',
    letsIn: 'open',
    answer: Type.Unknown(),
    codes: [
      'session-required',
      'name-malformed',
      'invitation-invalid',
      'signed-in-already',
      'sign-in-too-old',
    ],
  },
  'POST /api/auth/passkey/verify-registration': {
    summary: 'Ends a new passkey',
    letsIn: 'open',
    answer: Type.Unknown(),
    codes: [
      'validation-error',
      'challenge-not-found',
      'failed-to-verify-registration',
      'name-malformed',
      'invitation-invalid',
      'passkeys-too-many',
      'not-signed-in',
      'sign-in-too-old',
      'signed-in-already',
    ],
  },
  'GET /api/auth/passkey/generate-authenticate-options': {
    summary: 'Begins signing in (WebAuthn options)',
    letsIn: 'open',
    answer: Type.Unknown(),
  },
  'POST /api/auth/passkey/verify-authentication': {
    summary: "Ends signing in; sets the session's cookie",
    letsIn: 'open',
    answer: Type.Unknown(),
    codes: ['validation-error', 'challenge-not-found', 'passkey-not-found', 'authentication-failed'],
  },
  'POST /api/auth/recovery/sign-in': {
    summary: 'Signs in by a recovery code, once',
    letsIn: 'open',
    answer: Type.Object({ left: Type.Number() }),
    codes: ['recovery-code-unknown'],
  },
  'POST /api/auth/sign-out': {
    summary: 'Ends the session',
    letsIn: 'open',
    answer: Type.Object({ success: Type.Boolean() }),
  },
  'GET /api/auth/list-sessions': {
    summary: "One's sessions; soon after signing in only",
    letsIn: 'members',
    isGuardedInside: true,
    answer: Type.Unknown(),
    codes: ['sign-in-too-old'],
  },
  'POST /api/auth/revoke-other-sessions': {
    summary: "Ends one's other sessions",
    letsIn: 'members',
    isGuardedInside: true,
    answer: Type.Unknown(),
  },
  'GET /api/auth/passkey/list-user-passkeys': {
    summary: "One's passkeys",
    letsIn: 'members',
    isGuardedInside: true,
    answer: Type.Unknown(),
  },
  'POST /api/auth/passkey/update-passkey': {
    summary: 'Names a passkey',
    letsIn: 'members',
    isGuardedInside: true,
    answer: Type.Unknown(),
    codes: ['passkey-not-found'],
  },
  'POST /api/auth/passkey/remove': {
    summary: 'Takes a passkey away; the last one stays',
    letsIn: 'members',
    isGuardedInside: true,
    answer: Type.Unknown(),
    codes: ['passkey-unknown', 'last-passkey', 'sign-in-too-old'],
  },
  'POST /api/auth/recovery/make': {
    summary: 'New recovery codes in place of the old',
    letsIn: 'members',
    isGuardedInside: true,
    answer: Type.Object({ codes: Type.Array(Type.String()) }),
    codes: ['sign-in-too-old'],
  },
  'GET /api/members': {
    summary: 'Members with their roles',
    letsIn: 'operator',
    query: PageQuery,
    answer: pageOf('members', MemberRow),
    codes: ['cursor-malformed'],
  },
  'POST /api/members/invitations': {
    summary: 'A link that makes one member with this role',
    letsIn: 'operator',
    answer: Type.Object({ path: Type.String(), days: Type.Number() }),
    codes: ['role-unknown', 'invitations-too-many'],
  },
  'POST /api/members/:member/role': {
    summary: "Changes a member's role",
    letsIn: 'operator',
    answer: Done,
    codes: ['role-unknown', 'member-unknown', 'last-operator'],
  },
  'DELETE /api/members/:member': {
    summary: "Ends an account; what it earned stays its payee's",
    letsIn: 'operator',
    answer: Done,
    codes: ['member-unknown', 'last-operator'],
  },
} as const satisfies Contracts;
