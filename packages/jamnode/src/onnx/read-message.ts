import { ok, type Result, refuse } from '@jamnet/base';
import type { ModelCode } from './model-code.ts';
import { type Field, fieldsOf } from './protobuf.ts';

/** Which fields a message may have, by number. */
export interface KnownFields {
  /** At most once: of a sub-message that stands there twice, protobuf readers make one, each in its own way. */
  readonly once: readonly number[];
  readonly many: readonly number[];
  /** Known, and refused under a code of its own. */
  readonly refused: Readonly<Record<number, ModelCode>>;
}

/** A message whose fields are all known. */
export interface Message {
  bytes(number: number): Uint8Array | null;
  integer(number: number): bigint | null;
  /** The bytes of a repeated field. */
  many(number: number): Uint8Array[];
  /** As they stand there. */
  readonly fields: readonly Field[];
}

export function messageOf(bytes: Uint8Array, known: KnownFields, what: string): Result<Message, ModelCode> {
  const fields = fieldsOf(bytes);
  if (!fields) return refuse('model-malformed', `A ${what} of the model is no protobuf message.`);
  const seen = new Set<number>();
  for (const { number } of fields) {
    const code = known.refused[number];
    if (code) return refuse(code, `A ${what} of the model has field ${number}, which is not run.`);
    const once = known.once.includes(number);
    if (!once && !known.many.includes(number))
      return refuse(
        'model-malformed',
        `A ${what} of the model has field ${number}, which this reader does not know.`,
      );
    if (once && seen.has(number))
      return refuse('model-malformed', `A ${what} of the model has field ${number} twice.`);
    seen.add(number);
  }
  const first = (number: number) => fields.find((field) => field.number === number);
  return ok({
    bytes: (number) => first(number)?.bytes ?? null,
    integer: (number) => first(number)?.integer ?? null,
    many: (number) => fields.flatMap((field) => (field.number === number ? (field.bytes ?? []) : [])),
    fields,
  });
}

/** Names in a model are ASCII; other bytes give other letters, which no name has. */
export function textOf(bytes: Uint8Array | null): string {
  return String.fromCharCode(...(bytes ?? new Uint8Array()).subarray(0, NAME_BYTES_MAX));
}

/** A longer name is cut off: it then meets no other. */
const NAME_BYTES_MAX = 512;
