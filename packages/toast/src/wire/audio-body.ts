import { assert, ok, type Result, refuse } from '@jamnet/base';
import { SEAL_TAG_BYTES } from '../crypto/toast-crypto.ts';
import {
  COPIES_MAX,
  COPY_OFFSET_MAX,
  DATAGRAM_BYTES_MAX,
  PACKET_FRAMES_MAX,
  PACKET_FRAMES_MIN,
} from '../limits.ts';
import { readUint53, viewOf, writeUint53 } from './bytes53.ts';
import { HEADER_BYTES, HOP_TAG_BYTES, type WireCode } from './header.ts';

/** Format byte: 16-bit signed PCM, little-endian, one channel. */
const FORMAT_PCM16 = 1;
const FIXED_BYTES = 12;
const BLOCK_ENTRY_BYTES = 2;
export const BLOCKS_MAX = COPIES_MAX + 1;

/** The JELLIE body of one datagram: this packet and copies of earlier ones (SPEC.md §4). */
export interface AudioBody {
  readonly frames: number;
  /** When the sender handed the datagram to its socket, room time in µs. */
  readonly sentAtUs: number;
  /** How many packets back each block lies: 0 is the datagram's own packet; strictly ascending. */
  readonly offsets: readonly number[];
  /** Where the samples of each block begin inside the body, in bytes. */
  readonly pcmAt: readonly number[];
}

/** Bytes of a whole datagram with that many blocks: to check a plan of copies against the limit. */
export function audioDatagramBytes(frames: number, blocks: number): number {
  return (
    HEADER_BYTES + FIXED_BYTES + blocks * (BLOCK_ENTRY_BYTES + 2 * frames) + SEAL_TAG_BYTES + HOP_TAG_BYTES
  );
}

export type OffsetsCode = 'offsets-malformed' | 'datagram-too-long';

/** Checks which earlier packets each datagram is to repeat: ascending, within limits, within one datagram. */
export function checkOffsets(
  frames: number,
  offsets: readonly number[],
): Result<readonly number[], OffsetsCode> {
  const ascending = offsets.every((offset, i) => Number.isInteger(offset) && offset > (offsets[i - 1] ?? 0));
  if (!ascending || offsets.length > COPIES_MAX || (offsets.at(-1) ?? 0) > COPY_OFFSET_MAX) {
    return refuse(
      'offsets-malformed',
      `Redundancy offsets ascend from 1 to ${COPY_OFFSET_MAX}, at most ${COPIES_MAX} of them.`,
    );
  }
  const bytes = audioDatagramBytes(frames, 1 + offsets.length);
  if (bytes > DATAGRAM_BYTES_MAX) {
    return refuse(
      'datagram-too-long',
      `${offsets.length} copies of ${frames} frames need ${bytes} bytes: use fewer copies or smaller packets.`,
    );
  }
  return ok(offsets);
}

/** Writes the body into `target` and answers its length. `blocks` are the samples per offset, all `frames` long. */
export function encodeAudioBody(
  target: Uint8Array,
  sentAtUs: number,
  offsets: readonly number[],
  blocks: readonly Int16Array[],
): number {
  const frames = blocks[0]?.length ?? 0;
  assert(
    blocks.length === offsets.length && blocks.length > 0 && blocks.length <= BLOCKS_MAX,
    'audio blocks',
  );
  const view = viewOf(target);
  view.setUint8(0, FORMAT_PCM16);
  view.setUint8(1, blocks.length);
  view.setUint16(2, frames);
  writeUint53(view, 4, sentAtUs);
  let at = FIXED_BYTES;
  for (const offset of offsets) {
    view.setUint8(at, offset);
    view.setUint8(at + 1, 0);
    at += BLOCK_ENTRY_BYTES;
  }
  for (const block of blocks) {
    assert(block.length === frames, 'audio blocks of one length');
    for (let i = 0; i < frames; i++) view.setInt16(at + 2 * i, block[i] ?? 0, true);
    at += 2 * frames;
  }
  return at;
}

/** Where the blocks lie; nothing is copied, and nothing is sized by what the body claims. */
export function decodeAudioBody(body: Uint8Array): Result<AudioBody, WireCode> {
  if (body.length < FIXED_BYTES)
    return refuse('body-truncated', `An audio body has at least ${FIXED_BYTES} bytes.`);
  const view = viewOf(body);
  const count = view.getUint8(1);
  const frames = view.getUint16(2);
  const sentAtUs = readUint53(view, 4);
  if (view.getUint8(0) !== FORMAT_PCM16) return refuse('body-malformed', 'Known audio format: 1 (PCM16).');
  if (sentAtUs < 0) return refuse('number-too-large', 'The sending time stays below 2^53 µs.');
  if (count < 1 || count > BLOCKS_MAX)
    return refuse('body-malformed', `An audio body has 1 to ${BLOCKS_MAX} blocks.`);
  if (frames < PACKET_FRAMES_MIN || frames > PACKET_FRAMES_MAX) {
    return refuse('body-malformed', `A packet has ${PACKET_FRAMES_MIN} to ${PACKET_FRAMES_MAX} frames.`);
  }
  const pcmStart = FIXED_BYTES + count * BLOCK_ENTRY_BYTES;
  if (pcmStart + count * 2 * frames > body.length)
    return refuse('body-truncated', 'The blocks must lie inside the body.');
  const offsets: number[] = [];
  const pcmAt: number[] = [];
  for (let i = 0; i < count; i++) {
    const offset = view.getUint8(FIXED_BYTES + i * BLOCK_ENTRY_BYTES);
    if (offset > COPY_OFFSET_MAX || (i > 0 && offset <= (offsets[i - 1] ?? 0))) {
      return refuse('body-malformed', `Block offsets ascend and stay at most ${COPY_OFFSET_MAX}.`);
    }
    offsets.push(offset);
    pcmAt.push(pcmStart + i * 2 * frames);
  }
  return ok({ frames, sentAtUs, offsets, pcmAt });
}
