import { encodeUtf8, present } from '@jamnet/base';
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
  const { payees, high, low } = epoch.shares;
  const names = namesAsBytes(payees);
  let out = new Ascii();
  for (let row = 0; row < epoch.rowCount; row++) {
    const { kind, netMicroCents, rowId, rule } = headOf(epoch.rows, row);
    out.text(
      `${row === 0 ? '' : ','}{"kind":"${kind}","netMicroCents":"${netMicroCents}","rowId":"${rowId}","rule":"${rule}","shares":[`,
    );
    const shares = epoch.sharesOfRow(row);
    for (let k = 0; k < shares.length; ) {
      if (out.length > PIECE_BYTES - MARGIN_BYTES) {
        yield out.bytes();
        out = new Ascii();
      }
      const payee = epoch.payeeOf(shares[k] ?? 0);
      out.text(k === 0 ? '{"payee":"' : ',{"payee":"');
      let upper = 0;
      let lower = 0;
      for (; k < shares.length && epoch.payeeOf(shares[k] ?? 0) === payee; k++) {
        upper += high[shares[k] ?? 0] ?? 0;
        lower += low[shares[k] ?? 0] ?? 0;
        if (lower < HALF) continue;
        upper++;
        lower -= HALF;
      }
      out.copy(present(names[payee], 'payee'));
      out.text('","weight":"');
      out.amount(upper, lower);
      out.text('"}');
    }
    out.text(']}');
    if (out.length <= PIECE_BYTES - MARGIN_BYTES) continue;
    yield out.bytes();
    out = new Ascii();
  }
  yield out.bytes();
  yield encodeUtf8(after);
}

function namesAsBytes(payees: readonly string[]): Uint8Array[] {
  return payees.map((payee) => encodeUtf8(payee));
}

/** Room for one piece of plain ASCII. */
class Ascii {
  readonly #room = new Uint8Array(PIECE_BYTES);
  length = 0;

  text(text: string): void {
    const room = this.#room;
    let at = this.length;
    for (let i = 0; i < text.length; i++) room[at++] = text.charCodeAt(i);
    this.length = at;
  }

  copy(bytes: Uint8Array): void {
    const room = this.#room;
    let at = this.length;
    for (let i = 0; i < bytes.length; i++) room[at++] = bytes[i] ?? 0;
    this.length = at;
  }

  /** `upper · 10⁹ + lower` in decimal. */
  amount(upper: number, lower: number): void {
    if (upper > 0) this.#digits(upper, digitsOf(upper));
    this.#digits(lower, upper > 0 ? 9 : digitsOf(lower));
  }

  bytes(): Uint8Array {
    return this.#room.subarray(0, this.length);
  }

  #digits(value: number, count: number): void {
    let rest = value;
    for (let at = this.length + count - 1; at >= this.length; at--) {
      const tenth = Math.floor(rest / 10);
      this.#room[at] = 48 + rest - tenth * 10;
      rest = tenth;
    }
    this.length += count;
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) digits++;
  return digits;
}
