import { PAYEE_CHECKS } from '@jamnet/economy';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { operatorOnly } from '../asker/gates.ts';
import { PageQuery } from '../contracts/pages.ts';
import { pageRequestOf } from '../page-request.ts';
import type { StudioServices } from '../services.ts';
import { Payee } from './bodies.ts';
import { sendAnswer } from './send.ts';

const closed = { additionalProperties: false } as const;
const PayeeParams = Type.Object({ payee: Payee });
const JudgeBody = Type.Object(
  {
    check: Type.Enum(PAYEE_CHECKS),
    verdict: Type.Enum(['verified', 'rejected'] as const),
    evidence: Type.Optional(Type.String({ maxLength: 64 })),
    nameCheck: Type.Optional(Type.Enum(['match', 'close-match', 'no-match', 'not-possible'] as const)),
  },
  closed,
);
const HoldBody = Type.Object(
  { id: Type.String({ maxLength: 64 }), reason: Type.String({ maxLength: 256 }) },
  closed,
);
const ReleaseBody = Type.Object({ id: Type.String({ maxLength: 64 }) }, closed);

/** Files of payees; every route needs the operator's token, and personal data leaves by `export` only. */
export function addPayeeRoutes(server: FastifyInstance, services: StudioServices): void {
  const { payees } = services.cash;
  const onRequest = operatorOnly;
  type P = { Params: Static<typeof PayeeParams> };
  const params = PayeeParams;

  server.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/payees',
    { schema: { querystring: PageQuery }, onRequest },
    async ({ query }, reply) => sendAnswer(reply, await payees.list(pageRequestOf(query))),
  );
  server.get<P>('/api/payees/:payee', { schema: { params }, onRequest }, async ({ params }, reply) =>
    sendAnswer(reply, await payees.show(params.payee)),
  );
  server.post<P & { Body: unknown }>(
    '/api/payees/:payee',
    { schema: { params }, onRequest },
    async (request, reply) => sendAnswer(reply, await payees.set(request.params.payee, request.body)),
  );
  server.post<P & { Body: Static<typeof JudgeBody> }>(
    '/api/payees/:payee/checks',
    { schema: { params, body: JudgeBody }, onRequest },
    async (request, reply) => sendAnswer(reply, await payees.check(request.params.payee, request.body)),
  );
  server.post<P & { Body: Static<typeof HoldBody> }>(
    '/api/payees/:payee/holds',
    { schema: { params, body: HoldBody }, onRequest },
    async (request, reply) => sendAnswer(reply, await payees.hold(request.params.payee, request.body)),
  );
  server.post<P & { Body: Static<typeof ReleaseBody> }>(
    '/api/payees/:payee/releases',
    { schema: { params, body: ReleaseBody }, onRequest },
    async (request, reply) => sendAnswer(reply, await payees.release(request.params.payee, request.body)),
  );
  server.post<P>('/api/payees/:payee/export', { schema: { params }, onRequest }, async ({ params }, reply) =>
    sendAnswer(reply, await payees.export(params.payee)),
  );
  server.post<P>('/api/payees/:payee/erase', { schema: { params }, onRequest }, async ({ params }, reply) =>
    sendAnswer(reply, await payees.erase(params.payee)),
  );
}
