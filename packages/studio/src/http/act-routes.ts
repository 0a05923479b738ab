import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { ACTS_PER_PAGE } from '../acts/act-log.ts';
import { operatorOrAuditor } from './asker/gates.ts';
import { sendJson } from './economy/send.ts';
import type { StudioServices } from './services.ts';

const ActQuery = Type.Object(
  {
    before: Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,17}$' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: ACTS_PER_PAGE })),
  },
  { additionalProperties: false },
);

/** What operators and curators did, newest first. */
export function addActRoutes(server: FastifyInstance, { acts }: StudioServices): void {
  server.get<{ Querystring: Static<typeof ActQuery> }>(
    '/api/acts',
    { schema: { querystring: ActQuery }, onRequest: operatorOrAuditor },
    async ({ query: { before, limit } }, reply) =>
      sendJson(reply, { acts: await acts.list(before === undefined ? null : BigInt(before), limit) }),
  );
}
