import { Failure } from '@jamnet/base';
import type { RelayRun } from './bench-report.ts';
import { LineProcess } from './line-process.ts';

const TOKEN_KEY_HEX = '01'.repeat(32);
const LOAD_ENTRY = new URL('./relay-load-main.ts', import.meta.url);

export interface RelayBenchOptions {
  /** The relay's process entry (`packages/studio/src/relay/main.ts`). */
  readonly relayEntry: URL;
  readonly seconds: number;
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
  for (const load of options.loads) runs.push(await carry(options, load));
  return runs;
}

async function carry(options: RelayBenchOptions, load: RelayLoad): Promise<RelayRun> {
  const relays = Array.from(
    { length: load.processes },
    () => new LineProcess(options.relayEntry, { tokenKeyHex: TOKEN_KEY_HEX, udp: load.udp }),
  );
  try {
    const ports: number[] = [];
    for (const relay of relays) ports.push(Number((await relay.line('listening')).port));
    const { rooms, players } = load;
    const generator = new LineProcess(LOAD_ENTRY, {
      relays: ports,
      rooms,
      players,
      seconds: options.seconds,
      tokenKeyHex: TOKEN_KEY_HEX,
    });
    const seen = await generator.line('load');
    let cpuPercentRelay = 0;
    for (const relay of relays) {
      await relay.stop();
      cpuPercentRelay += Number((await relay.line('closed')).cpuPercent);
    }
    const expected = Number(seen.expected);
    if (expected === 0) throw new Failure('bench-silent', 'The players of the relay bench could not join.');
    return {
      players: rooms * players,
      processes: load.processes,
      udp: load.udp,
      packetsPerSecondOut: Math.round(expected / options.seconds),
      deliveredPercent: (100 * Number(seen.delivered)) / expected,
      addedMsP50: Number(seen.p50Ms),
      addedMsP99: Number(seen.p99Ms),
      cpuPercentRelay,
    };
  } finally {
    await Promise.all(relays.map((relay) => relay.stop()));
  }
}
