import { assert } from '@jamnet/base';
import { ROW_ID_BYTES } from './epoch-shares.ts';

/** 2²⁷ rows at most: 26 bits of name and 27 of number fill a double. */
const ROWS_SPAN = 0x8000000;
const FIRST_ROOM = 64;

/** Names of rows side by side, 32 bytes each: as objects a million of them take ten times as much. */
export class RowNames {
  #bytes = new Uint8Array(FIRST_ROOM * ROW_ID_BYTES);
  #count = 0;

  push(name: Uint8Array): void {
    assert(name.length === ROW_ID_BYTES, 'a row is named by a hash');
    assert(this.#count < ROWS_SPAN, 'more rows than can be sorted');
    const start = this.#count * ROW_ID_BYTES;
    if (start === this.#bytes.length) {
      const wider = new Uint8Array(2 * this.#bytes.length);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    this.#bytes.set(name, start);
    this.#count++;
  }

  /** Rows by name: doubles sort natively, so the first 26 bits and the row's number go into one; what is equal there is compared whole. */
  order(): Uint32Array {
    const keys = new Float64Array(this.#count);
    for (let row = 0; row < this.#count; row++) keys[row] = this.#prefixOf(row) * ROWS_SPAN + row;
    const order = Uint32Array.from(keys.sort(), (key) => key % ROWS_SPAN);
    let start = 0;
    for (let end = 1; end <= order.length; end++) {
      const same =
        end < order.length && this.#prefixOf(order[end] ?? 0) === this.#prefixOf(order[start] ?? 0);
      if (same) continue;
      if (end - start > 1) order.subarray(start, end).sort((a, b) => this.#compare(a, b));
      start = end;
    }
    return order;
  }

  inOrder(order: Uint32Array): Uint8Array {
    const ids = new Uint8Array(order.length * ROW_ID_BYTES);
    for (let place = 0; place < order.length; place++) {
      const start = (order[place] ?? 0) * ROW_ID_BYTES;
      ids.set(this.#bytes.subarray(start, start + ROW_ID_BYTES), place * ROW_ID_BYTES);
    }
    return ids;
  }

  #at(row: number, index: number): number {
    return this.#bytes[row * ROW_ID_BYTES + index] ?? 0;
  }

  #prefixOf(row: number): number {
    return (
      (this.#at(row, 0) << 18) | (this.#at(row, 1) << 10) | (this.#at(row, 2) << 2) | (this.#at(row, 3) >> 6)
    );
  }

  #compare(a: number, b: number): number {
    for (let index = 0; index < ROW_ID_BYTES; index++) {
      const difference = this.#at(a, index) - this.#at(b, index);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}
