import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { memberOf } from './asker/asker.ts';
import { freshOnly, membersOnly } from './asker/gates.ts';
import { sendJson } from './economy/send.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const Amount = Type.String({ pattern: '^[0-9]{1,30}$' });
const EraseBody = Type.Object(
  { name: Type.String({ maxLength: 64 }), balanceMicroJam: Amount, payableCents: Amount },
  { additionalProperties: false },
);

/** The way out: what would be given up, and the erasing of all that is kept about whoever is signed in. */
export function addErasureRoutes(scope: FastifyInstance, { eraser }: StudioServices): void {
  scope.get('/api/account/erasure', { onRequest: membersOnly }, async (request, reply) =>
    sendJson(reply, await eraser.look(memberOf(request))),
  );
  scope.post<{ Body: Static<typeof EraseBody> }>(
    '/api/account/erase',
    { schema: { body: EraseBody }, onRequest: [membersOnly, freshOnly] },
    async (request, reply) => {
      const erased = await eraser.erase(memberOf(request), request.body);
      return erased.ok ? { ok: true } : sendRefusal(reply, erased, 409);
    },
  );
}
