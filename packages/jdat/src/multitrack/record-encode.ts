import { assert, canonicalJson, present, toBase64, toHex } from '@jamnet/base';
import { encodeFlacFrame } from '../flac/frame-encode.ts';
import type { SampleBits } from '../integer-pcm.ts';
import {
  MULTITRACK_LIMITS,
  type MultitrackHeader,
  type MultitrackRecord,
  type SoundRecord,
} from './multitrack.ts';

/** The first line, without its line feed; known members only, keys sorted. */
export function headerLine(header: MultitrackHeader): string {
  const { jdat, room, recorder, sampleRateHz, startedAtUs } = header;
  return canonicalJson({ jdat, room, recorder, sampleRateHz, startedAtUs });
}

/** What a line needs to know of the track that its sound belongs to. */
export interface SoundFormat {
  readonly bits: SampleBits;
  readonly sampleRateHz: number;
}

/** One line, without its line feed. Sound goes out as one FLAC frame, whose own place says `atSample` again. */
export function recordLine(record: MultitrackRecord, format: SoundFormat | null): string {
  switch (record.type) {
    case 'track': {
      const { type, track, player, role, from, bits, packetFrames, firstSample } = record;
      const { record: mayRecord, train, strangers } = record.consent;
      const consent = { record: mayRecord, train, strangers };
      return canonicalJson({ type, track, player, role, from, bits, packetFrames, firstSample, consent });
    }
    case 'audio':
    case 'fill':
      return soundLine(record, present(format, 'the format of the sound'));
    case 'span': {
      const { type, track, fromPacket, packets, fate } = record;
      return canonicalJson({ type, track, fromPacket, packets, fate });
    }
    case 'midi': {
      const { type, track, atSample, message } = record;
      return canonicalJson({ type, track, atSample, message: toHex(message) });
    }
    case 'beat': {
      const { type, id, atSample, bar, tempoMilliBpm, beatsPerBar, isRunning } = record;
      return canonicalJson({ type, id, atSample, bar, tempoMilliBpm, beatsPerBar, isRunning });
    }
    case 'end':
      return canonicalJson({ type: 'end', sha256: record.sha256, contents: record.contents });
  }
}

function soundLine(record: SoundRecord, { bits, sampleRateHz }: SoundFormat): string {
  const { type, track, atSample } = record;
  const samples = present(record.samples, 'decoded sound');
  assert(samples.length > 0 && samples.length <= MULTITRACK_LIMITS.recordFrames, 'sound within its limit');
  const flac = encodeFlacFrame({ samples, bits, sampleRateHz, place: { by: 'sample', number: atSample } });
  return canonicalJson({ type, track, atSample, frames: samples.length, flac: toBase64(flac) });
}
