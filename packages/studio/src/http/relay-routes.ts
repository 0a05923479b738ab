import type { FastifyInstance } from 'fastify';
import { type Static, Type } from 'typebox';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

const COUNT = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });
const HeartbeatBody = Type.Object(
  {
    beat: Type.Object(
      {
        id: Type.String({ minLength: 1, maxLength: 32 }),
        host: Type.String({ minLength: 1, maxLength: 253 }),
        port: Type.Integer({ minimum: 1, maximum: 65_535 }),
        atUs: COUNT,
        rooms: COUNT,
        players: COUNT,
      },
      { additionalProperties: false },
    ),
    mac: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  },
  { additionalProperties: false },
);

/** Relays elsewhere say that they live, by their key instead of the operator's token; whoever asks sees which there are. */
export function addRelayRoutes(server: FastifyInstance, services: StudioServices): void {
  server.post<{ Body: Static<typeof HeartbeatBody> }>(
    '/api/relays/heartbeat',
    { schema: { body: HeartbeatBody } },
    async (request, reply) => {
      const answer = services.relays.heartbeat(request.body);
      return answer.ok ? { ok: true } : sendRefusal(reply, answer, 403);
    },
  );
  server.get('/api/relays', async () => ({
    relays: services.relays
      .list()
      .map(({ id, host, port, rooms, players }) => ({ id, host, port, rooms, players })),
  }));
}
