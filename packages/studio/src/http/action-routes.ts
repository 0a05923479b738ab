import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { pageOfList } from '../paging/page-of-list.ts';
import { operatorOnly, operatorOrAuditor } from './asker/gates.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import { named } from './paged-answer.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const RedeemBody = Type.Object(
  {
    payee: Type.String({ pattern: '^p[0-9a-f]{32}$' }),
    amountMicroJam: Type.String({ pattern: '^[1-9][0-9]{0,17}$' }),
    key: Type.String({ minLength: 1, maxLength: 128 }),
  },
  { additionalProperties: false },
);
const EpochParams = Type.Object({ epoch: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }) });
// What is a name is said where the token is made, by one rule for players with and without a browser.
const JoinParams = Type.Object({ room: Type.String({ maxLength: 64 }) });
const JoinBody = Type.Object(
  {
    player: Type.String({ maxLength: 64 }),
    delaysUs: Type.Optional(
      Type.Record(Type.String({ maxLength: 32 }), Type.Number({ minimum: 0 }), { maxProperties: 32 }),
    ),
  },
  { additionalProperties: false },
);

/** Wallets, epochs and seats in rooms for the operator; an audit for anybody. */
export function addActionRoutes(server: FastifyInstance, services: StudioServices): void {
  const onRequest = operatorOnly;

  server.post('/api/audit', () => services.audit());

  server.post<{ Body: Static<typeof RedeemBody> }>(
    '/api/redemptions',
    { schema: { body: RedeemBody }, onRequest },
    async (request, reply) => {
      const { payee, amountMicroJam, key } = request.body;
      const answer = await services.redeem({ payee, amountMicroJam: BigInt(amountMicroJam), key });
      return answer.ok ? answer.value : sendRefusal(reply, answer, 422);
    },
  );

  server.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/epochs',
    { onRequest: operatorOrAuditor },
    async ({ query }, reply) => {
      const answer = await services.epochs.unclosed();
      if (!answer.ok) return sendRefusal(reply, answer, 422);
      return sendAnswer(
        reply,
        named(
          'epochs',
          pageOfList(answer.value, pageRequestOf(query), ({ id }) => id),
        ),
      );
    },
  );

  server.post<{ Params: Static<typeof EpochParams> }>(
    '/api/epochs/:epoch/close',
    { schema: { params: EpochParams }, onRequest },
    async (request, reply) => {
      const answer = await services.epochs.close(request.params.epoch);
      return answer.ok ? answer.value : sendRefusal(reply, answer, 422);
    },
  );

  server.get<{ Params: Static<typeof EpochParams> }>(
    '/api/epochs/:epoch/preview',
    { schema: { params: EpochParams }, onRequest: operatorOrAuditor },
    async (request, reply) => {
      const answer = await services.epochs.preview(request.params.epoch);
      return answer.ok ? answer.value : sendRefusal(reply, answer, 422);
    },
  );

  server.post<{ Params: Static<typeof JoinParams>; Body: Static<typeof JoinBody> }>(
    '/api/rooms/:room/join',
    { schema: { params: JoinParams, body: JoinBody }, onRequest, config: { isRoutine: true } },
    async (request, reply) => {
      const answer = services.joinRoom({ room: request.params.room, ...request.body });
      return answer.ok ? answer.value : sendRefusal(reply, answer, 422);
    },
  );
}
