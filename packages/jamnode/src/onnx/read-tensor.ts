import { ok, type Result, refuse } from '@jamnet/base';
import type { ModelCode } from './model-code.ts';
import { packedIntegers } from './protobuf.ts';
import { messageOf, textOf } from './read-message.ts';

/** A float32 weight, as the file has it. */
export interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  /** Little-endian float32; a view of the file. */
  readonly bytes: Uint8Array;
}

const FLOAT32 = 1n;
const RANK_MAX = 8;

const FIELDS = {
  once: [2, 8, 9, 12],
  many: [1],
  refused: {
    3: 'type-forbidden',
    4: 'type-forbidden',
    5: 'type-forbidden',
    6: 'type-forbidden',
    7: 'type-forbidden',
    10: 'type-forbidden',
    11: 'type-forbidden',
    13: 'external-data-forbidden',
    14: 'external-data-forbidden',
  },
} as const;

/** A weight in the file itself, as raw float32 of exactly its shape. */
export function readTensor(proto: Uint8Array): Result<Tensor, ModelCode> {
  const message = messageOf(proto, FIELDS, 'weight');
  if (!message.ok) return message;
  const name = textOf(message.value.bytes(8));
  if (message.value.integer(2) !== FLOAT32)
    return refuse('type-forbidden', `The weight "${name}" is no float32.`);
  const dims: number[] = [];
  for (const field of message.value.fields) {
    if (field.number !== 1) continue;
    const some = field.integer === null ? packedIntegers(field.bytes ?? new Uint8Array()) : [field.integer];
    for (const dim of some ?? [-1n]) dims.push(Number(dim));
  }
  const bytes = message.value.bytes(9) ?? new Uint8Array();
  const elements = dims.reduce((product, dim) => product * dim, 1);
  const sound = dims.length <= RANK_MAX && dims.every((dim) => Number.isSafeInteger(dim) && dim >= 1);
  if (!sound || 4 * elements !== bytes.length)
    return refuse(
      'shape-unsound',
      `The weight "${name}" of shape ${dims.join('×')} has ${bytes.length} bytes.`,
    );
  return ok({ name, dims, bytes });
}
