import { openNatsBus } from '@jamnet/bus';
import { natsServerProgram, startNatsServer } from '@jamnet/bus/testing';
import { runChild } from '../processes/child-program.ts';
import { bottleneckOf, type Spent, watch } from './processor-time.ts';

/** As many as are published before the server must have taken them: what nobody waits for would only fill memory. */
const FLUSH_EVERY = 500;
const EVENT_BYTES = 256;
const SUBJECT = 'bench.events';

export interface BusFigures {
  readonly events: number;
  readonly eventBytes: number;
  readonly perSecond: number;
  readonly spent: readonly Spent[];
  readonly bottleneck: string | null;
}

/** Events from this process through a NATS server of its own to a third one; `null` where the machine has no `nats-server`. */
export async function benchBus(events: number): Promise<BusFigures | null> {
  const program = natsServerProgram();
  if (program === null) return null;
  const server = await startNatsServer(program);
  const bus = await openNatsBus(server.url, 'bench-giver');
  let listening = (_: number): void => {};
  let done = (): void => {};
  const pid = new Promise<number>((resolve) => {
    listening = resolve;
  });
  const allTaken = new Promise<void>((resolve) => {
    done = resolve;
  });
  const taker = runChild({
    entry: new URL('./bus-taker-main.ts', import.meta.url),
    options: { url: server.url, subject: SUBJECT, events },
    onLine: (line) => {
      // JSON lines of our own program.
      const said = line as { pid?: number; taken?: number };
      if (said.pid !== undefined) listening(said.pid);
      if (said.taken !== undefined) done();
    },
  });
  try {
    const takerPid = await Promise.race([pid, taker.ended.then(() => 0)]);
    const stop = watch([
      { name: 'the publisher', pid: process.pid },
      { name: 'nats-server', pid: server.pid },
      { name: 'the subscriber', pid: takerPid },
    ]);
    const startedMs = performance.now();
    const bytes = new Uint8Array(EVENT_BYTES);
    for (let n = 0; n < events; n++) {
      bus.publish(SUBJECT, bytes);
      if (n % FLUSH_EVERY === FLUSH_EVERY - 1) await bus.flush();
    }
    await Promise.race([allTaken, taker.ended]);
    const seconds = (performance.now() - startedMs) / 1000;
    const spent = stop(events);
    return {
      events,
      eventBytes: EVENT_BYTES,
      perSecond: Math.round(events / seconds),
      spent,
      bottleneck: bottleneckOf('an event', spent),
    };
  } finally {
    await bus.close();
    await taker.stop();
    await server.stop();
  }
}
