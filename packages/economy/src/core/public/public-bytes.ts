import { encodeUtf8 } from '@jamnet/base';
import { type EpochShares, headOf } from '../epoch/epoch-shares.ts';
import { HALF } from '../money/share-units.ts';
import { type PublicHead, splitDocument } from './public-epoch.ts';

/** Bytes of one piece; no single write is near it. */
const PIECE_BYTES = 1 << 20;
/** A row's own members and the longest share stay below this. */
const MARGIN_BYTES = 1_024;

/**
 * The canonical JSON of a public epoch as bytes, piece by piece, straight from its columns: byte for byte what
 * `publicEpochPieces` writes, an epoch with millions of shares in a second. A piece is the reader's to keep.
 */
export function* publicBytes(head: PublicHead, epoch: EpochShares): Generator<Uint8Array> {
  const [before, after] = splitDocument(head);
  yield encodeUtf8(before);
  const { payees } = epoch.shares;
  const out = new Ascii(payees.map((payee) => `{"payee":"${payee}","weight":"`));
  for (let row = 0; row < epoch.rowCount; row++) {
    const { kind, netMicroCents, rowId, rule } = headOf(epoch.rows, row);
    out.text(
      `${row === 0 ? '' : ','}{"kind":"${kind}","netMicroCents":"${netMicroCents}","rowId":"${rowId}","rule":"${rule}","shares":[`,
    );
    const end = epoch.rowEnd(row);
    for (let k = epoch.rowStart(row); k < end; ) {
      if (out.full) yield out.take();
      if (k > epoch.rowStart(row)) out.text(',');
      const payee = epoch.payeeAt(k);
      let upper = 0;
      let lower = 0;
      for (; k < end && epoch.payeeAt(k) === payee; k++) {
        upper += epoch.highAt(k);
        lower += epoch.lowAt(k);
        if (lower < HALF) continue;
        upper++;
        lower -= HALF;
      }
      out.opening(payee);
      out.amount(upper, lower);
      out.text('"}');
    }
    out.text(']}');
    if (out.full) yield out.take();
  }
  yield out.take();
  yield encodeUtf8(after);
}

/** Room for one piece of plain ASCII behind the openings of all payees' shares, which are copied natively within it. */
class Ascii {
  readonly #room: Uint8Array;
  readonly #openings: Uint32Array;
  readonly #start: number;
  #length: number;

  constructor(openings: readonly string[]) {
    this.#openings = new Uint32Array(openings.length + 1);
    let length = 0;
    openings.forEach((opening, number) => {
      length += opening.length;
      this.#openings[number + 1] = length;
    });
    this.#room = new Uint8Array(length + PIECE_BYTES);
    this.#length = 0;
    for (const opening of openings) this.text(opening);
    this.#start = length;
  }

  /** No room for another row's members or another share. */
  get full(): boolean {
    return this.#length > this.#room.length - MARGIN_BYTES;
  }

  text(text: string): void {
    const room = this.#room;
    let at = this.#length;
    for (let i = 0; i < text.length; i++) room[at++] = text.charCodeAt(i);
    this.#length = at;
  }

  opening(number: number): void {
    const [start, end] = [this.#openings[number] ?? 0, this.#openings[number + 1] ?? 0];
    this.#room.copyWithin(this.#length, start, end);
    this.#length += end - start;
  }

  /** `upper · 10⁹ + lower` in decimal. */
  amount(upper: number, lower: number): void {
    if (upper > 0) this.#digits(upper, digitsOf(upper));
    this.#digits(lower, upper > 0 ? 9 : digitsOf(lower));
  }

  /** What was written, for the reader to keep; the room is empty again. */
  take(): Uint8Array {
    const bytes = this.#room.slice(this.#start, this.#length);
    this.#length = this.#start;
    return bytes;
  }

  #digits(value: number, count: number): void {
    const room = this.#room;
    let rest = value;
    for (let at = this.#length + count - 1; at >= this.#length; at--) {
      const tenth = Math.floor(rest / 10);
      room[at] = 48 + rest - tenth * 10;
      rest = tenth;
    }
    this.#length += count;
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  return digits;
}
