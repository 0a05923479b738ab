import { isIPv6 } from 'node:net';
import type { StudioConfig } from '../config/studio-config.ts';
import type { HomeHosts } from './home-relays.ts';

/** Which of its addresses a studio uses for what. */
export interface StudioHosts {
  /** The plain HTTP side: the whole of it without exposure or behind a proxy, an inner one where TLS ends here. */
  readonly plain: { readonly host: string; readonly port: number };
  /** Where the studio reaches its own processes. */
  readonly near: string;
  readonly relays: HomeHosts;
}

const ALL = ['0.0.0.0', '::'];

/** Behind a proxy datagrams still come straight to this machine, for no proxy passes them on: on all its addresses. */
export function studioHosts({ host, port, exposure }: StudioConfig): StudioHosts {
  const home = isIPv6(host) ? '::1' : '127.0.0.1';
  const isBehind = exposure !== null && exposure.tls === null;
  const bind = isBehind ? (isIPv6(host) ? '::' : '0.0.0.0') : host;
  const near = ALL.includes(bind) ? home : bind;
  return {
    plain: exposure?.tls == null ? { host, port } : { host: home, port: 0 },
    near: exposure === null ? host : home,
    relays: { bind, near, told: exposure?.hostname ?? host },
  };
}
