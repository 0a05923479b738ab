import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { pageOf } from '../../paging/page.ts';
import { rowCursor, rowsAfter } from '../../paging/row-cursor.ts';
import { operatorOnly } from '../asker/gates.ts';
import { PageQuery } from '../contracts/pages.ts';
import { pageRequestOf } from '../page-request.ts';
import type { StudioServices } from '../services.ts';
import { Payee } from './bodies.ts';
import { sendAnswer, sendJson } from './send.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[0-9a-f]{32}$' });
const Amount = Type.String({ pattern: '^[1-9][0-9]{0,17}$' });
const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });
const Name = Type.String({ minLength: 1, maxLength: 128 });
const RequestBody = Type.Object(
  {
    payee: Payee,
    item: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }),
    quantity: Quantity,
    key: Name,
    maxMicroJam: Type.Optional(Amount),
  },
  closed,
);
const UseBody = Type.Object({ quantity: Quantity, reference: Name }, closed);
const RevokeBody = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 256 }) }, closed);
const CodeBody = Type.Object({ code: Type.String({ minLength: 1, maxLength: 40 }) }, closed);
const IdParams = Type.Object({ id: Id });
const PayeeParams = Type.Object({ payee: Payee });

/** Perks paid in JAM: everybody may see what is on offer; all else is the operator's. */
export function addPerkRoutes(server: FastifyInstance, { reading: desk }: StudioServices): void {
  const onRequest = operatorOnly;
  const { perks, nowUs } = desk;
  server.get('/api/perks', async (_request, reply) => sendJson(reply, await perks.offers()));
  server.post<{ Body: Static<typeof RequestBody> }>(
    '/api/perks',
    { schema: { body: RequestBody }, onRequest },
    async ({ body: { quantity, maxMicroJam, ...rest } }, reply) => {
      const most = maxMicroJam === undefined ? {} : { maxMicroJam: BigInt(maxMicroJam) };
      const request = { ...rest, quantity: BigInt(quantity), ...most };
      return sendAnswer(reply, await desk.publish(await perks.request(nowUs(), request)));
    },
  );
  server.post('/api/perks/settle', { onRequest }, async (_request, reply) => {
    const run = { ok: true, value: await perks.settle(nowUs()) } as const;
    return sendAnswer(reply, await desk.publish(run));
  });
  server.get<{ Params: Static<typeof PayeeParams>; Querystring: Static<typeof PageQuery> }>(
    '/api/payees/:payee/perks',
    { schema: { params: PayeeParams, querystring: PageQuery }, onRequest },
    async ({ params, query }, reply) => {
      const asked = rowsAfter(pageRequestOf(query));
      if (!asked.ok) return sendAnswer(reply, asked, 400);
      const found = await perks.perksOf(params.payee, asked.value);
      const { rows, next } = pageOf(found, query.limit, ({ requestedAtUs, id }) =>
        rowCursor({ atUs: requestedAtUs, id }),
      );
      return sendJson(reply, { perks: rows, next });
    },
  );
  server.get<{ Params: Static<typeof IdParams> }>(
    '/api/perks/:id/journal',
    { schema: { params: IdParams }, onRequest },
    async (request, reply) => sendJson(reply, await perks.journal(request.params.id)),
  );
  server.post<{ Params: Static<typeof IdParams>; Body: Static<typeof UseBody> }>(
    '/api/perks/:id/use',
    { schema: { params: IdParams, body: UseBody }, onRequest },
    async ({ params: { id }, body: { quantity, reference } }, reply) =>
      sendAnswer(reply, await perks.use(nowUs(), { id, quantity: BigInt(quantity), reference })),
  );
  server.post<{ Params: Static<typeof IdParams>; Body: Static<typeof RevokeBody> }>(
    '/api/perks/:id/revoke',
    { schema: { params: IdParams, body: RevokeBody }, onRequest },
    async ({ params: { id }, body: { reason } }, reply) =>
      sendAnswer(reply, await desk.publish(await perks.revoke(nowUs(), { id, reason }))),
  );
  server.post<{ Body: Static<typeof CodeBody> }>(
    '/api/perks/discounts',
    { schema: { body: CodeBody }, onRequest },
    async (request, reply) => sendAnswer(reply, await perks.discount(nowUs(), request.body.code)),
  );
}
