import { ok, type Result, refuse, toHex } from '@jamnet/base';
import {
  ASSET_BYTE,
  type EntryLeaf,
  KIND_BYTE,
  LEAF_TYPE,
  LEAF_VERSION,
  type Leaf,
  OUTCOME_BYTE,
} from './leaf.ts';
import {
  AMOUNT_MAX,
  type AssetCode,
  CODE_LENGTH_MAX,
  KEY_LENGTH_MAX,
  KIND_LENGTH_MAX,
  LEGS_MAX,
  type Leg,
} from './requests.ts';
import { CODE_PATTERN, KEY_PATTERN, KIND_PATTERN } from './texts.ts';

export type LeafCode = 'leaf-malformed' | 'leaf-version-unknown';

/** Reads canonical leaf bytes. Anything that {@link encodeLeaf} would not have written is refused. */
export function decodeLeaf(bytes: Uint8Array): Result<Leaf, LeafCode> {
  if (bytes.length > 0 && bytes[0] !== LEAF_VERSION) {
    return refuse('leaf-version-unknown', `Leaf version ${bytes[0]} is unknown here: use a newer verifier.`);
  }
  const reader = new LeafReader(bytes);
  const leaf = readLeaf(reader);
  if (leaf === null || reader.failed || !reader.atEnd) {
    return refuse('leaf-malformed', `The leaf is malformed near byte ${reader.offset} of ${bytes.length}.`);
  }
  return ok(leaf);
}

function readLeaf(reader: LeafReader): Leaf | null {
  reader.byte();
  const type = reader.byte();
  const acceptedAtUs = reader.uint63();
  switch (type) {
    case LEAF_TYPE.account:
      return readAccount(reader, acceptedAtUs);
    case LEAF_TYPE.posted:
      return readEntry(reader, acceptedAtUs, 'posted');
    case LEAF_TYPE.pending:
      return readEntry(reader, acceptedAtUs, 'pending');
    case LEAF_TYPE.settlement:
      return readSettlement(reader, acceptedAtUs);
    case LEAF_TYPE.record: {
      const key = reader.text(KEY_LENGTH_MAX, KEY_PATTERN);
      const kind = reader.text(KIND_LENGTH_MAX, KIND_PATTERN);
      return { type: 'record', acceptedAtUs, key, kind, sha256: reader.hash() };
    }
    default:
      return null;
  }
}

function readAccount(reader: LeafReader, acceptedAtUs: bigint): Leaf | null {
  const code = reader.text(CODE_LENGTH_MAX, CODE_PATTERN);
  const asset = nameOf(ASSET_BYTE, reader.byte());
  const kind = nameOf(KIND_BYTE, reader.byte());
  const floored = reader.flag();
  const floor = floored ? reader.int64() : null;
  if (asset === null || kind === null || (floor !== null && floor > 0n)) return null;
  if (assetOfCode(code) !== asset) return null;
  return { type: 'account', acceptedAtUs, code, asset, kind, floor };
}

function readEntry(reader: LeafReader, acceptedAtUs: bigint, state: EntryLeaf['state']): Leaf | null {
  const key = reader.text(KEY_LENGTH_MAX, KEY_PATTERN);
  const kind = reader.text(KIND_LENGTH_MAX, KIND_PATTERN);
  const evidence = reader.flag() ? reader.hash() : null;
  const expiry = state === 'pending' ? reader.uint63() : 0n;
  const count = reader.uint16();
  if (reader.failed || count < 2 || count > LEGS_MAX) return null;
  const legs: Leg[] = [];
  for (let i = 0; i < count && !reader.failed; i++) {
    const account = reader.text(CODE_LENGTH_MAX, CODE_PATTERN);
    const amount = reader.int64();
    if (amount === 0n) return null;
    legs.push({ account, amount });
  }
  return {
    type: 'entry',
    acceptedAtUs,
    state,
    key,
    kind,
    evidence,
    expiresAtUs: expiry === 0n ? null : expiry,
    legs,
  };
}

function readSettlement(reader: LeafReader, acceptedAtUs: bigint): Leaf | null {
  const keyed = reader.peek() !== 0;
  const key = keyed ? reader.text(KEY_LENGTH_MAX, KEY_PATTERN) : '';
  if (!keyed) reader.byte();
  const pendingIndex = reader.uint63();
  const outcome = nameOf(OUTCOME_BYTE, reader.byte());
  // Only an expiry is nobody's request.
  if (outcome === null || (outcome === 'expired') === keyed) return null;
  return { type: 'settlement', acceptedAtUs, key, pendingIndex, outcome };
}

/** The asset an account code names: what stands after its last colon. */
export function assetOfCode(code: string): AssetCode | null {
  const suffix = code.slice(code.lastIndexOf(':') + 1);
  return suffix === 'JAM' || suffix === 'USD' || suffix === 'EUR' ? suffix : null;
}

function nameOf<Name extends string>(table: Readonly<Record<Name, number>>, byte: number): Name | null {
  // The keys of a closed table are its names; Object.keys forgets that.
  for (const name of Object.keys(table) as Name[]) if (table[name] === byte) return name;
  return null;
}

/** Reads fields in order; after the first field that does not fit, `failed` stays true and values are meaningless. */
class LeafReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  offset = 0;
  failed = false;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.offset === this.#bytes.length;
  }

  peek(): number {
    return this.#bytes[this.offset] ?? 0;
  }

  byte(): number {
    return this.#take(1) ? (this.#bytes[this.offset - 1] ?? 0) : 0;
  }

  flag(): boolean {
    const value = this.byte();
    if (value > 1) this.failed = true;
    return value === 1;
  }

  uint16(): number {
    return this.#take(2) ? this.#view.getUint16(this.offset - 2) : 0;
  }

  /** Unsigned 64-bit field that must fit a signed one, as both stores need. */
  uint63(): bigint {
    const value = this.#take(8) ? this.#view.getBigInt64(this.offset - 8) : 0n;
    if (value < 0n) this.failed = true;
    return value;
  }

  int64(): bigint {
    const value = this.#take(8) ? this.#view.getBigInt64(this.offset - 8) : 0n;
    if (value < -AMOUNT_MAX) this.failed = true;
    return value;
  }

  text(lengthMax: number, pattern: RegExp): string {
    const length = this.byte();
    if (length > lengthMax || !this.#take(length)) {
      this.failed = true;
      return '';
    }
    const value = String.fromCharCode(...this.#bytes.subarray(this.offset - length, this.offset));
    if (!pattern.test(value)) this.failed = true;
    return value;
  }

  hash(): string {
    return this.#take(32) ? toHex(this.#bytes.subarray(this.offset - 32, this.offset)) : '';
  }

  #take(length: number): boolean {
    if (this.failed || this.offset + length > this.#bytes.length) {
      this.failed = true;
      return false;
    }
    this.offset += length;
    return true;
  }
}
