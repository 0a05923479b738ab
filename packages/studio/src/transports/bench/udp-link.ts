import { type Chance, seededChance } from '@jamnet/base';
import { openUdpPort, runPorts, type UdpHandler, type UdpPort } from '@jamnet/jambox';
import { DelayQueue } from '@jamnet/sim';
import type { LinkOptions } from './link-options.ts';

const LOOK_EVERY_US = 20_000;
const COUNTS_EVERY_US = 1_000_000;
/** Marks in the queue which way a datagram goes; towards the page its address follows. */
const TO_TARGET = '>';

/** A bad network between one page and one port, for any UDP: whatever QUIC or DTLS send is treated alike, handshakes included. */
export class UdpLink implements UdpHandler {
  readonly counters = { up: 0, down: 0, dropped: 0, overflowed: 0 };
  readonly #options: LinkOptions;
  readonly #chance: Chance;
  readonly #queue = new DelayQueue();
  readonly #front: UdpPort;
  readonly #back: UdpPort;
  readonly #onCounters: () => void;
  #page = '';
  #toldUs = 0;

  static async open(options: LinkOptions, onCounters: () => void): Promise<UdpLink> {
    const front = await openUdpPort({ host: options.host, port: 0 });
    const back = await openUdpPort({ host: options.host, port: 0, remote: options.target });
    return new UdpLink(options, front, back, onCounters);
  }

  private constructor(options: LinkOptions, front: UdpPort, back: UdpPort, onCounters: () => void) {
    this.#options = options;
    this.#chance = seededChance(options.seed);
    this.#front = front;
    this.#back = back;
    this.#onCounters = onCounters;
  }

  get port(): number {
    return this.#front.port;
  }

  run(): Promise<void> {
    return runPorts([this.#front, this.#back], this);
  }

  datagram(nowUs: number, bytes: Uint8Array, from: string, port: UdpPort): void {
    const isUp = port === this.#front;
    if (isUp) {
      this.#page = from;
      this.counters.up++;
    } else this.counters.down++;
    const { fixedMs, jitterMs, loss } = this.#options;
    if (this.#chance.unit() < loss) {
      this.counters.dropped++;
      return;
    }
    const dueUs = nowUs + 1000 * (fixedMs + jitterMs * this.#chance.unit());
    if (!this.#queue.put(dueUs, bytes, isUp ? TO_TARGET : this.#page)) this.counters.overflowed++;
  }

  wake(nowUs: number): number {
    for (let due = this.#queue.take(nowUs); due !== null; due = this.#queue.take(nowUs))
      if (due.to === TO_TARGET) this.#back.send(due.bytes, '');
      else this.#front.send(due.bytes, due.to);
    if (nowUs - this.#toldUs > COUNTS_EVERY_US) {
      this.#toldUs = nowUs;
      this.#onCounters();
    }
    return Math.min(this.#queue.nextUs, nowUs + LOOK_EVERY_US);
  }
}
