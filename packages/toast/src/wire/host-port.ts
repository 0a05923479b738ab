const HOST_PORT = /^(.+):([1-9]\d{0,4})$/;
/** No zeros in front: what one system reads as decimal is octal to another. */
const IPV4 = /^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/;
const IPV6_GROUP = /^[0-9a-f]{1,4}$/;
const IPV6_GROUPS = 8;
/** Where an IPv4 address lies in one of IPv6 (RFC 4291, 2.5.5.2). */
const MAPPED_GROUPS = [0, 0, 0, 0, 0, 0xffff] as const;
/** Groups of IPv6 that name a network: a household or a host has the rest to itself (RFC 6177). */
const NETWORK_GROUPS = 4;
/** Characters of the longest address: eight groups of IPv6 and a port. */
export const HOST_PORT_CHARACTERS_MAX = 45;

/** Whether a text is an IP address and a port that a datagram can go to: no name, no multicast, no broadcast, no port 0. */
export function isHostPort(text: string): boolean {
  const [, host = '', port = ''] = HOST_PORT.exec(text.slice(0, HOST_PORT_CHARACTERS_MAX + 1)) ?? [];
  if (port === '' || Number(port) > 65_535) return false;
  if (IPV4.test(host)) {
    const parts = host.split('.').map(Number);
    const [first = 0] = parts;
    // 0/8 is nobody's, 224/3 is multicast and reserved (RFC 6890).
    return parts.every((part) => part <= 255) && first > 0 && first < 224;
  }
  const groups = ipv6Groups(host);
  if (groups === null || isMapped(groups)) return false;
  const [first = 0] = groups;
  return first < 0xff00 && groups.some((group) => group !== 0);
}

/** Of a text that {@link isHostPort}. */
export function isLoopback(text: string): boolean {
  if (text.startsWith('127.')) return true;
  const groups = ipv6Groups(hostOf(text));
  return groups?.at(-1) === 1 && groups.slice(0, -1).every((group) => group === 0);
}

/**
 * What counts as one place of many addresses `host:port`: an IPv4 address alone, also where it is written as IPv6, of IPv6 its /64,
 * and the host as it stands where it is neither.
 */
export function networkOf(text: string): string {
  const host = hostOf(text);
  const [, v4] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(host) ?? [];
  if (v4 !== undefined) return v4;
  const groups = ipv6Groups(host);
  if (groups === null) return host;
  if (isMapped(groups)) return groups.slice(-2).flatMap(bytesOf).join('.');
  return groups
    .slice(0, NETWORK_GROUPS)
    .map((group) => group.toString(16))
    .join(':');
}

function hostOf(text: string): string {
  return text.slice(0, text.lastIndexOf(':'));
}

function isMapped(groups: readonly number[]): boolean {
  return MAPPED_GROUPS.every((group, i) => groups[i] === group);
}

function bytesOf(group: number): number[] {
  return [group >> 8, group & 255];
}

/** The eight groups, `::` filled up; `null` for what is no IPv6 address of hexadecimal groups in lower case. */
function ipv6Groups(host: string): number[] | null {
  const [head = '', tail, more] = host.split('::');
  if (more !== undefined) return null;
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const absent = IPV6_GROUPS - left.length - right.length;
  if (tail === undefined ? absent !== 0 : absent < 1) return null;
  const groups = [...left, ...new Array<string>(absent).fill('0'), ...right];
  return groups.every((group) => IPV6_GROUP.test(group))
    ? groups.map((group) => Number.parseInt(group, 16))
    : null;
}
