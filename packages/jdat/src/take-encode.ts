import { assert, type CanonicalValue, canonicalJson, toBase64, toHex } from '@jamnet/base';
import { int16ToBytes } from './pcm.ts';
import { TAKE_LIMITS, type TakeHeader, type TakeRecord } from './take.ts';

/** JSON lines of a take, without line ends: the header, then one line a record. See SPEC.md for the members. */
export function* encodeTake(header: TakeHeader, records: Iterable<TakeRecord>): Iterable<string> {
  yield canonicalJson(headerMembers(header));
  for (const record of records) yield canonicalJson(recordMembers(record));
}

/** The whole take as one text, each line ended by a line feed. */
export function takeText(header: TakeHeader, records: Iterable<TakeRecord>): string {
  let text = '';
  for (const line of encodeTake(header, records)) text += `${line}\n`;
  return text;
}

/** Known members only, so that stray fields of a caller never reach the archive. */
function headerMembers(header: TakeHeader): CanonicalValue {
  const { jdat, room, player, role, from, sampleRateHz, packetFrames, startedAtUs } = header;
  const { record, train, strangers } = header.consent;
  const consent = { record, train, strangers };
  return { jdat, room, player, role, from, sampleRateHz, packetFrames, startedAtUs, consent };
}

function recordMembers(record: TakeRecord): CanonicalValue {
  const { atSample } = record;
  switch (record.type) {
    case 'audio':
      assert(record.samples.length <= TAKE_LIMITS.recordFrames, 'an audio record within its limit');
      return { type: 'audio', atSample, pcm: toBase64(int16ToBytes(record.samples)) };
    case 'span':
      return { type: 'span', atSample, frames: record.frames, fate: record.fate };
    case 'midi':
      return { type: 'midi', atSample, message: toHex(record.message) };
  }
}
