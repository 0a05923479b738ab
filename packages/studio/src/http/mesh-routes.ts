import type { NodeState } from '@jamnet/mesh';
import type { FastifyInstance } from 'fastify';
import type { Static } from 'typebox';
import { healthMetrics } from '../health/health-metrics.ts';
import { METRICS_TYPE } from '../mesh/operator/metrics-text.ts';
import { operatorOnly, operatorOrAuditor } from './asker/gates.ts';
import type { PageQuery } from './contracts/pages.ts';
import { sendAnswer, sendJson } from './economy/send.ts';
import { pageRequestOf } from './page-request.ts';
import type { StudioServices } from './services.ts';

type NodeParams = { readonly Params: { readonly node: string } };

/** The mesh for its operator, and its figures for a monitor: those name nobody, so that a scraper needs no token. */
export function addMeshRoutes(server: FastifyInstance, services: StudioServices): void {
  const { nodes } = services.meshDesk;
  server.get('/api/mesh/status', { onRequest: operatorOrAuditor }, () => services.meshDesk.status());
  server.get<{ Querystring: Static<typeof PageQuery> & { readonly state?: NodeState } }>(
    '/api/mesh/nodes',
    { onRequest: operatorOrAuditor },
    async ({ query }, reply) => {
      const { rows, next } = await nodes.list(pageRequestOf(query), query.state);
      return sendJson(reply, { nodes: rows, next });
    },
  );
  server.get<NodeParams>(
    '/api/mesh/nodes/:node',
    { onRequest: operatorOrAuditor },
    async ({ params }, reply) => sendAnswer(reply, await nodes.show(params.node), 404),
  );
  for (const judgement of ['ban', 'unban'] as const)
    server.post<NodeParams & { readonly Body: { readonly reason: string } }>(
      `/api/mesh/nodes/:node/${judgement}`,
      { onRequest: operatorOnly },
      async ({ params, body }, reply) =>
        sendAnswer(reply, await nodes.judge(judgement, params.node, body.reason)),
    );
  server.get('/metrics', async (_request, reply) => {
    reply.header('content-type', METRICS_TYPE);
    const health = healthMetrics(await services.health.readiness(), process.uptime());
    // While the database is silent the monitor is told just that.
    return health + (await services.meshDesk.metrics().catch(() => ''));
  });
}
