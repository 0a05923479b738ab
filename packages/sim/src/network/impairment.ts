import { type Chance, seededChance } from '@jamnet/base';
import { bodyOf, decodeControl, decodeHeader, type Header, PACKET_TYPE, peekClaim } from '@jamnet/toast';
import { isDropped } from './link-trace.ts';

/** Extra delay of every audio datagram on the way to a receiver. */
export interface ImpairmentDelay {
  readonly fixedMs: number;
  readonly jitterMs: number;
  /** `uniform`: 0…jitter; `half-normal`: |N(0, jitter)|. Datagrams may overtake each other. */
  readonly distribution: 'uniform' | 'half-normal';
}

export interface ImpairmentOptions {
  /** 1 drops; empty drops nothing. */
  readonly trace: Uint8Array;
  readonly delay?: ImpairmentDelay;
  readonly seed: string;
}

/** Streams remembered by epoch, so that a drop is decided by names: two rooms of 16 players, several joins each. */
const STREAMS_MAX = 512;

export interface ImpairmentCounters {
  up: number;
  down: number;
  dropped: number;
  /** Delayed datagrams that found no place to wait. */
  overflowed: number;
}

/** What one player put on the wire as audio. */
export interface SentAudio {
  datagrams: number;
  bytes: number;
}

/**
 * What the network does to one audio datagram: ms until it goes on, or −1 when it is dropped. Drawn from trace, seed,
 * names and sequence alone, so that a bench can compute afterwards what could have arrived.
 */
export function fateMs(
  options: ImpairmentOptions,
  sender: string,
  receiver: string,
  sequence: number,
): number {
  if (isDropped(options.trace, sender, receiver, sequence)) return -1;
  const delay = options.delay;
  if (delay === undefined) return 0;
  const drawn = seededChance(`${options.seed}/${sender}>${receiver}/${sequence}`);
  return (
    delay.fixedMs +
    delay.jitterMs * (delay.distribution === 'uniform' ? drawn.unit() : Math.abs(normal(drawn)))
  );
}

/** Decides what happens to each datagram between peers and relay; knows neither sockets nor clock. */
export class Impairment {
  readonly counters: ImpairmentCounters = { up: 0, down: 0, dropped: 0, overflowed: 0 };
  /** By player. */
  readonly sentAudio: Record<string, SentAudio> = {};
  readonly #options: ImpairmentOptions;
  readonly #playerByEpoch = new Map<number, string>();
  readonly #playerByClient = new Map<string, string>();

  constructor(options: ImpairmentOptions) {
    this.#options = options;
  }

  /** From a peer towards the relay: always passes; the joins tell who is who. */
  up(client: string, bytes: Uint8Array): void {
    this.counters.up++;
    const header = decodeHeader(bytes);
    if (!header.ok) return;
    if (header.value.type === PACKET_TYPE.control) this.#learn(client, bytes, header.value);
    if (header.value.type === PACKET_TYPE.audio) this.#count(header.value.epoch, bytes.length);
  }

  #count(epoch: number, bytes: number): void {
    const sent = this.sentAudio[this.#playerByEpoch.get(epoch) ?? ''];
    if (sent === undefined) return;
    sent.datagrams++;
    sent.bytes += bytes;
  }

  #learn(client: string, bytes: Uint8Array, header: Header): void {
    const message = decodeControl(bodyOf(bytes, header));
    if (!message.ok || message.value.t !== 'join') return;
    const player = peekClaim(message.value.token)?.player;
    if (player === undefined || this.#playerByEpoch.size >= STREAMS_MAX) return;
    this.#playerByEpoch.set(message.value.epoch, player);
    this.sentAudio[player] ??= { datagrams: 0, bytes: 0 };
    this.#playerByClient.set(client, player);
  }

  /** From the relay towards a peer: ms until it goes on, or −1 when the trace drops it. */
  down(client: string, bytes: Uint8Array): number {
    this.counters.down++;
    const header = decodeHeader(bytes);
    if (!header.ok || header.value.type !== PACKET_TYPE.audio) return 0;
    const sender = this.#playerByEpoch.get(header.value.epoch) ?? `seat ${header.value.stream}`;
    const receiver = this.#playerByClient.get(client) ?? client;
    const ms = fateMs(this.#options, sender, receiver, header.value.sequence);
    if (ms < 0) this.counters.dropped++;
    return ms;
  }
}

/** Box and Muller (1958). */
function normal(chance: Chance): number {
  return Math.sqrt(-2 * Math.log(1 - chance.unit())) * Math.cos(2 * Math.PI * chance.unit());
}
