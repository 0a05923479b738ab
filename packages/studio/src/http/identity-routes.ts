import type { IdentityRequest } from '@jamnet/attribution';
import { refuse } from '@jamnet/base';
import type { FastifyInstance, RouteShorthandOptions } from 'fastify';
import type { Static } from 'typebox';
import { pageOf } from '../paging/page.ts';
import { memberOf } from './asker/asker.ts';
import type { ClaimBody, SignedClaimBody } from './contracts/code.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer, sendJson } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import type { StudioServices } from './services.ts';

/** What members show to be theirs, and what curators decided about their commits. `tries`: how often an address may try. */
export function addIdentityRoutes(
  scope: FastifyInstance,
  { identities, bounties }: StudioServices,
  tries: RouteShorthandOptions,
): void {
  scope.get<{ Querystring: Static<typeof PageQuery> }>('/api/code/identities', async (request, reply) => {
    const { after, limit } = request.query;
    if (after !== undefined && !/^[1-9]\d{0,8}$/.test(after)) return sendAnswer(reply, MALFORMED);
    const before = after === undefined ? null : BigInt(after);
    const found = await identities.own(memberOf(request).payee, before, limit + 1);
    if (!found.ok) return sendAnswer(reply, found);
    const { rows, next } = pageOf(found.value, limit, ({ number }) => number);
    return sendJson(reply, { identities: rows, next });
  });
  scope.post<{ Body: Static<typeof ClaimBody> }>(
    '/api/code/identities/challenge',
    tries,
    async (request, reply) => {
      const asked = requestOf(request.body, memberOf(request).payee);
      return sendAnswer(reply, asked === null ? ONE_OF_BOTH : await identities.plan(asked));
    },
  );
  scope.post<{ Body: Static<typeof SignedClaimBody> }>(
    '/api/code/identities',
    tries,
    async (request, reply) => {
      const asked = requestOf(request.body, memberOf(request).payee);
      const { signature = '' } = request.body;
      return sendAnswer(reply, asked === null ? ONE_OF_BOTH : await identities.enter(asked, signature));
    },
  );
  scope.get<{ Querystring: Static<typeof PageQuery> }>('/api/code/bounties', (request, reply) => {
    const { payee } = memberOf(request);
    const page = bounties.page(pageRequestOf(request.query), ({ payees }) => payees.includes(payee));
    return sendAnswer(reply, named('bounties', page));
  });
}

/** `null`: neither an address nor packages, or both. */
function requestOf(
  { kind, email, packages }: Static<typeof ClaimBody>,
  payee: string,
): IdentityRequest | null {
  if (email !== undefined && packages === undefined) return { kind, email, payee };
  return packages !== undefined && email === undefined ? { kind, packages, payee } : null;
}

const MALFORMED = refuse('cursor-malformed', 'This is not where a page ended: give back its “next”.');
const ONE_OF_BOTH = refuse(
  'identity-malformed',
  'Give either an e-mail address of commits or a repository of packages.',
);
