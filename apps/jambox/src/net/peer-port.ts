import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { Failure } from '@jamnet/base';
import { openUdpPort, type UdpPortKind } from './open-udp-port.ts';
import { spellAddress } from './socket-address.ts';
import type { UdpPort } from './udp-port.ts';

/** A peer's port, and how its relay is spelled there. */
export interface PeerPort {
  readonly port: UdpPort;
  /** As datagrams of the relay come in and are sent; empty where the port is connected to it and hears nobody else. */
  readonly relayAddress: string;
  /** This machine's own addresses with the port's number, as other members on its networks reach it; empty when connected. */
  readonly ownAddresses: readonly string[];
}

export interface PeerPortOptions {
  readonly relay: { readonly host: string; readonly port: number };
  readonly kind?: UdpPortKind;
  /** Members may be reached straight: the port takes datagrams from anywhere, and the session says which count. */
  readonly isDirect: boolean;
  /** The room may move to another relay: the port is not bound to one. */
  readonly mayMove?: boolean;
}

export async function openPeerPort({ relay, kind, isDirect, mayMove }: PeerPortOptions): Promise<PeerPort> {
  const { address, family } = await lookup(relay.host, { order: 'ipv4first' }).catch((cause: unknown) => {
    const message = `No way to ${relay.host}:${relay.port}: check the relay's address.`;
    throw new Failure('relay-unreachable', message, { cause });
  });
  const any = { host: family === 6 ? '::' : '0.0.0.0', port: 0 };
  if (!isDirect && mayMove !== true) {
    const port = await openUdpPort({ ...any, remote: { host: address, port: relay.port } }, kind);
    return { port, relayAddress: '', ownAddresses: [] };
  }
  const port = await openUdpPort(any, kind);
  const relayAddress = spellAddress(port.kind, address, relay.port);
  const hosts = ownHosts(family === 6 ? 6 : 4, isLoopbackHost(address));
  return { port, relayAddress, ownAddresses: hosts.map((host) => spellAddress(port.kind, host, port.port)) };
}

/** Of the networks that this machine is in; loopback only for a peer whose relay runs on this very machine. */
function ownHosts(family: 4 | 6, isAllHere: boolean): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(
      ({ address, internal }) => isIP(address) === family && internal === isAllHere && !isLinkLocal(address),
    )
    .map(({ address }) => address);
}

function isLoopbackHost(host: string): boolean {
  return host.startsWith('127.') || host === '::1';
}

/** Means nothing without the name of an interface. */
function isLinkLocal(host: string): boolean {
  return host.startsWith('169.254.') || host.startsWith('fe80:');
}
