import type { FastifyInstance } from 'fastify';
import type { StudioServices } from '../services.ts';
import type { ApiDocument } from './api-document.ts';

/** The API's own description, for people and programs. */
export function addOpenApiRoutes(
  server: FastifyInstance,
  { live }: StudioServices,
  document: ApiDocument,
): void {
  server.get('/api/openapi.json', async () => document.asJson(live.current.version));
}
