import fastifyRateLimit from '@fastify/rate-limit';
import { AUTH_PATH, AUTH_ROUTES, INVITATION_LIFE_US } from '@jamnet/accounts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { invitationPath } from '../members/invitation-link.ts';
import { pageOfList } from '../paging/page-of-list.ts';
import { headersOf } from './asker/asker.ts';
import { operatorOnly } from './asker/gates.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer } from './economy/send.ts';
import { addErasureRoutes } from './erasure-routes.ts';
import { addIdentityRoutes } from './identity-routes.ts';
import { addOwnRoutes } from './own-routes.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import { answerNotFound, sendProblem } from './problem.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';
import { addTokenRoutes } from './token-routes.ts';

/** Requests of one address a minute: several people behind one address sign in at once, a machine that guesses gets nowhere. */
const REQUESTS_PER_MINUTE = 240;
/** Tries of one address a minute at what lets somebody in without a passkey. */
const TRIES_PER_MINUTE = 10;
/** Addresses whose requests are counted; the one unheard of longest makes room. */
const ADDRESSES_MAX = 10_000;

const closed = { additionalProperties: false } as const;
const NameBody = Type.Object(
  { token: Type.String({ maxLength: 64 }), name: Type.String({ maxLength: 256 }) },
  closed,
);
const RoleBody = Type.Object({ role: Type.String({ maxLength: 32 }) }, closed);
const MemberParams = Type.Object({ member: Type.String({ maxLength: 64 }) });

const STATUS: Readonly<Record<string, number>> = { 'member-unknown': 404, 'last-operator': 409 };

/** Signing in and out, one's own account, and members for the operator. */
export function addAccountRoutes(server: FastifyInstance, services: StudioServices): void {
  server.register(async (scope) => {
    await scope.register(fastifyRateLimit, {
      max: REQUESTS_PER_MINUTE,
      cache: ADDRESSES_MAX,
      errorResponseBuilder: (_request, { after }) =>
        Object.assign(new Error(`Too many requests from your address: try again in ${after}.`), {
          statusCode: 429,
        }),
    });
    // Whether somebody is signed in changes what these answer.
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    const tries = { config: { rateLimit: { max: TRIES_PER_MINUTE } } };
    const authorize = (request: FastifyRequest, reply: FastifyReply) => answerAuth(request, reply, services);
    // Each by its own route: behind a wildcard, "x/../recovery/sign-in" would be counted as something else.
    for (const { method, path } of AUTH_ROUTES) {
      const limits = path === '/recovery/sign-in' ? tries : {};
      scope.route({ method, url: `${AUTH_PATH}${path}`, handler: authorize, ...limits });
    }
    scope.post<{ Body: Static<typeof NameBody> }>(
      '/api/account/name',
      { ...tries, schema: { body: NameBody } },
      async ({ body: { token, name } }, reply) => {
        const named = await services.accounts.nameInvited(token, name);
        return named.ok ? { ok: true } : sendRefusal(reply, named, 422);
      },
    );
    scope.get('/api/account', async ({ asker }) => {
      if (asker.kind !== 'member') return { signedIn: null };
      const { memberId, name, role } = asker;
      const recoveryCodesLeft = await services.accounts.recoveryCodesLeft(memberId);
      return { signedIn: { memberId, name, role, recoveryCodesLeft } };
    });
    addMemberRoutes(scope, services);
    addOwnRoutes(scope, services);
    addTokenRoutes(scope, services);
    addErasureRoutes(scope, services);
    addIdentityRoutes(scope, services, tries);
  });
}

function addMemberRoutes(scope: FastifyInstance, { accounts }: StudioServices): void {
  const onRequest = operatorOnly;
  scope.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/members',
    { onRequest },
    async ({ query }, reply) => {
      const page = pageOfList(await accounts.members(), pageRequestOf(query), ({ id }) => id);
      return sendAnswer(reply, named('members', page));
    },
  );
  scope.post<{ Body: Static<typeof RoleBody> }>(
    '/api/members/invitations',
    { schema: { body: RoleBody }, onRequest },
    async ({ body }, reply) => {
      const invited = await accounts.invite(body.role);
      if (!invited.ok) return sendRefusal(reply, invited, 422);
      const days = Number(INVITATION_LIFE_US / 86_400_000_000n);
      return { path: invitationPath(invited.value), days };
    },
  );
  type Member = { Params: Static<typeof MemberParams> };
  scope.post<Member & { Body: Static<typeof RoleBody> }>(
    '/api/members/:member/role',
    { schema: { params: MemberParams, body: RoleBody }, onRequest },
    async ({ params, body }, reply) => {
      const set = await accounts.setRole(params.member, body.role);
      return set.ok ? { ok: true } : sendRefusal(reply, set, STATUS[set.code] ?? 422);
    },
  );
  scope.delete<Member>(
    '/api/members/:member',
    { schema: { params: MemberParams }, onRequest },
    async ({ params }, reply) => {
      const removed = await accounts.remove(params.member);
      return removed.ok ? { ok: true } : sendRefusal(reply, removed, STATUS[removed.code] ?? 422);
    },
  );
}

/** Hands a request to better-auth as the Fetch API has it, and its refusals back as problems. */
async function answerAuth(
  request: FastifyRequest,
  reply: FastifyReply,
  { accounts }: StudioServices,
): Promise<FastifyReply> {
  const query = request.url.split('?', 2)[1];
  // What a proxy says of it is the sender's word where the proxy only passes that on.
  const scheme = request.server.site.exposure === null ? 'http' : 'https';
  const url = `${scheme}://${request.host}${request.routeOptions.url}${query ? `?${query}` : ''}`;
  const body = request.method === 'POST' ? JSON.stringify(request.body ?? {}) : null;
  const headers = headersOf(request);
  if (body !== null) headers.set('content-type', 'application/json');
  const response = await accounts.answer(new Request(url, { method: request.method, headers, body }));
  if (response === null) return answerNotFound(request, reply);
  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie);
  const text = await response.text();
  if (response.ok) return reply.code(response.status).type('application/json').send(text);
  return sendProblem(reply, { status: response.status, ...refusalOf(text) });
}

function refusalOf(text: string): { code: string; detail: string } {
  try {
    const { code, message } = JSON.parse(text) as { code?: unknown; message?: unknown };
    if (typeof code === 'string' && typeof message === 'string') {
      // better-auth shouts its codes.
      return { code: code.toLowerCase().replaceAll('_', '-'), detail: message };
    }
  } catch {}
  return { code: 'request-invalid', detail: 'The studio could not read this request.' };
}
