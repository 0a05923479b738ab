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
