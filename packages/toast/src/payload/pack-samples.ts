// realtime
import { PACKET_FRAMES_MAX } from '../limits.ts';

/**
 * Lossless packing of one packet after Robinson, "SHORTEN" (1994): the best of five fixed polynomial predictors, its
 * residuals in Rice code. The bits are laid out in SPEC.md §4.
 */
const ORDER_MAX = 4;
const RICE_MAX = 22;
/** A residual whose unary part would be longer is written whole behind this many ones. */
const ESCAPE = 24;
const HEADER_BYTES = 2;

/** Packs and unpacks packets; one per stream end, since it keeps its working space. */
export class SamplePacker {
  readonly #residual = new Int32Array(PACKET_FRAMES_MAX);
  readonly #previous = new Int32Array(PACKET_FRAMES_MAX);
  readonly #best = new Int32Array(PACKET_FRAMES_MAX);
  #bytes: Uint8Array = new Uint8Array(0);
  /** Next bit and the first bit behind the room. */
  #bit = 0;
  #end = 0;

  /**
   * Writes the packed packet to `target` at `at` and answers its bytes, or 0 when it would need more than `most`.
   * Samples are signed integers of `sampleBytes` bytes.
   */
  pack(
    samples: Int32Array,
    samplesAt: number,
    frames: number,
    sampleBytes: number,
    target: Uint8Array,
    at: number,
    most: number,
  ): number {
    const order = this.#choosePredictor(samples, samplesAt, frames);
    const rice = this.#chooseRice(order, frames);
    if (most < HEADER_BYTES) return 0;
    target[at] = order;
    target[at + 1] = rice;
    this.#open(target, at + HEADER_BYTES, most - HEADER_BYTES);
    const whole = 8 * sampleBytes;
    for (let i = 0; i < frames; i++) {
      const fits =
        i < order
          ? this.#write(samples[samplesAt + i] ?? 0, whole)
          : this.#writeRice(zigzag(this.#best[i] ?? 0), rice, whole);
      if (!fits) return 0;
    }
    return HEADER_BYTES + ((this.#bit - 8 * (at + HEADER_BYTES) + 7) >> 3);
  }

  /** Reads a packed packet of `bytes` bytes; false, with `target` undefined, when it is none. */
  unpack(
    source: Uint8Array,
    at: number,
    bytes: number,
    sampleBytes: number,
    target: Int32Array,
    targetAt: number,
    frames: number,
  ): boolean {
    const order = source[at] ?? 255;
    const rice = source[at + 1] ?? 255;
    if (bytes < HEADER_BYTES || order > ORDER_MAX || rice > RICE_MAX || order > frames) return false;
    this.#open(source, at + HEADER_BYTES, bytes - HEADER_BYTES);
    const whole = 8 * sampleBytes;
    const limit = 2 ** (whole - 1);
    for (let i = 0; i < frames; i++) {
      const coded = i < order ? this.#read(whole) : this.#readRice(rice, whole);
      if (coded < 0) return false;
      const to = targetAt + i;
      const value =
        i < order
          ? coded >= limit
            ? coded - 2 * limit
            : coded
          : unzigzag(coded) + predict(target, to, order);
      if (value < -limit || value >= limit) return false;
      target[to] = value;
    }
    return true;
  }

  /** Leaves the residuals of the predictor with the least sum in `#best` and answers its order. */
  #choosePredictor(samples: Int32Array, samplesAt: number, frames: number): number {
    let bestOrder = 0;
    let bestSum = Number.POSITIVE_INFINITY;
    for (let i = 0; i < frames; i++) this.#residual[i] = samples[samplesAt + i] ?? 0;
    for (let order = 0; order <= ORDER_MAX && order < frames; order++) {
      if (order > 0) this.#difference(order, frames);
      let sum = 0;
      for (let i = ORDER_MAX; i < frames; i++) sum += Math.abs(this.#residual[i] ?? 0);
      if (sum >= bestSum) continue;
      bestSum = sum;
      bestOrder = order;
      for (let i = 0; i < frames; i++) this.#best[i] = this.#residual[i] ?? 0;
    }
    return bestOrder;
  }

  #difference(order: number, frames: number): void {
    for (let i = 0; i < frames; i++) this.#previous[i] = this.#residual[i] ?? 0;
    for (let i = order; i < frames; i++)
      this.#residual[i] = (this.#previous[i] ?? 0) - (this.#previous[i - 1] ?? 0);
  }

  /** k with 2ᵏ nearest the mean of what is coded (Rice 1979). */
  #chooseRice(order: number, frames: number): number {
    let sum = 0;
    for (let i = order; i < frames; i++) sum += zigzag(this.#best[i] ?? 0);
    const mean = sum / Math.max(1, frames - order);
    let rice = 0;
    while (rice < RICE_MAX && 2 ** (rice + 1) < mean + 1) rice++;
    return rice;
  }

  #open(bytes: Uint8Array, at: number, length: number): void {
    this.#bytes = bytes;
    this.#bit = 8 * at;
    this.#end = 8 * (at + length);
  }

  #writeRice(value: number, rice: number, whole: number): boolean {
    const ones = Math.floor(value / 2 ** rice);
    // Residuals of order 4 need up to four bits more than a sample, and one for the sign.
    if (ones >= ESCAPE) return this.#writeOnes(ESCAPE) && this.#write(value, whole + 5);
    return this.#writeOnes(ones) && this.#write(0, 1) && this.#write(value, rice);
  }

  #writeOnes(count: number): boolean {
    for (let i = 0; i < count; i++) if (!this.#write(1, 1)) return false;
    return true;
  }

  /** The low `bits` of `value`, highest first. */
  #write(value: number, bits: number): boolean {
    if (this.#bit + bits > this.#end) return false;
    for (let i = bits - 1; i >= 0; i--) {
      const at = this.#bit >> 3;
      const mask = 128 >> (this.#bit & 7);
      const old = (this.#bit & 7) === 0 ? 0 : (this.#bytes[at] ?? 0);
      this.#bytes[at] = (value >>> i) & 1 ? old | mask : old;
      this.#bit++;
    }
    return true;
  }

  #readRice(rice: number, whole: number): number {
    let ones = 0;
    while (ones < ESCAPE) {
      const bit = this.#read(1);
      if (bit < 0) return -1;
      if (bit === 0) break;
      ones++;
    }
    if (ones === ESCAPE) return this.#read(whole + 5);
    const low = this.#read(rice);
    return low < 0 ? -1 : ones * 2 ** rice + low;
  }

  /** The next `bits`, at most 29, or −1 at the end. */
  #read(bits: number): number {
    if (this.#bit + bits > this.#end) return -1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      value = (value << 1) | (((this.#bytes[this.#bit >> 3] ?? 0) >> (7 - (this.#bit & 7))) & 1);
      this.#bit++;
    }
    return value;
  }
}

/** Signs fold into the lowest bit: 0, −1, 1, −2, … become 0, 1, 2, 3, … */
function zigzag(value: number): number {
  return value >= 0 ? 2 * value : -2 * value - 1;
}

function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}

/** The polynomial through the last `order` samples, carried on by one. */
function predict(x: Int32Array, at: number, order: number): number {
  const a = x[at - 1] ?? 0;
  const b = x[at - 2] ?? 0;
  const c = x[at - 3] ?? 0;
  if (order === 0) return 0;
  if (order === 1) return a;
  if (order === 2) return 2 * a - b;
  if (order === 3) return 3 * a - 3 * b + c;
  return 4 * a - 6 * b + 4 * c - (x[at - 4] ?? 0);
}
