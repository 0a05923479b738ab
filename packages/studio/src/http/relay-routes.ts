import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { HeartbeatBody } from '../relay/directory/bus-directory.ts';
import { sendRefusal } from './read-routes.ts';
import type { StudioServices } from './services.ts';

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
