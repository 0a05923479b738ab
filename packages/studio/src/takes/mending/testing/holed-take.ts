import { writeFileSync } from 'node:fs';
import { MultitrackWriter } from '@jamnet/jdat';
import type { Hole } from '../../repair-excerpts.ts';

export const RATE_HZ = 8_000;
export const FIRST_SAMPLE = 40_000;
const PACKET_FRAMES = 128;

/** Sample `at` of what is played. */
export function playedAt(at: number): number {
  // Never −0.
  return Math.round(9_000 * Math.sin(at * 0.05) + 3_000 * Math.sin(at * 0.171)) + 0;
}

/** Where a player was not heard: whole packets, of which half was filled with silence when it was played. */
export interface HeardTrack {
  readonly from: string;
  readonly strangers: boolean;
  readonly holes: readonly Hole[];
}

/**
 * A take of `seconds` in which ada recorded herself and what she heard of others; holes count samples of the room's timeline, and come in
 * order.
 */
export function writeHoledTake(file: string, seconds: number, heard: readonly HeardTrack[]): void {
  const lines: string[] = [];
  const writer = MultitrackWriter.begin(
    { jdat: 2, room: 'attic', recorder: 'ada', sampleRateHz: RATE_HZ, startedAtUs: 1_700_000_000_000_000n },
    (line) => lines.push(line),
  );
  const common = { player: 'ada', bits: 16, packetFrames: PACKET_FRAMES, firstSample: FIRST_SAMPLE } as const;
  const consent = { record: true, train: false, strangers: true };
  const own = writer.track({ ...common, role: 'sent', from: 'ada', consent });
  const tracks = heard.map(({ from, strangers, holes }) => ({
    holes,
    track: writer.track({ ...common, role: 'heard', from, consent: { ...consent, strangers } }),
  }));
  for (let at = FIRST_SAMPLE; at < FIRST_SAMPLE + seconds * RATE_HZ; at += PACKET_FRAMES) {
    const packet = Int32Array.from({ length: PACKET_FRAMES }, (_, n) => playedAt(at + n));
    writer.sound('audio', own, at, packet);
    for (const { track, holes } of tracks) {
      const hole = holes.find(({ atSample, frames }) => at >= atSample && at < atSample + frames);
      if (hole === undefined) writer.sound('audio', track, at, packet);
      else {
        if (at < hole.atSample + hole.frames / 2)
          writer.sound('fill', track, at, new Int32Array(PACKET_FRAMES));
        writer.fates(track, (at - FIRST_SAMPLE) / PACKET_FRAMES, ['concealed']);
      }
    }
  }
  writer.end();
  writeFileSync(file, `${lines.join('\n')}\n`);
}

/** A hole of whole packets, some packets into the take. */
export function holeAt(packet: number, packets: number): Hole {
  return { atSample: FIRST_SAMPLE + packet * PACKET_FRAMES, frames: packets * PACKET_FRAMES };
}
