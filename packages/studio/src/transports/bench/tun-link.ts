import { type Chance, seededChance } from '@jamnet/base';
import { DelayQueue } from '@jamnet/sim';
import type { LinkShape } from './link-options.ts';

const VERSION_AND_LENGTH = 0x45;
const SOURCE_AT = 12;
const TARGET_AT = 16;
const ADDRESS_BYTES = 4;

/**
 * A bad network below TCP, for both ends on one machine. What is sent to the far address comes out of the TUN device; it goes back in with
 * source and target changed over, so that the machine takes it for somebody else's. Both checksums add the two addresses up and stay right.
 * In order, as the measurements that the goals come from; what one end sent is never overtaken.
 */
export class TunLink {
  readonly counters = { up: 0, down: 0, dropped: 0, overflowed: 0 };
  readonly #shape: LinkShape;
  readonly #chance: Chance;
  readonly #queue = new DelayQueue();
  /** When the last packet of each way is due. */
  readonly #lastUs = { up: 0, down: 0 };
  readonly #serverPort: number;

  constructor(shape: LinkShape & { readonly seed: string }, serverPort: number) {
    this.#shape = shape;
    this.#chance = seededChance(shape.seed);
    this.#serverPort = serverPort;
  }

  /** When the next packet is due; infinite without one. */
  get nextUs(): number {
    return this.#queue.nextUs;
  }

  /** A packet out of the device; it is turned round in place. */
  packet(nowUs: number, bytes: Uint8Array): void {
    if (bytes[0] !== VERSION_AND_LENGTH || bytes.length < 24) return; // IPv6 says that a device is new.
    const way = ((bytes[22] ?? 0) << 8) + (bytes[23] ?? 0) === this.#serverPort ? 'up' : 'down';
    this.counters[way]++;
    const { fixedMs, jitterMs, loss } = this.#shape;
    if (this.#chance.unit() < loss) {
      this.counters.dropped++;
      return;
    }
    turnRound(bytes);
    const dueUs = Math.max(this.#lastUs[way], nowUs + 1000 * (fixedMs + jitterMs * this.#chance.unit()));
    // Equal moments leave the queue in any order, and today's microseconds have no thousandths in a double.
    this.#lastUs[way] = dueUs + 1;
    if (!this.#queue.put(dueUs, bytes, way)) this.counters.overflowed++;
  }

  /** The next packet that is due. */
  take(nowUs: number): Uint8Array | null {
    return this.#queue.take(nowUs)?.bytes ?? null;
  }
}

/** Source becomes target, and target source (RFC 791 §3.1). */
function turnRound(bytes: Uint8Array): void {
  for (let i = 0; i < ADDRESS_BYTES; i++) {
    const source = bytes[SOURCE_AT + i] ?? 0;
    bytes[SOURCE_AT + i] = bytes[TARGET_AT + i] ?? 0;
    bytes[TARGET_AT + i] = source;
  }
}
