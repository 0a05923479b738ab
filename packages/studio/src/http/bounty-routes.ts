import { ok, type Result, refuse } from '@jamnet/base';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import type { BountyView } from '../code/bounty-desk.ts';
import { curatorOnly, curatorOrReader, operatorOnly, operatorOrAuditor } from './asker/gates.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import type { StudioServices } from './services.ts';

const closed = { additionalProperties: false } as const;
const BountyParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{16}$' }) }, closed);
const EpochParams = Type.Object({ epoch: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }) }, closed);
const FilingBody = Type.Object(
  { repository: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })) },
  closed,
);
const DecisionBody = Type.Object(
  {
    verdict: Type.Enum(['granted', 'refused'] as const),
    reason: Type.String({ maxLength: 1000 }),
    /** Id of the member who decides; only with the operator's token. */
    curator: Type.Optional(Type.String({ maxLength: 64 })),
  },
  closed,
);

/** What code earns: filed by the operator, and judged by curators where no replay can. */
export function addBountyRoutes(server: FastifyInstance, services: StudioServices): void {
  const { bounties, filer } = services;

  server.get<{ Querystring: Static<typeof PageQuery> & { readonly state?: BountyView['state'] } }>(
    '/api/bounties',
    { onRequest: curatorOrReader },
    ({ query }, reply) => {
      const isAsked = ({ state }: BountyView): boolean => query.state === undefined || state === query.state;
      return sendAnswer(reply, named('bounties', bounties.page(pageRequestOf(query), isAsked)));
    },
  );
  server.get<{ Params: Static<typeof BountyParams> }>(
    '/api/bounties/:id',
    { schema: { params: BountyParams }, onRequest: curatorOrReader },
    async (request, reply) => sendAnswer(reply, await bounties.show(request.params.id)),
  );
  server.post<{ Params: Static<typeof BountyParams>; Body: Static<typeof DecisionBody> }>(
    '/api/bounties/:id/decisions',
    { schema: { params: BountyParams, body: DecisionBody }, onRequest: curatorOnly },
    async (request, reply) => {
      const curator = await curatorOf(request, services, request.body.curator);
      if (!curator.ok) return sendAnswer(reply, curator);
      const { verdict, reason } = request.body;
      const decision = { id: request.params.id, verdict, reason, curator: curator.value };
      return sendAnswer(reply, await bounties.decide(decision));
    },
  );
  server.post<{ Params: Static<typeof EpochParams>; Body: Static<typeof FilingBody> }>(
    '/api/code/epochs/:epoch',
    { schema: { params: EpochParams, body: FilingBody }, onRequest: operatorOnly },
    async ({ params: { epoch }, body: { repository } }, reply) =>
      sendAnswer(reply, await filer.fileEpoch(epoch, repository)),
  );
  server.get<{ Params: Static<typeof EpochParams> }>(
    '/api/code/epochs/:epoch',
    { schema: { params: EpochParams }, onRequest: operatorOrAuditor },
    ({ params: { epoch } }, reply) => sendAnswer(reply, filer.unfiled(epoch)),
  );
  server.post('/api/code/escrow', { onRequest: operatorOnly }, async (_request, reply) =>
    sendAnswer(reply, await filer.settleEscrow()),
  );
}

/** Payee of who judges: the member who has signed in, or the one that the operator's token speaks for. */
async function curatorOf(
  { asker }: FastifyRequest,
  { accounts }: StudioServices,
  named: string | undefined,
): Promise<Result<string>> {
  if (asker.kind === 'member') return ok(asker.payee);
  const member = named === undefined ? null : await accounts.member(named);
  return member?.role === 'curator'
    ? ok(member.payee)
    : refuse(
        'curator-missing',
        'Name the member with the role curator who decides: jamnet account list shows their ids.',
      );
}
