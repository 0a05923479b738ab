import { isIPv4, isIPv6 } from 'node:net';
import { assert } from '@jamnet/base';
import { LINUX, type NativeMemory } from './libc.ts';

/** `sockaddr_in` has 16 bytes, `sockaddr_in6` 28: each slot has room for both (ip(7), ipv6(7)). */
export const ADDRESS_SLOT_BYTES = 32;
const IN_BYTES = 16;
const IN6_BYTES = 28;

/** Writes `host` (an IP address) and `port` at `at` and answers the structure's length. */
export function writeSocketAddress(memory: NativeMemory, at: number, host: string, port: number): number {
  const { bytes, view } = memory;
  bytes.fill(0, at, at + ADDRESS_SLOT_BYTES);
  view.setUint16(at + 2, port);
  if (isIPv6(host)) {
    view.setUint16(at, LINUX.afInet6, true);
    groupsOf(host).forEach((group, i) => {
      view.setUint16(at + 8 + 2 * i, group);
    });
    return IN6_BYTES;
  }
  assert(isIPv4(host), 'a socket address is of an IP address');
  view.setUint16(at, LINUX.afInet, true);
  host.split('.').forEach((part, i) => {
    bytes[at + 4 + i] = Number(part);
  });
  return IN_BYTES;
}

/** `host:port` as {@link writeSocketAddress} takes it apart again; an IPv4 address is spelled as one, whichever socket it came to. */
export function readSocketAddress(memory: NativeMemory, at: number): string {
  const { bytes, view } = memory;
  const port = view.getUint16(at + 2);
  const v4 = ipv4At(memory, at);
  if (v4 >= 0) return `${bytes[v4]}.${bytes[v4 + 1]}.${bytes[v4 + 2]}.${bytes[v4 + 3]}:${port}`;
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(at + 8 + 2 * i).toString(16));
  return `${groups.join(':')}:${port}`;
}

/** A number that says IPv4 address and port, to look a known source up without making a text; −1 for IPv6. */
export function addressKey(memory: NativeMemory, at: number): number {
  const v4 = ipv4At(memory, at);
  return v4 < 0 ? -1 : memory.view.getUint32(v4) * 65_536 + memory.view.getUint16(at + 2);
}

/**
 * Where the four bytes of an IPv4 address lie; −1 for IPv6. A socket of IPv6 shows hosts of IPv4 within `::ffff:0:0/96` (RFC 4291,
 * 2.5.5.2), and takes them as `sockaddr_in` to send to.
 */
function ipv4At({ view }: NativeMemory, at: number): number {
  if (view.getUint16(at, true) === LINUX.afInet) return at + 4;
  const isMapped =
    view.getUint32(at + 8) === 0 && view.getUint32(at + 12) === 0 && view.getUint32(at + 16) === 0xffff;
  return isMapped ? at + 20 : -1;
}

const MAPPED = '::ffff:';

/** An address as Node's sockets of IPv6 tell it: one of IPv4 without what it lies in. */
export function unmapped(host: string): string {
  return host.startsWith(MAPPED) && isIPv4(host.slice(MAPPED.length)) ? host.slice(MAPPED.length) : host;
}

/** An address as Node's sockets of IPv6 want it. */
export function mapped(host: string): string {
  return isIPv4(host) ? `${MAPPED}${host}` : host;
}

export function splitHostPort(text: string): { readonly host: string; readonly port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon), port: Number(text.slice(colon + 1)) };
}

/** An IP address and a port in the spelling in which a port of that kind says where datagrams come from. */
export function spellAddress(kind: 'mmsg' | 'dgram', host: string, port: number): string {
  if (!isIPv6(host)) return `${host}:${port}`;
  if (kind === 'mmsg')
    return `${groupsOf(host)
      .map((group) => group.toString(16))
      .join(':')}:${port}`;
  // The system spells as RFC 5952 says, and so does the URL standard.
  return `${new URL(`http://[${host}]`).hostname.slice(1, -1)}:${port}`;
}

/** The eight groups of an IPv6 address, `::` filled up; an IPv4 tail and a zone are not for us. */
function groupsOf(host: string): number[] {
  assert(!host.includes('.'), 'an IPv6 address is written in groups');
  const [head = '', tail] = (host.split('%')[0] ?? '').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = new Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  return [...left, ...zeros, ...right].map((group) => Number.parseInt(group, 16));
}
