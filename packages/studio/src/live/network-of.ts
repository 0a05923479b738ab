import { isIPv6 } from 'node:net';

/** Hextets of an IPv6 address that name its network: a household or a host has the rest to itself (RFC 6177). */
const NETWORK_HEXTETS = 4;

/** What counts as one place of many addresses: an IPv4 address alone, also where it is written as IPv6, of IPv6 its /64. */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(bare)) return bare;
  const [head = '', tail] = bare.toLowerCase().split('::');
  const front = head === '' ? [] : head.split(':');
  const back = tail === undefined || tail === '' ? [] : tail.split(':');
  const left = tail === undefined ? 0 : 8 - front.length - back.length;
  const hextets = [...front, ...new Array<string>(Math.max(0, left)).fill('0'), ...back];
  return hextets
    .slice(0, NETWORK_HEXTETS)
    .map((hextet) => Number.parseInt(hextet, 16).toString(16))
    .join(':');
}
