import { FoundServices } from './found-services.ts';
import type { LanBus } from './lan-bus.ts';

/** Queries are a second apart at first (RFC 6762 §5.2); datagrams get lost. */
const ASK_EVERY_MS = 1_000;

/** Asks on these networks for so long and answers who was heard. */
export async function discoverServices(
  buses: readonly LanBus[],
  forMs: number,
  wait: (ms: number) => Promise<unknown>,
): Promise<FoundServices> {
  const found = new FoundServices();
  for (const bus of buses) bus.onResponse((packet, from) => found.hear(packet, from));
  for (let passedMs = 0; passedMs < forMs; passedMs += ASK_EVERY_MS) {
    // A network without a way for multicast refuses to send; the others may still answer.
    await Promise.allSettled(buses.map((bus) => bus.ask()));
    await wait(Math.min(ASK_EVERY_MS, forMs - passedMs));
  }
  return found;
}
