import { fromBase64, fromHex } from '@jamnet/base';
import { bytesToInt16 } from './pcm.ts';
import { SPAN_FATES, TAKE_LIMITS, type TakeRecord } from './take.ts';
import { isIntegerWithin, isMembers, isOneOf, type Members } from './take-members.ts';

/** The record, `null` for a type of a later version, or a phrase saying what is wrong. */
export function parseRecord(value: unknown): TakeRecord | null | string {
  if (!isMembers(value)) return 'it is no object';
  const { type, atSample } = value;
  if (typeof type !== 'string') return '"type" must be a text';
  if (!isIntegerWithin(atSample, 0, TAKE_LIMITS.atSample))
    return `"atSample" must be 0 to ${TAKE_LIMITS.atSample}`;
  switch (type) {
    case 'audio':
      return parseAudio(atSample, value);
    case 'span':
      return parseSpan(atSample, value);
    case 'midi':
      return parseMidi(atSample, value);
    default:
      return null;
  }
}

function parseAudio(atSample: number, members: Members): TakeRecord | string {
  const { pcm } = members;
  const bytes = typeof pcm === 'string' && pcm.length % 4 === 0 ? fromBase64(pcm) : null;
  if (bytes === null) return '"pcm" must be base64 with padding';
  if (bytes.length % 2 !== 0) return '"pcm" must hold whole 16-bit samples';
  if (bytes.length / 2 > TAKE_LIMITS.recordFrames)
    return `"pcm" holds over ${TAKE_LIMITS.recordFrames} samples`;
  return { type: 'audio', atSample, samples: bytesToInt16(bytes) };
}

function parseSpan(atSample: number, members: Members): TakeRecord | string {
  const { frames, fate } = members;
  if (!isIntegerWithin(frames, 1, TAKE_LIMITS.recordFrames))
    return `"frames" must be 1 to ${TAKE_LIMITS.recordFrames}`;
  if (!isOneOf(fate, SPAN_FATES)) return `"fate" must be one of ${SPAN_FATES.join(', ')}`;
  return { type: 'span', atSample, frames, fate };
}

function parseMidi(atSample: number, members: Members): TakeRecord | string {
  const { message } = members;
  const isHex = typeof message === 'string' && /^([0-9a-f]{2}){1,3}$/.test(message);
  const bytes = isHex ? fromHex(message) : null;
  if (bytes === null) return '"message" must be 1 to 3 bytes in lower-case hex';
  return { type: 'midi', atSample, message: bytes };
}
