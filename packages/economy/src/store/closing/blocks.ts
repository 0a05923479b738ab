import { assert, present } from '@jamnet/base';
import type { Names } from '../../core/epoch/column.ts';
import { EpochShares, ROW_ID_BYTES } from '../../core/epoch/epoch-shares.ts';
import type { Tables } from '../context.ts';

/** Cells of one block: small enough that one payee's lines read little, large enough that an epoch has thousands of rows, not millions. */
const BLOCK_CELLS = 4_096;
const NET_BYTES = 16;
const PAYEE_BYTES = 33;

/** Columns of a closed epoch and the bytes of a cell. Texts of differing length are padded with spaces, which no name holds. */
export type Part =
  | 'row-ids'
  | 'row-payers'
  | 'row-nets'
  | 'payees'
  | 'payee-starts'
  | 'share-rows'
  | 'share-contributions'
  | 'share-high'
  | 'share-low'
  | 'contributions'
  | 'principals';

export interface Block {
  readonly part: Part;
  readonly number: number;
  readonly bytes: Uint8Array;
}

/** An epoch's rows and shares, and the names of what they count: all that its public file and every explanation need. */
export function blocksOf(
  { rows, shares }: EpochShares,
  names: { contributions: Names; principals: Names },
): Block[] {
  return [
    ...cut('row-ids', ROW_ID_BYTES, rows.ids),
    ...cut('row-payers', 4, wordBytes(rows.payersAndKinds)),
    ...cut('row-nets', NET_BYTES, netBytes(rows.nets)),
    ...cut(
      'payees',
      PAYEE_BYTES,
      textBytes(shares.payees.length, (at) => shares.payees[at] ?? '', PAYEE_BYTES),
    ),
    ...cut('payee-starts', 4, wordBytes(shares.starts)),
    ...cut('share-rows', 4, wordBytes(shares.rows)),
    ...cut('share-contributions', 4, wordBytes(shares.contributions)),
    ...cut('share-high', 4, wordBytes(shares.high)),
    ...cut('share-low', 4, wordBytes(shares.low)),
    ...dictionary('contributions', names.contributions),
    ...dictionary('principals', names.principals),
  ];
}

/** A block of a dictionary begins with the width of its cells. */
function dictionary(part: Part, names: Names): Block[] {
  const blocks: Block[] = [];
  for (let start = 0; start < names.size; start += BLOCK_CELLS) {
    const count = Math.min(BLOCK_CELLS, names.size - start);
    let width = 1;
    for (let at = start; at < start + count; at++) width = Math.max(width, names.text(at).length);
    const bytes = new Uint8Array(1 + count * width);
    bytes[0] = width;
    bytes.set(
      textBytes(count, (at) => names.text(start + at), width),
      1,
    );
    blocks.push({ part, number: start / BLOCK_CELLS, bytes });
  }
  return blocks;
}

function cut(part: Part, width: number, bytes: Uint8Array): Block[] {
  const blocks: Block[] = [];
  const size = BLOCK_CELLS * width;
  for (let start = 0; start < bytes.length; start += size)
    blocks.push({ part, number: start / size, bytes: bytes.subarray(start, start + size) });
  return blocks;
}

