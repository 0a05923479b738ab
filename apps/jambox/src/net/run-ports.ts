import { assert } from '@jamnet/base';
import { DgramPort } from './dgram-port.ts';
import { MmsgPort } from './mmsg-port.ts';
import { runDgramPorts } from './run-dgram-ports.ts';
import { runMmsgPorts } from './run-mmsg-ports.ts';
import type { UdpHandler, UdpPort } from './udp-port.ts';

/**
 * Serves ports of one kind until `wake` answers STOP. The batched kind blocks its thread, so give it a worker of its own; the
 * other one lives on the event loop.
 */
export async function runPorts(ports: readonly UdpPort[], handler: UdpHandler): Promise<void> {
  const batched = ports.filter((port) => port instanceof MmsgPort);
  const evented = ports.filter((port) => port instanceof DgramPort);
  assert(batched.length === ports.length || evented.length === ports.length, 'ports of one kind');
  if (evented.length > 0) await runDgramPorts(evented, handler);
  else runMmsgPorts(batched, handler);
}
