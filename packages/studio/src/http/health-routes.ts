import type { FastifyInstance } from 'fastify';
import type { Readiness } from '../health/health-desk.ts';
import type { StudioServices } from './services.ts';

/** How the studio is: for monitors that count answers, and for people. */
export function addHealthRoutes(server: FastifyInstance, { health }: Pick<StudioServices, 'health'>): void {
  server.get('/api/health', async () => ({ ok: true }));
  server.get('/api/ready', async (_request, reply) => {
    const readiness = await health.readiness();
    reply.header('cache-control', 'no-store');
    if (readiness.state !== 'not-ready') return readiness;
    return reply
      .code(503)
      .type('application/problem+json')
      .send(JSON.stringify({ ...problemOf(readiness), ...readiness }));
  });
  server.get('/api/status', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return health.status();
  });
}

/** RFC 9457 §3.2: the checks stand beside the problem as members of their own. */
function problemOf({ checks }: Readiness): object {
  const failed = checks.filter(({ state }) => state === 'failed');
  const detail = failed.map(({ sentence }) => sentence).join(' ');
  const code = 'not-ready';
  return { type: `urn:jamnet:problem:${code}`, title: 'Not ready', status: 503, code, detail };
}
