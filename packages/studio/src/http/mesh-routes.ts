import type { FastifyInstance } from 'fastify';
import { METRICS_TYPE } from '../mesh/operator/metrics-text.ts';
import { operatorOrAuditor } from './asker/gates.ts';
import type { StudioServices } from './services.ts';

/** The mesh for its operator, and its figures for a monitor: those name nobody, so that a scraper needs no token. */
export function addMeshRoutes(server: FastifyInstance, services: StudioServices): void {
  server.get('/api/mesh/status', { onRequest: operatorOrAuditor }, () => services.meshDesk.status());
  server.get('/metrics', async (_request, reply) => {
    reply.header('content-type', METRICS_TYPE);
    return services.meshDesk.metrics();
  });
}
