import { refuse } from '@jamnet/base';
import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { operatorOnly, operatorOrAuditor } from '../asker/gates.ts';
import { pageQuery } from '../contracts/pages.ts';
import { sendRefusal } from '../read-routes.ts';
import type { StudioServices } from '../services.ts';
import { Payee } from './bodies.ts';
import { sendAnswer } from './send.ts';

/** An answer on 100,000 payments. */
const ANSWER_BYTES_MAX = 128 * 1024 * 1024;
const EVENT_BYTES_MAX = 256 * 1024;

const StatusQuery = Type.Object({
  ...pageQuery,
  payee: Type.Optional(Payee),
  state: Type.Optional(
    Type.Enum(['reserving', 'reserved', 'submitted', 'unknown', 'settled', 'returned', 'refused'] as const),
  ),
});

const BatchParams = Type.Object({ batch: Type.String({ maxLength: 64 }) });

/** Cash out; all but the signed events of Stripe needs the operator's token. */
export function addPayoutRoutes(server: FastifyInstance, services: StudioServices): void {
  const { payouts } = services.cash;
  const onRequest = operatorOnly;

  server.get<{ Querystring: Static<typeof StatusQuery> }>(
    '/api/payouts',
    { schema: { querystring: StatusQuery }, onRequest: operatorOrAuditor },
    async ({ query: { after, limit, ...filter } }, reply) =>
      sendAnswer(reply, await payouts.status(filter, { after: after ?? null, limit })),
  );
  server.get('/api/payouts/plan', { onRequest: operatorOrAuditor }, async (_request, reply) =>
    sendAnswer(reply, await payouts.prepare()),
  );
  server.post('/api/payouts/send', { onRequest }, async (_request, reply) =>
    sendAnswer(reply, await payouts.send()),
  );
  server.post<{ Params: Static<typeof BatchParams> }>(
    '/api/payouts/batches/:batch/file',
    { schema: { params: BatchParams }, onRequest },
    async ({ params }, reply) => {
      const found = await payouts.file(params.batch);
      return sendAnswer(reply, found, !found.ok && found.code === 'batch-unknown' ? 404 : 422);
    },
  );
  server.post('/api/payouts/ask', { onRequest }, async (_request, reply) =>
    sendAnswer(reply, await payouts.ask()),
  );
  server.post<{ Body: unknown }>(
    '/api/payouts/answers',
    { onRequest, bodyLimit: ANSWER_BYTES_MAX },
    async (request, reply) => {
      const { body } = request;
      if (typeof body !== 'string')
        return sendRefusal(reply, refuse('request-invalid', 'Send the bank’s file as text/plain.'), 400);
      return sendAnswer(reply, await payouts.read(body));
    },
  );
  server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post('/api/webhooks/stripe-connect', { bodyLimit: EVENT_BYTES_MAX }, async (request, reply) => {
      const signature = request.headers['stripe-signature'];
      const body = request.body instanceof Uint8Array ? request.body : new Uint8Array(0);
      const answer = await payouts.event(body, typeof signature === 'string' ? signature : '');
      if (answer.ok) return sendAnswer(reply, answer);
      // Stripe sends an event again unless it is answered with 2xx.
      return sendRefusal(reply, answer, answer.code === 'event-signature' ? 401 : 503);
    });
  });
}
