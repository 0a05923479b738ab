import type { TakeConsent } from '@jamnet/jdat';
import { OpenTake } from '../open-take.ts';
import { MemoryFile } from './memory-file.ts';

export const FRAMES = 4;
const CONSENT: TakeConsent = { record: true, train: false, strangers: false };

/** Sound of one packet that is like no other's. */
export function packetOf(index: number): Int32Array {
  return Int32Array.from({ length: FRAMES }, (_, i) => 100 * index + i + 1);
}

/**
 * Ada's take of packets 10 to 19: her own, and Bo's, of which 13 was lost and filled with −1, 15 came from a copy and 17 too late, after
 * it had been filled with −2.
 */
export function smallTake(): { file: MemoryFile; take: OpenTake } {
  const file = new MemoryFile();
  const take = OpenTake.create(file, {
    jdat: 2,
    room: 'attic',
    recorder: 'Ada',
    sampleRateHz: 48_000,
    startedAtUs: 0n,
  });
  const { writer } = take;
  const stream = {
    player: 'Ada',
    bits: 16,
    packetFrames: FRAMES,
    firstSample: 40,
    consent: CONSENT,
  } as const;
  const sent = writer.track({ ...stream, role: 'sent', from: 'Ada' });
  const heard = writer.track({ ...stream, role: 'heard', from: 'Bo' });
  for (let index = 10; index < 20; index++) {
    writer.sound('audio', sent, index * FRAMES, packetOf(index));
    if (index !== 13) writer.sound('audio', heard, index * FRAMES, packetOf(-index));
    if (index === 13) writer.sound('fill', heard, index * FRAMES, new Int32Array(FRAMES).fill(-1));
    if (index === 17) writer.sound('fill', heard, index * FRAMES, new Int32Array(FRAMES).fill(-2));
  }
  const fates = [null, null, null, 'concealed', null, 'recovered', null, 'late'] as const;
  writer.fates(heard, 0, fates);
  return { file, take };
}
