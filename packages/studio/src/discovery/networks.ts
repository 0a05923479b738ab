import type { NetworkInterfaceInfo } from 'node:os';
import { isLoopback } from './lan-service.ts';

/** Networks on which one program announces or asks; a machine with more is a router. */
export const NETWORKS_MAX = 8;

type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** The first IPv4 address of each interface, as `os.networkInterfaces()` tells them. */
export function ownNetworks(interfaces: Interfaces): string[] {
  const firsts = Object.values(interfaces).flatMap((infos) => {
    const first = infos?.find(({ family }) => family === 'IPv4');
    return first === undefined ? [] : [first.address];
  });
  return firsts.slice(0, NETWORKS_MAX);
}

/** The networks on which an address is of use: loopback on loopback, one of ours on its own, another one (behind a NAT) on all but loopback. */
export function networksFor(address: string, own: readonly string[]): string[] {
  if (isLoopback(address)) return own.filter(isLoopback);
  return own.includes(address) ? [address] : own.filter((one) => !isLoopback(one));
}
