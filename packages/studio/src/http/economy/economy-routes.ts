import type { Result } from '@jamnet/base';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { operatorOnly, operatorOrAuditor } from '../asker/gates.ts';
import { PageQuery } from '../contracts/pages.ts';
import { pageRequestOf } from '../page-request.ts';
import { sendRefusal } from '../read-routes.ts';
import type { StudioServices } from '../services.ts';
import {
  ClaimBody,
  OrderBody,
  OrderParams,
  OrderRefundBody,
  RateBody,
  ReceiptsBody,
  SeatBody,
  SessionBody,
  TenantParams,
  ValuationBody,
} from './bodies.ts';

/** 5,000 receipts of a kilobyte, and room. */
const RECEIPTS_BYTES_MAX = 8 * 1024 * 1024;
/** A policy with a thousand products. */
export const POLICY_BYTES_MAX = 512 * 1024;

/** The operator's books by HTTP; all but the published policy and what a device signs itself need the token. */
export function addEconomyRoutes(server: FastifyInstance, services: StudioServices): void {
  const { desk } = services;
  const onRequest = operatorOnly;

  server.get('/api/policy', async (_request, reply) => send(reply, await desk.policy(), 404));
  server.post<{ Body: unknown }>(
    '/api/policies',
    { onRequest, bodyLimit: POLICY_BYTES_MAX },
    async (request, reply) => send(reply, await desk.publishPolicy(request.body)),
  );
  server.post('/api/epochs', { onRequest }, async (_request, reply) => send(reply, await desk.openEpoch()));
  server.post<{ Body: ReceiptsBody }>(
    '/api/receipts',
    { schema: { body: ReceiptsBody }, onRequest, bodyLimit: RECEIPTS_BYTES_MAX },
    async (request, reply) => send(reply, await desk.addReceipts(request.body)),
  );
  server.get('/api/rates', { onRequest: operatorOrAuditor }, async (_request, reply) =>
    send(reply, await desk.rates()),
  );
  server.post<{ Body: RateBody }>(
    '/api/rates',
    { schema: { body: RateBody }, onRequest },
    async (request, reply) => send(reply, await desk.addRate(request.body)),
  );
  server.get('/api/valuations', { onRequest: operatorOrAuditor }, async (_request, reply) =>
    send(reply, await desk.valuations()),
  );
  server.post<{ Body: ValuationBody }>(
    '/api/valuations',
    { schema: { body: ValuationBody }, onRequest },
    async (request, reply) => send(reply, await desk.addValuation(request.body)),
  );
  addSeatRoutes(server, services);
  addHardwareRoutes(server, services);
}

function addSeatRoutes(server: FastifyInstance, { desk }: StudioServices): void {
  const onRequest = operatorOnly;
  server.get<{ Params: Static<typeof TenantParams> }>(
    '/api/tenants/:tenant/seats',
    { schema: { params: TenantParams }, onRequest: operatorOrAuditor },
    async (request, reply) => send(reply, await desk.seats(request.params.tenant)),
  );
  server.post<{ Body: SeatBody }>(
    '/api/seats',
    { schema: { body: SeatBody }, onRequest },
    async (request, reply) => send(reply, await desk.addSeat(request.body)),
  );
  server.post<{ Body: SeatBody }>(
    '/api/seats/end',
    { schema: { body: SeatBody }, onRequest },
    async (request, reply) => send(reply, await desk.endSeat(request.body)),
  );
}

function addHardwareRoutes(server: FastifyInstance, { desk }: StudioServices): void {
  const onRequest = operatorOnly;
  server.get<{ Querystring: Static<typeof PageQuery> }>(
    '/api/hardware/orders',
    { schema: { querystring: PageQuery }, onRequest: operatorOrAuditor },
    async ({ query }, reply) => send(reply, await desk.orders(pageRequestOf(query))),
  );
  server.post<{ Body: OrderBody }>(
    '/api/hardware/orders',
    { schema: { body: OrderBody }, onRequest },
    async (request, reply) => send(reply, await desk.placeOrder(request.body)),
  );
  server.post<{ Body: OrderRefundBody }>(
    '/api/hardware/refunds',
    { schema: { body: OrderRefundBody }, onRequest },
    async (request, reply) => send(reply, await desk.refundOrder(request.body)),
  );
  server.post<{ Params: Static<typeof OrderParams> }>(
    '/api/hardware/orders/:order/codes',
    { schema: { params: OrderParams }, onRequest },
    async (request, reply) => send(reply, await desk.reissueCodes(request.params.order)),
  );
  // A device shows by its own signature who it is.
  server.post<{ Body: ClaimBody }>(
    '/api/hardware/claims',
    { schema: { body: ClaimBody } },
    async (request, reply) => send(reply, await desk.claimDevice(request.body)),
  );
  server.post<{ Body: SessionBody }>(
    '/api/hardware/sessions',
    { schema: { body: SessionBody } },
    async (request, reply) => send(reply, await desk.creditFirstSession(request.body)),
  );
}

function send(reply: FastifyReply, answer: Result<unknown>, refusedStatus = 422): unknown {
  return answer.ok ? answer.value : sendRefusal(reply, answer, refusedStatus);
}
