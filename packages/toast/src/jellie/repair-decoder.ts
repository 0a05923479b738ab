// realtime
import { COPY_OFFSET_MAX } from '../limits.ts';
import { addScaled, coefficient, inverse, scale } from './gf256.ts';

/** Equations that wait for more; the oldest gives way. */
const ROWS = 32;
/** Unknown packets have a column each, by index modulo this. */
const COLUMNS = 128;
/** An equation older than this is forgotten: so all unknowns lie within {@link COLUMNS}. */
const AGE_MAX = COLUMNS - COPY_OFFSET_MAX - 2;

/** What the decoder needs to know of packets that are there already. */
export interface KnownPackets {
  has(index: number): boolean;
  /** Writes the packet's PCM bytes to `target` at 0. */
  bytesInto(index: number, target: Uint8Array): void;
}

/**
 * Sliding-window linear decoder over GF(256) (after RFC 8681 §5): keeps the equations that repair symbols give, in
 * reduced form, and says which missing packets they determine. Allocates in the constructor only.
 */
export class RepairDecoder {
  /** Rows of coefficients and of right sides; a solved packet's bytes lie here at {@link solvedAt}. */
  readonly bytes: Uint8Array;
  /** Bytes of a packet's PCM. */
  readonly blockBytes: number;
  readonly #factors = new Uint8Array(ROWS * COLUMNS);
  /** Sequence of the datagram the row came from, −1 for a free row; and the packet it is solved for. */
  readonly #born = new Float64Array(ROWS).fill(-1);
  readonly #pivot = new Float64Array(ROWS).fill(-1);
  readonly #scratch: Uint8Array;
  #newest = -1;
  #solved = -1;
  #waiting = 0;

  constructor(blockBytes: number) {
    this.blockBytes = blockBytes;
    this.bytes = new Uint8Array(ROWS * blockBytes);
    this.#scratch = new Uint8Array(blockBytes);
  }

  /** Equations kept. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Takes symbol number `symbol` of datagram `sequence`, covering the packets `offsets[0…covered)` back. */
  add(
    sequence: number,
    symbol: number,
    offsets: Uint8Array,
    covered: number,
    source: Uint8Array,
    at: number,
    known: KnownPackets,
  ): void {
    if (sequence < this.#newest - AGE_MAX) return;
    this.#forgetOld(sequence);
    const row = this.#freeRow();
    const start = row * this.blockBytes;
    for (let i = 0; i < this.blockBytes; i++) this.bytes[start + i] = source[at + i] ?? 0;
    for (let column = 0; column < COLUMNS; column++) this.#factors[row * COLUMNS + column] = 0;
    for (let i = 0; i < covered; i++) {
      const index = sequence - (offsets[i] ?? 0);
      const factor = coefficient(sequence, symbol, index);
      if (known.has(index)) {
        known.bytesInto(index, this.#scratch);
        addScaled(this.bytes, start, this.#scratch, 0, this.blockBytes, factor);
      } else this.#factors[row * COLUMNS + (index % COLUMNS)] = factor;
    }
    this.#born[row] = sequence;
    this.#pivot[row] = -1;
    this.#waiting++;
    for (let other = 0; other < ROWS; other++)
      if (other !== row && (this.#pivot[other] ?? -1) >= 0) this.#cancel(row, other);
    this.#settle(row);
  }

  /** A packet became known otherwise: it leaves all equations. */
  learn(index: number, known: KnownPackets): void {
    if (this.#waiting === 0) return;
    let isLoaded = false;
    for (let row = 0; row < ROWS; row++) {
      if ((this.#born[row] ?? -1) < 0) continue;
      const place = row * COLUMNS + (index % COLUMNS);
      const factor = this.#factors[place] ?? 0;
      if (factor === 0) continue;
      if (!isLoaded) known.bytesInto(index, this.#scratch);
      isLoaded = true;
      addScaled(this.bytes, row * this.blockBytes, this.#scratch, 0, this.blockBytes, factor);
      this.#factors[place] = 0;
      if (this.#pivot[row] === index) this.#settle(row);
    }
  }

  /**
   * Index of a packet that an equation now determines, or −1. Its bytes lie at {@link solvedAt} until the next call;
   * the equation is used up.
   */
  takeSolved(): number {
    this.#solved = -1;
    if (this.#waiting === 0) return -1;
    for (let row = 0; row < ROWS; row++) {
      if ((this.#pivot[row] ?? -1) < 0 || !this.#isSingle(row)) continue;
      const index = this.#pivot[row] ?? -1;
      this.#solved = row;
      this.#free(row);
      return index;
    }
    return -1;
  }

  get solvedAt(): number {
    return this.#solved * this.blockBytes;
  }

  #isSingle(row: number): boolean {
    let count = 0;
    for (let column = 0; column < COLUMNS; column++) if (this.#factors[row * COLUMNS + column] !== 0) count++;
    return count === 1;
  }

  /** row −= its factor at the other row's pivot × other row. */
  #cancel(row: number, other: number): void {
    const factor = this.#factors[row * COLUMNS + ((this.#pivot[other] ?? 0) % COLUMNS)] ?? 0;
    if (factor === 0) return;
    addScaled(this.#factors, row * COLUMNS, this.#factors, other * COLUMNS, COLUMNS, factor);
    addScaled(
      this.bytes,
      row * this.blockBytes,
      this.bytes,
      other * this.blockBytes,
      this.blockBytes,
      factor,
    );
  }

  /** Chooses the row's oldest unknown as pivot and takes it out of all others; a row without unknowns goes. */
  #settle(row: number): void {
    const oldest = this.#oldestUnknown(row);
    if (oldest < 0) {
      this.#free(row);
      return;
    }
    const factor = inverse(this.#factors[row * COLUMNS + (oldest % COLUMNS)] ?? 0);
    scale(this.#factors, row * COLUMNS, COLUMNS, factor);
    scale(this.bytes, row * this.blockBytes, this.blockBytes, factor);
    this.#pivot[row] = oldest;
    for (let other = 0; other < ROWS; other++)
      if (other !== row && (this.#born[other] ?? -1) >= 0) this.#cancel(other, row);
  }

  /** All unknowns of a row lie within {@link COLUMNS} packets before the newest datagram. */
  #oldestUnknown(row: number): number {
    for (let index = Math.max(0, this.#newest - COLUMNS + 1); index <= this.#newest; index++)
      if (this.#factors[row * COLUMNS + (index % COLUMNS)] !== 0) return index;
    return -1;
  }

  #forgetOld(sequence: number): void {
    if (sequence > this.#newest) this.#newest = sequence;
    if (this.#waiting === 0) return;
    for (let row = 0; row < ROWS; row++) {
      const born = this.#born[row] ?? -1;
      if (born >= 0 && born < this.#newest - AGE_MAX) this.#free(row);
    }
  }

  #freeRow(): number {
    let oldest = 0;
    for (let row = 0; row < ROWS; row++) {
      if ((this.#born[row] ?? -1) < 0) return row;
      if ((this.#born[row] ?? 0) < (this.#born[oldest] ?? 0)) oldest = row;
    }
    this.#free(oldest);
    return oldest;
  }

  #free(row: number): void {
    if ((this.#born[row] ?? -1) >= 0) this.#waiting--;
    this.#born[row] = -1;
    this.#pivot[row] = -1;
  }
}
