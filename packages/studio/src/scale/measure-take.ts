import { join } from 'node:path';
import { MultitrackWriter, toInt16 } from '@jamnet/jdat';
import { decodeOgg, readPiece } from '../samples/sample-piece.ts';

export interface MeasuredTake {
  /** Minutes of tracks that were written, at 48 kHz. */
  readonly minutes: number;
  /** Of a minute of one track, as it lies in the archive. */
  readonly bytes: number;
  /** To write it. */
  readonly processorUs: number;
}

/** Rooms play at this rate; the piece has 44,100, so its samples are counted: what packs them is the same. */
const ROOM_RATE_HZ = 48_000;

/** Writes the shipped piece as a take, a track a stem, as players record themselves: 16 bits, in packets of 128. */
export async function measureTake(samplesDirectory: string): Promise<MeasuredTake> {
  const { stems } = readPiece(samplesDirectory);
  const sounds = await Promise.all(stems.map(({ file }) => decodeOgg(join(samplesDirectory, file))));
  const consent = { record: true, train: false, strangers: false };
  let bytes = 0;
  const cpu = process.cpuUsage();
  const writer = MultitrackWriter.begin(
    {
      ...{ jdat: 2, room: 'blue', recorder: 'ada', startedAtUs: 0n },
      sampleRateHz: sounds[0]?.sampleRateHz ?? 0,
    },
    (line) => {
      bytes += Buffer.byteLength(line) + 1;
    },
  );
  for (const [n, { samples }] of sounds.entries()) {
    const from = `player-${n}`;
    const track = writer.track({
      ...{ player: from, role: 'sent', from, bits: 16, packetFrames: 128, firstSample: 0, consent },
    });
    writer.sound('audio', track, 0, Int32Array.from(toInt16(samples)));
  }
  writer.end();
  const { user, system } = process.cpuUsage(cpu);
  const frames = sounds.reduce((sum, { samples }) => sum + samples.length, 0);
  const minutes = frames / ROOM_RATE_HZ / 60;
  return {
    minutes,
    bytes: Math.round(bytes / minutes),
    processorUs: Math.round((user + system) / minutes),
  };
}
