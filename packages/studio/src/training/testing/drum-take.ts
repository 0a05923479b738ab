import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Hit } from '@jamnet/groove';
import { performanceOfDrummer } from '@jamnet/groove/testing';
import { type BeatRecord, MultitrackWriter } from '@jamnet/jdat';
import type { TakeArchive } from '../../takes/take-archive.ts';

export const TAKE_RATE_HZ = 48_000;
/** 120 beats a minute: a sixteenth is 6,000 samples. Bar 5 begins at sample 96,000. */
export const TAKE_BEAT: BeatRecord = {
  type: 'beat',
  id: 1,
  atSample: 96_000,
  bar: 5,
  tempoMilliBpm: 120_000,
  beatsPerBar: 4,
  isRunning: true,
};
/** General MIDI pitches of the nine classes. */
const PITCHES = [36, 38, 42, 46, 43, 47, 50, 49, 51];

export interface DrumTake {
  readonly player: string;
  readonly hits: readonly Hit[];
  readonly train?: boolean;
  readonly strangers?: boolean;
  readonly role?: 'sent' | 'heard';
}

/** Files a take of one drummer, as it would be uploaded; answers its id. `directory` is for the file on its way. */
export async function fileDrumTake(
  archive: TakeArchive,
  directory: string,
  { player, hits, train = true, strangers = true, role = 'sent' }: DrumTake,
): Promise<string> {
  const lines: string[] = [];
  const writer = MultitrackWriter.begin(
    { jdat: 2, room: 'attic', recorder: player, sampleRateHz: TAKE_RATE_HZ, startedAtUs: 1n },
    (line) => lines.push(`${line}\n`),
  );
  const track = writer.track({
    player,
    role,
    from: player,
    bits: 16,
    packetFrames: 1,
    firstSample: 0,
    consent: { record: true, train, strangers },
  });
  writer.beat({ ...TAKE_BEAT });
  const events = hits.map(({ sixteenth, instrument, offsetUs, velocity }) => ({
    atSample: 96_000 + 6000 * sixteenth + Math.round(offsetUs * 0.048),
    message: Uint8Array.of(0x99, PITCHES[instrument] ?? 0, velocity),
  }));
  for (const { atSample, message } of events.sort((a, b) => a.atSample - b.atSample))
    writer.midi({ track, atSample, message });
  writer.end();
  const file = join(directory, 'take.jdat');
  writeFileSync(file, lines.join(''));
  const filed = await archive.addFile(file);
  if (!filed.ok) throw new Error(filed.message);
  return filed.value.id;
}

/** Strokes of one drummer's habits. */
export function strokesOf(seed: string, bars: number): readonly Hit[] {
  return performanceOfDrummer(seed, bars).hits;
}
