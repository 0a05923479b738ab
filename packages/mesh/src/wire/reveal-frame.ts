import { concatBytes, fromHex, ok, type Result, refuse, toHex } from '@jamnet/base';
import { RESULTS_PER_MESSAGE_MAX } from '../core/identity.ts';
import type { RevealItem } from '../core/requests.ts';
import type { WireCode } from './wire-code.ts';

/**
 * Results travel as one binary frame: text would cost a third more bytes and a decoding of each. All numbers big-endian.
 *
 * | offset | bytes | what                                             |
 * | ------ | ----- | ------------------------------------------------ |
 * | 0      | 1     | type, 1                                          |
 * | 1      | 4     | call                                             |
 * | 5      | 1     | items, 1 … 50                                    |
 * | 6      |       | the items, one after the other:                  |
 * | +0     | 32    | task, less the suffix of its replica             |
 * | +32    | 1     | replica, 0 … 9                                   |
 * | +33    | 4     | number of the lease                              |
 * | +37    | 4     | bytes of the result, then the result             |
 */
export interface RevealMessage {
  readonly type: 'reveal';
  readonly call: number;
  readonly items: readonly RevealItem[];
}

const FRAME_TYPE = 1;
const HEAD_BYTES = 6;
const ITEM_HEAD_BYTES = 41;
const TASK_BYTES = 32;
const REPLICA_SUFFIX = /^-[0-9]$/;

export function encodeReveal({ call, items }: RevealMessage): Uint8Array {
  const head = new Uint8Array(HEAD_BYTES);
  const view = new DataView(head.buffer);
  view.setUint8(0, FRAME_TYPE);
  view.setUint32(1, call);
  view.setUint8(5, items.length);
  return concatBytes(head, ...items.flatMap((item) => [itemHead(item), item.result]));
}

function itemHead({ task, lease, result }: RevealItem): Uint8Array {
  const head = new Uint8Array(ITEM_HEAD_BYTES);
  const view = new DataView(head.buffer);
  const group = fromHex(task.slice(0, 2 * TASK_BYTES));
  const suffix = task.slice(2 * TASK_BYTES);
  if (group?.length !== TASK_BYTES || (suffix !== '' && !REPLICA_SUFFIX.test(suffix)))
    throw new RangeError(`"${task}" is no id of a task`);
  head.set(group);
  view.setUint8(TASK_BYTES, Number(suffix.slice(1)));
  view.setUint32(TASK_BYTES + 1, lease);
  view.setUint32(TASK_BYTES + 5, result.length);
  return head;
}

const malformed = (why: string): Result<never, WireCode> =>
  refuse('message-malformed', `A frame of results ${why}: see the table of the protocol.`);

/** The results stay views of `frame`. Bytes after the last item are of later versions and are skipped. */
export function decodeReveal(frame: Uint8Array): Result<RevealMessage, WireCode> {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < HEAD_BYTES || view.getUint8(0) !== FRAME_TYPE) return malformed('begins with type 1');
  const count = view.getUint8(5);
  if (count < 1 || count > RESULTS_PER_MESSAGE_MAX)
    return malformed(`holds 1 to ${RESULTS_PER_MESSAGE_MAX} items`);
  const items: RevealItem[] = [];
  let offset = HEAD_BYTES;
  for (let index = 0; index < count; index++) {
    if (offset + ITEM_HEAD_BYTES > frame.length) return malformed('ends before its last item');
    const replica = view.getUint8(offset + TASK_BYTES);
    if (replica > 9) return malformed('names a replica from 0 to 9');
    const group = toHex(frame.subarray(offset, offset + TASK_BYTES));
    const lease = view.getUint32(offset + TASK_BYTES + 1);
    const start = offset + ITEM_HEAD_BYTES;
    offset = start + view.getUint32(offset + TASK_BYTES + 5);
    if (offset > frame.length) return malformed('ends before its last result');
    const task = replica === 0 ? group : `${group}-${replica}`;
    items.push({ task, lease, result: frame.subarray(start, offset) });
  }
  return ok({ type: 'reveal', call: view.getUint32(1), items });
}
