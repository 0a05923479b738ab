import { localNowUs } from '../local-clock.ts';
import { LINUX, type Libc, loadLibc, nativeMemory } from './libc.ts';
import type { MmsgPort } from './mmsg-port.ts';
import { STOP, type UdpHandler, WAKE_EVERY_US_MAX } from './udp-port.ts';

const POLLFD_BYTES = 8;
/** Sleeping ends this early, and for the rest the sockets are looked at without rest: a wake-up costs 0.05 ms under KVM. */
const SPIN_US = 80;

/**
 * Blocks the calling thread: one wait for "a datagram came or it is time". No timer, no event loop and no hop between
 * threads lies between the network and the handler.
 */
export function runMmsgPorts(ports: readonly MmsgPort[], handler: UdpHandler): void {
  const libc = loadLibc();
  if (libc === null) return;
  const timespecAt = ports.length * POLLFD_BYTES;
  const { view, address } = nativeMemory(timespecAt + 16);
  for (let i = 0; i < ports.length; i++) {
    view.setInt32(i * POLLFD_BYTES, ports[i]?.fd ?? -1, true);
    view.setInt16(i * POLLFD_BYTES + 4, LINUX.pollin, true);
  }
  for (;;) {
    const nowUs = localNowUs();
    const dueUs = handler.wake(nowUs);
    for (let i = 0; i < ports.length; i++) ports[i]?.flush();
    if (dueUs === STOP) return;
    const untilUs = Math.min(dueUs, nowUs + WAKE_EVERY_US_MAX);
    let ready = wait(libc, untilUs - localNowUs() - SPIN_US);
    while (ready === 0 && localNowUs() < untilUs) ready = wait(libc, 0);
    // What came while it was becoming time is read before the handler is woken: it may still be in time.
    if (ready > 0) for (let i = 0; i < ports.length; i++) if (isReadable(i)) ports[i]?.receive(handler);
  }

  /** Answers how many ports can be read, 0 when nothing came for so long. */
  function wait({ ppoll }: Libc, forUs: number): number {
    view.setUint32(timespecAt + 8, forUs > 0 ? Math.floor(forUs * 1000) : 0, true);
    return ppoll(address, ports.length, address + timespecAt, 0);
  }

  function isReadable(i: number): boolean {
    return view.getInt16(i * POLLFD_BYTES + 6, true) !== 0;
  }
}
