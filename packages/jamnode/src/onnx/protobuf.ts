/** One field of a protobuf message: an integer, or bytes (strings, sub-messages, packed lists, fixed widths). */
export interface Field {
  readonly number: number;
  readonly integer: bigint | null;
  readonly bytes: Uint8Array | null;
}

/** Fields that one message may hold: graphs of 2,000 nodes with room to spare. */
const FIELDS_MAX = 20_000;
const VARINT_BYTES_MAX = 10;
const FIELD_NUMBER_MAX = 1000n;

/**
 * The fields of a message, flat and in order (protobuf encoding, wire types 0, 1, 2 and 5; the views are the message's own
 * bytes). `null`: it is cut off, has a group, or more than {@link FIELDS_MAX} fields.
 */
export function fieldsOf(message: Uint8Array): Field[] | null {
  const fields: Field[] = [];
  let at = 0;
  while (at < message.length) {
    const key = varintAt(message, at);
    if (!key || fields.length === FIELDS_MAX) return null;
    const [number, wire] = [key.value >> 3n, Number(key.value & 7n)];
    if (number < 1n || number > FIELD_NUMBER_MAX) return null;
    const body = bodyAt(message, key.end, wire);
    if (!body) return null;
    fields.push({ number: Number(number), integer: body.integer, bytes: body.bytes });
    at = body.end;
  }
  return fields;
}

interface Body {
  readonly integer: bigint | null;
  readonly bytes: Uint8Array | null;
  readonly end: number;
}

function bodyAt(message: Uint8Array, at: number, wire: number): Body | null {
  if (wire === 0) {
    const varint = varintAt(message, at);
    return varint && { integer: varint.value, bytes: null, end: varint.end };
  }
  if (wire === 1) return sliceAt(message, at, 8);
  if (wire === 5) return sliceAt(message, at, 4);
  if (wire !== 2) return null;
  const length = varintAt(message, at);
  if (!length || length.value > BigInt(message.length)) return null;
  return sliceAt(message, length.end, Number(length.value));
}

function sliceAt(message: Uint8Array, at: number, length: number): Body | null {
  const end = at + length;
  return end > message.length ? null : { integer: null, bytes: message.subarray(at, end), end };
}

function varintAt(message: Uint8Array, at: number): { value: bigint; end: number } | null {
  let value = 0n;
  for (let index = 0; index < VARINT_BYTES_MAX; index++) {
    const byte = message[at + index];
    if (byte === undefined) return null;
    value |= BigInt(byte & 127) << BigInt(7 * index);
    if (byte < 128) return { value: BigInt.asIntN(64, value), end: at + index + 1 };
  }
  return null;
}

/** A packed list of integers, or `null` when it is cut off. */
export function packedIntegers(bytes: Uint8Array): bigint[] | null {
  const integers: bigint[] = [];
  for (let at = 0; at < bytes.length; ) {
    const varint = varintAt(bytes, at);
    if (!varint) return null;
    integers.push(varint.value);
    at = varint.end;
  }
  return integers;
}
