import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LiveMetrics, type PlayReport, probeRelay, runPeer } from '@jamnet/jambox';
import { encodeWav } from '@jamnet/jdat';
import { insist } from '../setup/role-processes.ts';

const PACKET_MS = (128 / 48_000) * 1000;
const ENTER_MS = 30_000;

interface Seat {
  readonly joinToken: string;
  readonly roomKeyHex: string;
  readonly relay: { readonly host: string; readonly port: number };
  readonly candidates?: readonly { readonly id: string; readonly host: string; readonly port: number }[];
}

export interface RoomParts {
  readonly directory: string;
  readonly seconds: number;
  readonly apiUrls: readonly string[];
  readonly ask: (method: 'POST', path: string, body: object) => Promise<unknown>;
}

/** What one heard of the other since the last look. */
export interface HeardSince {
  readonly player: string;
  readonly packets: number;
  readonly concealed: number;
  /** Of the other's time in the room, packets that should have come. */
  readonly due: number;
}

/** Two native players over a relay alone, each in a process of its own, as `jamnet play` runs them; one sound goes both ways. */
export class RoleRoom {
  readonly #players: { readonly name: string; metrics: LiveMetrics | null; seen: LiveMetrics | null }[] = [];
  readonly #leaving = new AbortController();
  #reports: Promise<PlayReport[]> = Promise.resolve([]);
  #relay = '';

  /** `host:port` of the relay on which the room opened. */
  get relay(): string {
    return this.#relay;
  }

  async open({ directory, seconds, apiUrls, ask }: RoomParts): Promise<void> {
    const wav = join(directory, 'tone.wav');
    const tone = Float32Array.from({ length: seconds * 48_000 }, (_, i) => 0.3 * Math.sin(i / 17));
    writeFileSync(wav, encodeWav({ sampleRateHz: 48_000, channels: [tone] }, { bitsPerSample: 16 }));
    const playing: Promise<PlayReport>[] = [];
    for (const [n, name] of ['ada', 'ben'].entries()) {
      const seat = await insist(() => this.#enter(name, ask), ENTER_MS);
      this.#relay = `${seat.relay.host}:${seat.relay.port}`;
      const player = { name, metrics: null as LiveMetrics | null, seen: null as LiveMetrics | null };
      this.#players.push(player);
      const options = {
        relay: seat.relay,
        door: new URL('/api/room/where', apiUrls[n]).href,
        ...{ joinToken: seat.joinToken, roomKeyHex: seat.roomKeyHex, room: 'blue', player: name },
        ...{ inputWav: wav, outputDirectory: join(directory, name), packetFrames: 128 as const },
        ...{ redundancyOffsets: [1, 3], startWhenPlayers: 2 },
        consent: { record: false, train: false, strangers: false },
      };
      const onMetrics = (metrics: LiveMetrics): void => {
        player.metrics = metrics;
      };
      playing.push(runPeer(options, { signal: this.#leaving.signal, onMetrics }));
    }
    this.#reports = Promise.all(playing);
    this.#reports.catch(() => undefined);
  }

  /** Whether each hears the other. */
  get isPlaying(): boolean {
    return this.#players.every(({ metrics }) => (metrics?.heard[0]?.packets ?? 0) > 0);
  }

  /** Begins to count anew. */
  look(): HeardSince[] {
    return this.#players.map((player) => {
      const [from, to] = [player.seen, player.metrics];
      player.seen = to;
      const count = (of: 'packets' | 'concealed'): number =>
        (to?.heard[0]?.[of] ?? 0) - (from?.heard[0]?.[of] ?? 0);
      const seconds = (to?.atSeconds ?? 0) - (from?.atSeconds ?? 0);
      return {
        player: player.name,
        packets: count('packets'),
        concealed: count('concealed'),
        due: Math.round((seconds * 1_000) / PACKET_MS),
      };
    });
  }

  /** Both leave; what each played and heard in all. */
  async end(): Promise<PlayReport[]> {
    this.#leaving.abort();
    return this.#reports;
  }

  /** As `jamnet play` does: on the relay that is heard soonest, or where the room lives. */
  async #enter(player: string, ask: RoomParts['ask']): Promise<Seat> {
    const asked = (await ask('POST', '/api/rooms/blue/join', { player })) as Seat;
    const { candidates, joinToken } = asked;
    if (candidates === undefined) return asked;
    const delaysUs: Record<string, number> = {};
    for (const relay of candidates) {
      const tripUs = await probeRelay(relay, joinToken);
      if (tripUs !== null) delaysUs[relay.id] = tripUs;
    }
    return (await ask('POST', '/api/rooms/blue/join', { player, delaysUs })) as Seat;
  }
}
