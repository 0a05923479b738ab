import { ok, type Result, refuse } from '@jamnet/base';
import type { ModelCode } from './model-code.ts';
import { packedIntegers } from './protobuf.ts';
import { messageOf, textOf } from './read-message.ts';

/** Attributes of a node by name: integers, lists of them, text; floats are there and not read. */
export type Attributes = ReadonlyMap<string, number | readonly number[] | string | null>;

const FIELDS = {
  once: [1, 2, 3, 4, 13, 20],
  many: [7, 8],
  refused: {
    5: 'attribute-forbidden',
    6: 'subgraph-forbidden',
    9: 'attribute-forbidden',
    10: 'attribute-forbidden',
    11: 'subgraph-forbidden',
    14: 'attribute-forbidden',
    15: 'attribute-forbidden',
    21: 'subgraph-forbidden',
    22: 'attribute-forbidden',
    23: 'attribute-forbidden',
  },
} as const;

export function readAttributes(
  protos: readonly Uint8Array[],
  operator: string,
): Result<Attributes, ModelCode> {
  const attributes = new Map<string, number | readonly number[] | string | null>();
  for (const proto of protos) {
    const message = messageOf(proto, FIELDS, `attribute of "${operator}"`);
    if (!message.ok) return message;
    const name = textOf(message.value.bytes(1));
    if (attributes.has(name)) return refuse('model-malformed', `"${operator}" has "${name}" twice.`);
    const integers: bigint[] = [];
    for (const field of message.value.fields) {
      if (field.number !== 8) continue;
      const some = field.integer === null ? packedIntegers(field.bytes ?? new Uint8Array()) : [field.integer];
      if (!some) return refuse('model-malformed', `"${name}" of "${operator}" is cut off.`);
      integers.push(...some);
    }
    const [integer, text] = [message.value.integer(3), message.value.bytes(4)];
    if (integers.length > 0) attributes.set(name, integers.map(Number));
    else if (integer !== null) attributes.set(name, Number(integer));
    else attributes.set(name, text ? textOf(text) : null);
  }
  return ok(attributes);
}
