import type { RouteOptions } from 'fastify';
import { GATES } from '../asker/gates.ts';
import { type AreaContract, CONTRACTS } from './all.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Null for a route that promises nothing, which its tests refuse. */
    readonly contract?: AreaContract | null;
  }
}

/** The contract of a route; HEAD is what GET promises, without its body. */
export function contractOf({ method, url }: Pick<RouteOptions, 'method' | 'url'>): AreaContract | null {
  for (const each of [method].flat()) {
    const found =
      CONTRACTS.get(`${each} ${url}`) ?? (each === 'HEAD' ? CONTRACTS.get(`GET ${url}`) : undefined);
    if (found !== undefined) return found;
  }
  return null;
}

/** Gives a route what its contract says: schemas it does not name itself, and the gate of its door. */
export function applyContract(route: RouteOptions): void {
  const contract = contractOf(route);
  route.config = { ...route.config, contract };
  if (contract === null) return;
  const { params, query, body } = contract;
  route.schema = {
    ...(params && { params }),
    ...(query && { querystring: query }),
    ...(body && { body }),
    ...route.schema,
  };
  if (contract.isGuardedInside || route.onRequest !== undefined) return;
  const gate = GATES[contract.letsIn];
  if (gate !== undefined) route.onRequest = gate;
}
