import { Failure } from '@jamnet/base';
import type { RelayRun } from './bench-report.ts';
import { LineProcess } from './line-process.ts';

const TOKEN_KEY_HEX = '01'.repeat(32);
const LOAD_ENTRY = new URL('./relay-load-main.ts', import.meta.url);
const REFLECTOR_ENTRY = new URL('./reflector-main.ts', import.meta.url);

export interface RelayBenchOptions {
  /** The relay's process entry (`packages/studio/src/relay/main.ts`). */
  readonly relayEntry: URL;
  readonly seconds: number;
  /** Runs of each load; the one with the middle p99 is told. */
  readonly repeats: number;
  /** Rooms, players of each (a room holds 16), relay processes that share the rooms, and the system calls they use. */
  readonly loads: readonly RelayLoad[];
}

export interface RelayLoad {
  readonly rooms: number;
  readonly players: number;
  readonly processes: number;
  readonly udp: 'mmsg' | 'dgram';
}

/**
 * 14 players in one room are 136,500 packets a second out. A room of 22 there is not: two of 16 make 360,000, which is more
 * than 22 players would (346,500).
 */
export const RELAY_LOADS: readonly RelayLoad[] = [
  { rooms: 1, players: 14, processes: 1, udp: 'dgram' },
  { rooms: 1, players: 14, processes: 1, udp: 'mmsg' },
  { rooms: 2, players: 16, processes: 1, udp: 'mmsg' },
  { rooms: 2, players: 14, processes: 2, udp: 'mmsg' },
];

/** Relays in processes of their own under the load of another one. */
export async function benchRelay(options: RelayBenchOptions): Promise<RelayRun[]> {
  const runs: RelayRun[] = [];
  for (const load of options.loads) {
    const repeated: RelayRun[] = [];
    for (let i = 0; i < options.repeats; i++) repeated.push(await carry(options, load));
    const middle = repeated.toSorted((a, b) => a.addedMsP99 - b.addedMsP99)[options.repeats >> 1];
    if (middle !== undefined) runs.push(middle);
  }
  return runs;
}

async function carry(options: RelayBenchOptions, load: RelayLoad): Promise<RelayRun> {
  const relayed = await through(options, load, false);
  const bare = await through(options, load, true);
  const { deliveredPercent, addedMsP50, addedMsP99, cpuUsPerPacket } = bare;
  return { ...relayed, floor: { deliveredPercent, addedMsP50, addedMsP99, cpuUsPerPacket } };
}

/** The load through relays, or through reflectors in their place. */
async function through(
  options: RelayBenchOptions,
  load: RelayLoad,
  isBare: boolean,
): Promise<Omit<RelayRun, 'floor'>> {
  const { rooms, players, processes, udp } = load;
  const entry = isBare ? REFLECTOR_ENTRY : options.relayEntry;
  const hubs = Array.from(
    { length: processes },
    () => new LineProcess(entry, isBare ? { players, udp } : { tokenKeyHex: TOKEN_KEY_HEX, udp }),
  );
  try {
    const relays: number[] = [];
    for (const hub of hubs) relays.push(Number((await hub.line('listening')).port));
    const order = { relays, rooms, players, seconds: options.seconds, tokenKeyHex: TOKEN_KEY_HEX, isBare };
    const beganMs = performance.now();
    const seen = await new LineProcess(LOAD_ENTRY, order).line('load');
    const tookMs = performance.now() - beganMs;
    const count = { cpuUs: 0, forwarded: 0, stale: 0, received: 0 };
    for (const hub of hubs) {
      if (!isBare) await hub.stop();
      const closed = await hub.line('closed');
      for (const name of Object.keys(count) as (keyof typeof count)[])
        count[name] += Number(closed[name] ?? 0); // its own
    }
    const expected = Number(seen.expected);
    if (expected === 0) throw new Failure('bench-silent', 'The players of the relay bench could not join.');
    return {
      players: rooms * players,
      processes,
      udp,
      packetsPerSecondOut: Math.round(expected / options.seconds),
      deliveredPercent: (100 * Number(seen.delivered)) / expected,
      addedMsP50: Number(seen.p50Ms),
      addedMsP99: Number(seen.p99Ms),
      cpuPercentRelay: count.cpuUs / tookMs / 10,
      cpuUsPerPacket: count.cpuUs / Math.max(1, count.forwarded),
      cpuPercentLoad: Number(seen.cpuPercent),
      stalePercent: (100 * count.stale) / Math.max(1, count.received),
    };
  } finally {
    await Promise.all(hubs.map((hub) => hub.stop()));
  }
}