/** Little-endian, as every machine that Node runs on keeps them. */
function wordBytes(words: Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function netBytes(nets: readonly bigint[]): Uint8Array {
  const halves = new BigUint64Array(2 * nets.length);
  nets.forEach((net, at) => {
    halves[2 * at] = net & LOW_64;
    halves[2 * at + 1] = net >> 64n;
  });
  return new Uint8Array(halves.buffer);
}

const LOW_64 = (1n << 64n) - 1n;
const SPACE = 32;

function textBytes(count: number, textAt: (at: number) => string, width: number): Uint8Array {
  const bytes = new Uint8Array(count * width).fill(SPACE);
  for (let at = 0; at < count; at++) {
    const text = textAt(at);
    assert(text.length <= width, 'a name as long as its cell');
    for (let i = 0; i < text.length; i++) bytes[at * width + i] = text.charCodeAt(i);
  }
  return bytes;
}

/** Reads cells of a closed epoch's columns, each block once. */
export class BlockReader {
  readonly #tables: Tables;
  readonly #epochId: string;
  readonly #blocks = new Map<string, Uint8Array>();

  constructor(tables: Tables, epochId: string) {
    this.#tables = tables;
    this.#epochId = epochId;
  }

  async word(part: Part, at: number): Promise<number> {
    const bytes = await this.#block(part, Math.floor(at / BLOCK_CELLS));
    return view(bytes).getUint32((at % BLOCK_CELLS) * 4, true);
  }

  async cell(part: Part, at: number, width: number): Promise<Uint8Array> {
    const bytes = await this.#block(part, Math.floor(at / BLOCK_CELLS));
    return bytes.subarray((at % BLOCK_CELLS) * width, ((at % BLOCK_CELLS) + 1) * width);
  }

  async net(row: number): Promise<bigint> {
    const cell = view(await this.cell('row-nets', row, NET_BYTES));
    return cell.getBigUint64(0, true) + (cell.getBigUint64(8, true) << 64n);
  }

  async name(part: 'contributions' | 'principals', at: number): Promise<string> {
    const bytes = await this.#block(part, Math.floor(at / BLOCK_CELLS));
    const width = bytes[0] ?? 0;
    return textAt(bytes, 1 + (at % BLOCK_CELLS) * width, width);
  }

  /** Place of a payee among those with a share, or −1. */
  async payeePlace(payee: string): Promise<number> {
    let [low, high] = [0, (await this.#length('payees')) / PAYEE_BYTES];
    const end = high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((await this.#payee(middle)) < payee) low = middle + 1;
      else high = middle;
    }
    return low < end && (await this.#payee(low)) === payee ? low : -1;
  }

  /** All rows and shares again. */
  async shares(): Promise<EpochShares> {
    const payees = await this.#whole('payees');
    const nets = new BigUint64Array((await this.#whole('row-nets')).buffer);
    return new EpochShares(
      {
        ids: await this.#whole('row-ids'),
        payersAndKinds: await this.#words('row-payers'),
        nets: Array.from(
          { length: nets.length / 2 },
          (_, at) => (nets[2 * at] ?? 0n) + ((nets[2 * at + 1] ?? 0n) << 64n),
        ),
      },
      {
        payees: Array.from({ length: payees.length / PAYEE_BYTES }, (_, at) =>
          textAt(payees, at * PAYEE_BYTES, PAYEE_BYTES),
        ),
        starts: await this.#words('payee-starts'),
        rows: await this.#words('share-rows'),
        contributions: await this.#words('share-contributions'),
        high: await this.#words('share-high'),
        low: await this.#words('share-low'),
      },
    );
  }

  async #payee(at: number): Promise<string> {
    return textAt(await this.cell('payees', at, PAYEE_BYTES), 0, PAYEE_BYTES);
  }

  async #words(part: Part): Promise<Uint32Array> {
    return new Uint32Array((await this.#whole(part)).buffer);
  }

  /** Bytes of all blocks of a part, in an array of their own. */
  async #whole(part: Part): Promise<Uint8Array> {
    const whole = new Uint8Array(await this.#length(part));
    let at = 0;
    for (let number = 0; at < whole.length; number++) {
      const bytes = await this.#read(part, number);
      whole.set(bytes, at);
      at += bytes.length;
    }
    return whole;
  }

  async #length(part: Part): Promise<number> {
    const last = await this.#tables
      .selectFrom('economy_block')
      .select(['number', 'bytes'])
      .where('epoch_id', '=', this.#epochId)
      .where('part', '=', part)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    if (!last) return 0;
    return last.number === 0n
      ? last.bytes.length
      : Number(last.number) * (await this.#block(part, 0)).length + last.bytes.length;
  }

  async #block(part: Part, number: number): Promise<Uint8Array> {
    const key = `${part} ${number}`;
    const known = this.#blocks.get(key);
    if (known) return known;
    const bytes = await this.#read(part, number);
    if (this.#blocks.size >= BLOCKS_KEPT_MAX) this.#blocks.clear();
    this.#blocks.set(key, bytes);
    return bytes;
  }

  async #read(part: Part, number: number): Promise<Uint8Array> {
    const row = await this.#tables
      .selectFrom('economy_block')
      .select('bytes')
      .where('epoch_id', '=', this.#epochId)
      .where('part', '=', part)
      .where('number', '=', BigInt(number))
      .executeTakeFirst();
    return present(row, `block ${part} ${number} of epoch ${this.#epochId}`).bytes;
  }
}

/** About 64 MB at most. */
const BLOCKS_KEPT_MAX = 1_024;

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function textAt(bytes: Uint8Array, start: number, width: number): string {
  let end = start + width;
  while (end > start && bytes[end - 1] === SPACE) end--;
  return String.fromCharCode(...bytes.subarray(start, end));
}
