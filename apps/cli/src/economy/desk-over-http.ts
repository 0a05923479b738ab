import type { Result } from '@jamnet/base';
import type { OperatorDesk } from '@jamnet/studio';
import { pageQuery } from './every-page.ts';

/** Asks a running studio; its refusals come back as they were made. */
export type Ask = <T>(method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Result<T>>;

/** The operator's desk of a studio that runs. */
export function deskOverHttp(ask: Ask): OperatorDesk {
  return {
    policy: () => ask('GET', '/api/policy'),
    publishPolicy: (document) => ask('POST', '/api/policies', document),
    openEpoch: () => ask('POST', '/api/epochs'),
    addReceipts: (body) => ask('POST', '/api/receipts', body),
    rates: () => ask('GET', '/api/rates'),
    addRate: (body) => ask('POST', '/api/rates', body),
    valuations: () => ask('GET', '/api/valuations'),
    addValuation: (body) => ask('POST', '/api/valuations', body),
    seats: (tenant) => ask('GET', `/api/tenants/${encodeURIComponent(tenant)}/seats`),
    addSeat: (body) => ask('POST', '/api/seats', body),
    endSeat: (body) => ask('POST', '/api/seats/end', body),
    orders: (page) => ask('GET', `/api/hardware/orders?${pageQuery(page)}`),
    placeOrder: (body) => ask('POST', '/api/hardware/orders', body),
    refundOrder: (body) => ask('POST', '/api/hardware/refunds', body),
    reissueCodes: (order) => ask('POST', `/api/hardware/orders/${encodeURIComponent(order)}/codes`),
    claimDevice: (body) => ask('POST', '/api/hardware/claims', body),
    creditFirstSession: (body) => ask('POST', '/api/hardware/sessions', body),
  };
}
