import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { memberOf } from './asker/asker.ts';
import { freshOnly, membersOnly } from './asker/gates.ts';
import { PageQuery } from './contracts/pages.ts';
import { sendAnswer } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import type { StudioServices } from './services.ts';

const IdParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{32}$' }) });

/** A member's own way from units to money: what was asked for, where it goes, what was paid. The session says whose it is. */
export function addOwnMoneyRoutes(scope: FastifyInstance, { redemptions, cash }: StudioServices): void {
  const onRequest = membersOnly;
  const isFresh = [membersOnly, freshOnly];
  scope.get('/api/account/redemptions', { onRequest }, async (request, reply) =>
    sendAnswer(reply, await redemptions.own(memberOf(request).payee)),
  );
  scope.post<{ Params: Static<typeof IdParams> }>(
    '/api/account/redemptions/:id/cancel',
    { schema: { params: IdParams }, onRequest },
    async (request, reply) => {
      const { payee } = memberOf(request);
      return sendAnswer(reply, await redemptions.cancel({ id: request.params.id, payee }));
    },
  );
  scope.get('/api/account/payee', { onRequest }, async (request, reply) =>
    sendAnswer(reply, await cash.payees.own(memberOf(request).payee)),
  );
  scope.post<{ Body: unknown }>('/api/account/payee', { onRequest: isFresh }, async (request, reply) => {
    const { payee } = memberOf(request);
    const handed = await cash.payees.set(payee, request.body);
    return sendAnswer(reply, handed.ok ? await cash.payees.own(payee) : handed);
  });
  scope.post('/api/account/payee/export', { onRequest: isFresh }, async (request, reply) =>
    sendAnswer(reply, await cash.payees.export(memberOf(request).payee)),
  );
  scope.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/account/payouts',
    { schema: { querystring: PageQuery }, onRequest },
    async (request, reply) => {
      const { payee } = memberOf(request);
      const found = await cash.payouts.ofPayee(payee, pageRequestOf(request.query));
      return sendAnswer(reply, found);
    },
  );
}
