import { lookup } from 'node:dns/promises';
import { Failure } from '@jamnet/base';
import { DgramPort } from './dgram-port.ts';
import { loadLibc } from './libc.ts';
import { MmsgPort } from './mmsg-port.ts';
import type { UdpPort, UdpPortOptions } from './udp-port.ts';

export type UdpPortKind = UdpPort['kind'];

/** The batched port where the system has it, else dgram; `kind` insists on one. */
export async function openUdpPort(options: UdpPortOptions, kind?: UdpPortKind): Promise<UdpPort> {
  const libc = kind === 'dgram' ? null : loadLibc();
  if (libc !== null) return new MmsgPort(libc, options);
  if (kind === 'mmsg')
    throw new Failure('mmsg-unavailable', 'Batched system calls need 64-bit Linux with glibc: use "dgram".');
  return await DgramPort.open(options);
}

/** A port that talks to one other end only. */
export async function openPortTo(
  remote: { readonly host: string; readonly port: number },
  kind?: UdpPortKind,
): Promise<UdpPort> {
  const { address, family } = await lookup(remote.host, { order: 'ipv4first' }).catch((cause: unknown) => {
    const message = `No way to ${remote.host}:${remote.port}: check the relay's address.`;
    throw new Failure('relay-unreachable', message, { cause });
  });
  const to = { host: address, port: remote.port };
  return await openUdpPort({ host: family === 6 ? '::' : '0.0.0.0', port: 0, remote: to }, kind);
}
