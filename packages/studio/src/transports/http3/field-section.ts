import { ok, type Result, refuse } from '@jamnet/base';
import { decodeHuffman } from './huffman.ts';
import { type Field, STATIC_TABLE } from './static-table.ts';

/** Fields of one request, and the bytes of their names and values together. A CONNECT of a browser has about ten. */
export const FIELDS_MAX = 64;
export const FIELD_BYTES_MAX = 8192;

export type FieldCode = 'field-section-malformed' | 'field-dynamic' | 'field-section-too-large';

const MALFORMED = refuse('field-section-malformed', 'The field section ends early or holds a wrong code.');

/** A place in the bytes that moves on; −1 as a value: the bytes ended or the number is too large. */
class Cursor {
  readonly bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  get next(): number {
    return this.bytes[this.at] ?? 0;
  }

  /** Prefixed integer, RFC 9204 §4.1.1 (RFC 7541 §5.1), up to 2³⁰. */
  integer(prefixBits: number): number {
    const mask = (1 << prefixBits) - 1;
    if (this.isAtEnd) return -1;
    let value = this.next & mask;
    this.at++;
    if (value < mask) return value;
    for (let shift = 0; shift <= 21; shift += 7) {
      if (this.isAtEnd) return -1;
      const byte = this.next;
      this.at++;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return -1;
  }

  /** String literal, §4.1.2: the bit above the length says whether it is Huffman-coded. */
  text(lengthBits: number): string | null {
    const isCoded = (this.next & (1 << lengthBits)) !== 0;
    const length = this.integer(lengthBits);
    if (length < 0 || this.at + length > this.bytes.length) return null;
    const raw = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    const plain = isCoded ? decodeHuffman(raw) : raw;
    return plain === null ? null : Buffer.from(plain).toString('latin1');
  }
}

/** Decodes an encoded field section (RFC 9204 §4.5). We announce a dynamic table of capacity 0, so only static references are lawful. */
export function decodeFieldSection(bytes: Uint8Array): Result<Field[], FieldCode> {
  const cursor = new Cursor(bytes);
  const insertCount = cursor.integer(8);
  if (insertCount > 0)
    return refuse('field-dynamic', 'The section refers to a dynamic table that we do not keep.');
  const base = cursor.integer(7);
  if (insertCount < 0 || base < 0) return MALFORMED;
  const fields: Field[] = [];
  let size = 0;
  while (!cursor.isAtEnd) {
    const field = readLine(cursor);
    if (!field.ok) return field;
    size += field.value.name.length + field.value.value.length;
    if (fields.length >= FIELDS_MAX || size > FIELD_BYTES_MAX)
      return refuse('field-section-too-large', `At most ${FIELDS_MAX} fields of ${FIELD_BYTES_MAX} bytes.`);
    fields.push(field.value);
  }
  return ok(fields);
}

function readLine(cursor: Cursor): Result<Field, FieldCode> {
  const first = cursor.next;
  if (first >= 0x80) return readIndexed(cursor, (first & 0x40) !== 0);
  if (first >= 0x40) return readNameReference(cursor, (first & 0x10) !== 0);
  if (first >= 0x20) {
    const name = cursor.text(3);
    return withValue(cursor, name);
  }
  return refuse('field-dynamic', 'A post-base reference names a dynamic table that we do not keep.');
}

/** §4.5.2. */
function readIndexed(cursor: Cursor, isStatic: boolean): Result<Field, FieldCode> {
  const index = cursor.integer(6);
  if (!isStatic)
    return refuse('field-dynamic', 'An indexed field names a dynamic table that we do not keep.');
  const field = STATIC_TABLE[index];
  return field === undefined ? MALFORMED : ok(field);
}

/** §4.5.4. */
function readNameReference(cursor: Cursor, isStatic: boolean): Result<Field, FieldCode> {
  const index = cursor.integer(4);
  if (!isStatic) return refuse('field-dynamic', 'A name refers to a dynamic table that we do not keep.');
  return withValue(cursor, STATIC_TABLE[index]?.name ?? null);
}

function withValue(cursor: Cursor, name: string | null): Result<Field, FieldCode> {
  if (name === null || cursor.isAtEnd) return MALFORMED;
  const value = cursor.text(7);
  return value === null ? MALFORMED : ok({ name, value });
}

/** A section that only says `:status`: indexed where the static table has it, else a literal with the table's name. */
export function encodeStatus(status: number): Uint8Array {
  const index = STATIC_TABLE.findIndex(({ name, value }) => name === ':status' && value === String(status));
  if (index >= 0 && index < 63) return Uint8Array.of(0, 0, 0xc0 | index);
  if (index >= 63) return Uint8Array.of(0, 0, 0xff, index - 63);
  // Name 24 is `:status`: above the four prefix bits, so 15 and the rest.
  const digits = Buffer.from(String(status), 'latin1');
  return Uint8Array.of(0, 0, 0x5f, 24 - 15, digits.length, ...digits);
}
