import type { FastifyInstance } from 'fastify';
import { sendPage } from '../economy/send.ts';
import type { StudioServices } from '../services.ts';
import type { ApiDocument } from './api-document.ts';
import { apiPage } from './api-page.ts';

/** The API's own description, for programs and for people. */
export function addOpenApiRoutes(
  server: FastifyInstance,
  { live }: StudioServices,
  document: ApiDocument,
): void {
  server.get('/api/openapi.json', async () => document.asJson(live.current.version));
  server.get('/api/docs', (_request, reply) => sendPage(reply, apiPage()));
}
