import { Failure } from '@jamnet/base';
import {
  LineSplitter,
  type LossRecord,
  MULTITRACK_LIMITS,
  MultitrackReader,
  type PacketFate,
  type SoundRecord,
  type TakeRecord,
  type TrackRecord,
} from '@jamnet/jdat';
import type { HeardStream } from './heard-stream.ts';
import { fileChunks } from './takes/read-take-file.ts';

/** What takes of version 1 call it. */
const FATES: Readonly<Record<PacketFate, 'recovered' | 'late' | 'lost'>> = {
  recovered: 'recovered',
  late: 'late',
  concealed: 'lost',
};

/**
 * The single-track take of one stream out of the multitrack one: audio of every packet of which any copy came, late ones included,
 * and spans where the network did something, counted from the stream's first sample. Nothing of it is held in memory.
 */
export function* heardRecords(takeFile: string, stream: HeardStream, packets: number): Iterable<TakeRecord> {
  // A stream of which nothing ever came was never begun.
  if (takeFile === '') return;
  const { packetFrames } = stream.store;
  const base = Math.max(0, stream.receiver.baseIndex) * packetFrames;
  const reader = new MultitrackReader({ sound: true });
  const splitter = new LineSplitter(MULTITRACK_LIMITS.lineBytes);
  for (const chunk of fileChunks(takeFile))
    for (const line of splitter.push(chunk)) {
      const answer = reader.line(line);
      if (!answer.ok) throw new Failure(answer.code, `${takeFile}: ${answer.message}`);
      const record = answer.value;
      if (record === null || 'jdat' in record || (record.type !== 'audio' && record.type !== 'span'))
        continue;
      const track = reader.state?.tracks[record.track]?.track;
      if (track?.role !== 'heard' || track.from !== stream.from) continue;
      const atSample = placeOf(record, track) - base;
      if (atSample < 0 || atSample >= packets * packetFrames) continue;
      if (record.type === 'audio')
        yield { type: 'audio', atSample, samples: Int16Array.from(record.samples ?? []) };
      else if (record.type === 'span')
        yield { type: 'span', atSample, frames: record.packets * packetFrames, fate: FATES[record.fate] };
    }
}

function placeOf(record: SoundRecord | LossRecord, track: TrackRecord): number {
  return record.type === 'span'
    ? track.firstSample + record.fromPacket * track.packetFrames
    : record.atSample;
}
