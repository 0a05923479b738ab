import type { Result } from '@jamnet/base';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type Static, Type } from 'typebox';
import { GOVERNANCE_LIMITS } from '../governance/core/limits.ts';
import { CHOICES, VERDICTS } from '../governance/core/proposal.ts';
import { PARTNER_NAME_MAX, PARTNER_URL_MAX, PARTNER_WHAT_MAX } from '../governance/partner-list.ts';
import type { Reader } from '../governance/proposal-view.ts';
import { memberOf } from './asker/asker.ts';
import { isReader } from './asker/gates.ts';
import { PageQuery } from './contracts/pages.ts';
import { POLICY_BYTES_MAX } from './economy/economy-routes.ts';
import { sendAnswer, sendJson } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import type { StudioServices } from './services.ts';

const closed = { additionalProperties: false } as const;
const { titleLengthMax, textLengthMax, commentLengthMax, reasonLengthMax } = GOVERNANCE_LIMITS;
const Us = Type.String({ pattern: '^[1-9][0-9]{0,17}$' });
const Id = Type.String({ pattern: '^[0-9a-f]{32}$' });
const IdParams = Type.Object({ id: Id }, closed);
const CommentParams = Type.Object(
  { id: Id, number: Type.Integer({ minimum: 1, maximum: 1_000_000 }) },
  closed,
);
const PartnerParams = Type.Object({ partner: Type.String({ pattern: '^[0-9a-f]{16}$' }) }, closed);
const OpeningBody = Type.Object(
  {
    title: Type.String({ maxLength: titleLengthMax }),
    text: Type.String({ maxLength: textLengthMax }),
    policy: Type.Record(Type.String(), Type.Unknown()),
    /** UTC µs; now where it is left out. */
    opensAtUs: Type.Optional(Us),
    closesAtUs: Us,
  },
  closed,
);
const CommentBody = Type.Object({ text: Type.String({ maxLength: commentLengthMax }) }, closed);
const VoteBody = Type.Object({ choice: Type.Enum(CHOICES) }, closed);
const HidingBody = Type.Object({ reason: Type.String({ maxLength: reasonLengthMax }) }, closed);
const DecisionBody = Type.Object(
  {
    verdict: Type.Enum(VERDICTS),
    reasons: Type.String({ maxLength: textLengthMax }),
    /** The policy as it became after the comments; as it was proposed where it is left out. */
    policy: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  closed,
);
const PartnerBody = Type.Object(
  {
    name: Type.String({ maxLength: PARTNER_NAME_MAX }),
    what: Type.String({ maxLength: PARTNER_WHAT_MAX }),
    url: Type.String({ maxLength: PARTNER_URL_MAX }),
  },
  closed,
);

/** The network's partners and licences, and how its rules come about. Whom a route lets in is its contract's. */
export function addGovernanceRoutes(server: FastifyInstance, services: StudioServices): void {
  addNetworkRoutes(server, services);
  addProposalRoutes(server, services);
  addVoiceRoutes(server, services);
}

function addNetworkRoutes(server: FastifyInstance, { partners, licences }: StudioServices): void {
  server.get('/api/network', async (_request, reply) =>
    sendJson(reply, { partners: await partners.list(), licences: licences() }),
  );
  server.post<{ Body: Static<typeof PartnerBody> }>(
    '/api/network/partners',
    { schema: { body: PartnerBody } },
    async ({ body }, reply) => sendPartners(reply, await partners.add(body)),
  );
  server.delete<{ Params: Static<typeof PartnerParams> }>(
    '/api/network/partners/:partner',
    { schema: { params: PartnerParams } },
    async ({ params }, reply) => sendPartners(reply, await partners.remove(params.partner)),
  );
}

function addProposalRoutes(server: FastifyInstance, { governance }: StudioServices): void {
  server.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/proposals',
    { schema: { querystring: PageQuery } },
    async ({ query }, reply) => {
      const page = await governance.list(pageRequestOf(query));
      if (!page.ok) return sendAnswer(reply, page, 400);
      return sendJson(reply, { proposals: page.value.rows, next: page.value.next });
    },
  );
  server.get<{ Params: Static<typeof IdParams> }>(
    '/api/proposals/:id',
    { schema: { params: IdParams } },
    async (request, reply) =>
      sendAnswer(reply, await governance.show(request.params.id, readerOf(request)), 404),
  );
  server.post<{ Body: Static<typeof OpeningBody> }>(
    '/api/proposals',
    { schema: { body: OpeningBody }, bodyLimit: POLICY_BYTES_MAX },
    async (request, reply) => {
      const { opensAtUs, closesAtUs, ...told } = request.body;
      const period = {
        opensAtUs: opensAtUs === undefined ? null : BigInt(opensAtUs),
        closesAtUs: BigInt(closesAtUs),
      };
      return sendAnswer(reply, await governance.open({ ...told, ...period }, readerOf(request)));
    },
  );
  server.post<{ Params: Static<typeof IdParams>; Body: Static<typeof DecisionBody> }>(
    '/api/proposals/:id/decision',
    { schema: { params: IdParams, body: DecisionBody }, bodyLimit: POLICY_BYTES_MAX },
    async (request, reply) => {
      const { policy = null, ...decision } = request.body;
      const decided = { ...decision, amended: policy };
      return sendAnswer(reply, await governance.decide(request.params.id, decided, readerOf(request)));
    },
  );
}

/** What members say and advise: their own voice, which nobody lends, not even the operator's token. */
function addVoiceRoutes(server: FastifyInstance, { governance }: StudioServices): void {
  server.post<{ Params: Static<typeof IdParams>; Body: Static<typeof CommentBody> }>(
    '/api/proposals/:id/comments',
    { schema: { params: IdParams, body: CommentBody } },
    async (request, reply) => {
      const { payee } = memberOf(request);
      return sendAnswer(reply, await governance.comment(request.params.id, payee, request.body.text));
    },
  );
  server.put<{ Params: Static<typeof IdParams>; Body: Static<typeof VoteBody> }>(
    '/api/proposals/:id/vote',
    { schema: { params: IdParams, body: VoteBody } },
    async (request, reply) => {
      const { payee } = memberOf(request);
      return sendAnswer(reply, await governance.vote(request.params.id, payee, request.body.choice));
    },
  );
  server.post<{ Params: Static<typeof CommentParams>; Body: Static<typeof HidingBody> }>(
    '/api/proposals/:id/comments/:number/hiding',
    { schema: { params: CommentParams, body: HidingBody } },
    async (request, reply) => {
      const { id, number } = request.params;
      const { reason } = request.body;
      return sendAnswer(reply, await governance.hide(id, number, reason, readerOf(request)));
    },
  );
}

function readerOf(request: FastifyRequest): Reader {
  const { asker } = request;
  return { payee: asker.kind === 'member' ? asker.payee : null, readsHidden: isReader(request) };
}

function sendPartners(reply: FastifyReply, answer: Result<unknown>): FastifyReply {
  return sendAnswer(reply, answer.ok ? { ok: true, value: { partners: answer.value } } : answer);
}
