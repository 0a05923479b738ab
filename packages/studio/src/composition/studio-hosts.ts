import { isIPv6 } from 'node:net';
import type { StudioConfig } from '../config/studio-config.ts';
import type { FrontAddress } from '../http/front.ts';
import type { HomeHosts } from './home-relays.ts';

/** Which of its addresses a studio uses for what. */
export interface StudioHosts {
  /** The plain HTTP side, which this machine itself asks. */
  readonly plain: { readonly host: string; readonly port: number };
  /** Where others come in; null where that is the plain side too. */
  readonly front: FrontAddress | null;
  /** Where the studio reaches its own processes. */
  readonly near: string;
  readonly relays: HomeHosts;
}

const ALL = ['0.0.0.0', '::'];
const LOOPBACK = ['127.0.0.1', '::1'];

/** Behind a proxy datagrams still come straight to this machine, for no proxy passes them on: on all its addresses. */
export function studioHosts({
  host: given,
  port,
  exposure,
}: Pick<StudioConfig, 'host' | 'port' | 'exposure'>): StudioHosts {
  // Datagrams need an address, not a name.
  const host = given === 'localhost' ? '127.0.0.1' : given;
  const home = isIPv6(host) ? '::1' : '127.0.0.1';
  const isBehind = exposure !== null && exposure.tls === null;
  const bind = isBehind ? (isIPv6(host) ? '::' : '0.0.0.0') : host;
  const near = ALL.includes(bind) ? home : bind;
  // What listens on one address of a network alone is not to be had on loopback.
  const isAtHome = isBehind ? [...ALL, ...LOOPBACK].includes(host) : exposure === null;
  return {
    plain: isAtHome ? { host, port } : { host: home, port: 0 },
    front: isAtHome ? null : { host, port },
    near: exposure === null ? host : home,
    relays: { bind, near, told: exposure?.hostname ?? host },
  };
}
