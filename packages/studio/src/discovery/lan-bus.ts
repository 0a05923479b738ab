import { once } from 'node:events';
import { Failure } from '@jamnet/base';
import multicastDns from 'multicast-dns';
import type { HeardPacket } from './found-services.ts';
import { SERVICE_TYPE, type ServiceRecord } from './service-records.ts';

/** Port of multicast DNS (RFC 6762 §3). */
export const MDNS_PORT = 5353;

/** One network of this machine, for multicast DNS. */
export interface LanBus {
  onQuery(hear: (questions: unknown) => void): void;
  onResponse(hear: (packet: HeardPacket, from: string) => void): void;
  /** Resolves when the system has taken the packet; rejects where it cannot be sent. */
  respond(records: readonly ServiceRecord[]): Promise<void>;
  /** Asks who is there. */
  ask(): Promise<void>;
  close(): Promise<void>;
}

/** Opens multicast DNS on the interface with this IPv4 address; a `Failure` `discovery-unavailable` says why it cannot. */
export async function openLanBus(address: string, port: number = MDNS_PORT): Promise<LanBus> {
  // Bound to every address: a socket bound to one hears no multicast on Linux.
  const mdns = multicastDns({ port, interface: address, bind: '0.0.0.0' });
  // What cannot be decoded, and joins that fail when an interface goes: there is nothing to do about either.
  mdns.on('warning', () => undefined);
  // The library tells a port that is taken twice, and only the first is waited for below.
  mdns.on('error', () => undefined);
  try {
    await once(mdns, 'ready');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const help = `Another program may hold UDP port ${port} for itself alone: end it, or give the address by hand.`;
    throw new Failure(
      'discovery-unavailable',
      `Multicast DNS cannot be opened on ${address}: ${why}. ${help}`,
      {
        cause,
      },
    );
  }
  const sent = (send: (done: (error: Error | null) => void) => void): Promise<void> =>
    new Promise((resolve, reject) => send((error) => (error ? reject(error) : resolve())));
  return {
    onQuery: (hear) => void mdns.on('query', (packet) => hear(packet.questions)),
    onResponse: (hear) => void mdns.on('response', (packet, { address: from }) => hear(packet, from)),
    respond: (records) => sent((done) => mdns.respond({ answers: [...records] }, done)),
    ask: () => sent((done) => mdns.query({ questions: [{ name: SERVICE_TYPE, type: 'PTR' }] }, done)),
    close: () => new Promise((resolve) => mdns.destroy(() => resolve())),
  };
}
