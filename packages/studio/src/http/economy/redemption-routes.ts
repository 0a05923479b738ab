import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { operatorOnly, operatorOrAuditor } from '../asker/gates.ts';
import type { StudioServices } from '../services.ts';
import { Payee } from './bodies.ts';
import { sendAnswer } from './send.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[0-9a-f]{32}$' });
const Amount = Type.String({ pattern: '^[1-9][0-9]{0,14}$' });
const ListQuery = Type.Object({ payee: Type.Optional(Payee) }, closed);
const IdParams = Type.Object({ id: Id });
const PayeeParams = Type.Object({ payee: Payee });
const CancelBody = Type.Object({ payee: Payee }, closed);
const LiquidityBody = Type.Object(
  {
    id: Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' }),
    kind: Type.Enum(['sale', 'listing'] as const),
    priceCents: Amount,
    priceUnits: Amount,
    datedAtUs: Amount,
    approvedBy: Type.String({ minLength: 1, maxLength: 256 }),
    documentSha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  closed,
);
const ConvertBody = Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) }, closed);

/** Redemptions, explained wallets, sales and listings: all of it the operator's. */
export function addRedemptionRoutes(server: FastifyInstance, { redemptions: desk }: StudioServices): void {
  const onRequest = operatorOnly;
  server.get<{ Querystring: Static<typeof ListQuery> }>(
    '/api/redemptions',
    { schema: { querystring: ListQuery }, onRequest: operatorOrAuditor },
    async ({ query }, reply) => sendAnswer(reply, await desk.list(query.payee)),
  );
  server.post<{ Params: Static<typeof IdParams>; Body: Static<typeof CancelBody> }>(
    '/api/redemptions/:id/cancel',
    { schema: { params: IdParams, body: CancelBody }, onRequest },
    async ({ params, body }, reply) => sendAnswer(reply, await desk.cancel({ ...params, ...body })),
  );
  server.post('/api/redemptions/run', { onRequest }, async (_request, reply) =>
    sendAnswer(reply, await desk.run()),
  );
  server.get<{ Params: Static<typeof PayeeParams> }>(
    '/api/wallets/:payee/explained',
    { schema: { params: PayeeParams }, onRequest: operatorOrAuditor },
    async ({ params }, reply) => sendAnswer(reply, await desk.explain(params.payee), 404),
  );
  server.post<{ Body: Static<typeof LiquidityBody> }>(
    '/api/liquidity',
    { schema: { body: LiquidityBody }, onRequest },
    async ({ body: { priceCents, priceUnits, datedAtUs, ...event } }, reply) => {
      const price = { cents: BigInt(priceCents), units: BigInt(priceUnits) };
      return sendAnswer(
        reply,
        await desk.announceLiquidity({ ...event, price, datedAtUs: BigInt(datedAtUs) }),
      );
    },
  );
  server.post<{ Body: Static<typeof ConvertBody> }>(
    '/api/liquidity/convert',
    { schema: { body: ConvertBody }, onRequest },
    async ({ body }, reply) => sendAnswer(reply, await desk.convertLiquidity(body.id)),
  );
}
