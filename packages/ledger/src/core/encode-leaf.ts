import { assert, unreachable } from '@jamnet/base';
import {
  ASSET_BYTE,
  type EntryLeaf,
  KIND_BYTE,
  LEAF_BYTES_MAX,
  LEAF_TYPE,
  LEAF_VERSION,
  type Leaf,
  OUTCOME_BYTE,
} from './leaf.ts';

/** One reused buffer: encoding is synchronous, and the result is a copy that the caller owns. */
const scratch = new Uint8Array(LEAF_BYTES_MAX + 256);
const view = new DataView(scratch.buffer);
let end = 0;

/** The canonical bytes of a leaf whose fields are already within their limits (SPEC.md §1). */
export function encodeLeaf(leaf: Leaf): Uint8Array {
  end = 0;
  byte(LEAF_VERSION);
  byte(leaf.type === 'entry' ? LEAF_TYPE[leaf.state] : LEAF_TYPE[leaf.type]);
  uint64(leaf.acceptedAtUs);
  body(leaf);
  assert(end <= LEAF_BYTES_MAX, 'a leaf within its limits fits a tile entry');
  return scratch.slice(0, end);
}

function body(leaf: Leaf): void {
  switch (leaf.type) {
    case 'account':
      text(leaf.code);
      byte(ASSET_BYTE[leaf.asset]);
      byte(KIND_BYTE[leaf.kind]);
      byte(leaf.floor === null ? 0 : 1);
      if (leaf.floor !== null) int64(leaf.floor);
      return;
    case 'entry':
      entryBody(leaf);
      return;
    case 'settlement':
      text(leaf.key);
      uint64(leaf.pendingIndex);
      byte(OUTCOME_BYTE[leaf.outcome]);
      return;
    case 'record':
      text(leaf.key);
      text(leaf.kind);
      hash(leaf.sha256);
      return;
    default:
      unreachable(leaf);
  }
}

function entryBody(leaf: EntryLeaf): void {
  text(leaf.key);
  text(leaf.kind);
  byte(leaf.evidence === null ? 0 : 1);
  if (leaf.evidence !== null) hash(leaf.evidence);
  if (leaf.state === 'pending') uint64(leaf.expiresAtUs ?? 0n);
  view.setUint16(end, leaf.legs.length);
  end += 2;
  for (const leg of leaf.legs) {
    text(leg.account);
    int64(leg.amount);
  }
}

function byte(value: number): void {
  scratch[end++] = value;
}

function uint64(value: bigint): void {
  view.setBigUint64(end, value);
  end += 8;
}

function int64(value: bigint): void {
  view.setBigInt64(end, value);
  end += 8;
}

/** Length byte, then ASCII: requests are checked to hold nothing else. */
function text(value: string): void {
  assert(end + value.length + 9 <= scratch.length && value.length <= 255, 'leaf text within its limit');
  scratch[end++] = value.length;
  for (let i = 0; i < value.length; i++) scratch[end++] = value.charCodeAt(i);
}

function hash(hex: string): void {
  for (let i = 0; i < 64; i += 2)
    scratch[end++] = (nibble(hex.charCodeAt(i)) << 4) | nibble(hex.charCodeAt(i + 1));
}

/** '0'…'9' are 48…57, 'a'…'f' are 97…102. */
function nibble(code: number): number {
  return code < 58 ? code - 48 : code - 87;
}
