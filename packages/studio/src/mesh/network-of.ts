import { isIPv4, isIPv6 } from 'node:net';

/** IPv4 in the form of IPv6, as a socket that takes both says it (RFC 4291 §2.5.5.2). */
const MAPPED = /^::ffff:(?=[0-9]+\.)/i;

/**
 * The network that an address is in: /24 of IPv4, /48 of IPv6, the smallest that go to one customer. `null` for this machine
 * itself, where a proxy may stand before any number of networks, and for what is no address.
 */
export function networkOf(remoteAddress: string | undefined): string | null {
  const address = remoteAddress?.replace(MAPPED, '').split('%')[0] ?? '';
  if (isIPv4(address)) {
    const [a, b, c] = address.split('.');
    return a === '127' ? null : `${a}.${b}.${c}.0/24`;
  }
  if (!isIPv6(address)) return null;
  const groups = firstGroups(address, 8);
  if (groups.slice(0, 7).every((group) => group === 0)) return null; // ::1 and ::
  return `${groups
    .slice(0, 3)
    .map((group) => group.toString(16))
    .join(':')}::/48`;
}

/** Groups of 16 bits, those that `::` stands for filled in. */
function firstGroups(address: string, count: number): number[] {
  const [left = '', right] = address
    .split('::')
    .map((side) => side.split(':').filter((group) => group !== '')) as [string[], string[]?];
  const filled = right === undefined ? [] : Array(count - left.length - right.length).fill('0');
  return [...left, ...filled, ...(right ?? [])].map((group) => Number.parseInt(group, 16));
}
