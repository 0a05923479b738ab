import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodeTake, encodeWav, type TakeConsent, type TakeRecord, toInt16 } from '@jamnet/jdat';
import type { TakeStore } from '../../takes/take-store.ts';

export const RATE_HZ = 8_000;
const HOLE_FRAMES = 400;
/** So far apart that each hole has an excerpt of its own. */
const HOLE_EVERY_FRAMES = 2 * RATE_HZ;

/**
 * Puts a take of plucked notes into the store, in all its versions: a hole of 50 ms every two seconds, heard at a third of its
 * loudness and repaired at nine tenths.
 */
export function putRepairedTake(
  takes: TakeStore,
  id: string,
  { holes, consent = {} }: { readonly holes: number; readonly consent?: Partial<TakeConsent> },
): void {
  const frames = holes * HOLE_EVERY_FRAMES;
  const sent = Float32Array.from({ length: frames }, (_, i) =>
    plucked(i, Number.parseInt(id.slice(0, 2), 16)),
  );
  const lost = Array.from({ length: holes }, (_, n) => ({
    atSample: n * HOLE_EVERY_FRAMES + RATE_HZ,
    frames: HOLE_FRAMES,
  }));
  const filled = (gain: number) => {
    const signal = Float32Array.from(sent);
    for (const { atSample } of lost)
      for (let i = atSample; i < atSample + HOLE_FRAMES; i++) signal[i] = (sent[i] ?? 0) * gain;
    return signal;
  };
  const folder = takes.createFolder(id);
  for (const [name, samples] of [
    ['sent', sent],
    ['heard', filled(0.3)],
    ['repaired', filled(0.9)],
  ] as const)
    writeFileSync(
      join(folder, `${name}.wav`),
      encodeWav({ sampleRateHz: RATE_HZ, channels: [samples] }, { bitsPerSample: 16 }),
    );
  const header = {
    jdat: 1,
    room: 'garden',
    player: 'ear',
    role: 'heard',
    from: 'strings',
    sampleRateHz: RATE_HZ,
    packetFrames: 120,
    startedAtUs: 0n,
    consent: { record: true, train: true, strangers: true, ...consent },
  } as const;
  const write = (name: string, role: 'sent' | 'heard', records: readonly TakeRecord[]) =>
    writeFileSync(join(folder, name), `${[...encodeTake({ ...header, role }, records)].join('\n')}\n`);
  write('sent.jdat', 'sent', audioOf(sent, 0, frames));
  let from = 0;
  const heard: TakeRecord[] = [];
  for (const { atSample, frames: length } of lost) {
    heard.push(...audioOf(sent, from, atSample), { type: 'span', atSample, frames: length, fate: 'lost' });
    from = atSample + length;
  }
  write('heard.jdat', 'heard', [...heard, ...audioOf(sent, from, frames)]);
  takes.writeView({
    id,
    player: 'ear',
    from: 'strings',
    seconds: frames / RATE_HZ,
    sampleRateHz: RATE_HZ,
    packets: frames / 120,
    lost: 0,
    recovered: 0,
    concealed: lost.length,
    late: 0,
    delayMsP50: 10,
    delayMsP99: 12,
    spans: [],
    variants: ['sent', 'heard', 'repaired'],
  });
}

/** Half a second of a decaying tone after the other, of a pitch of its own for each take. */
function plucked(i: number, pitch: number): number {
  const seconds = (i % (RATE_HZ / 2)) / RATE_HZ;
  return 0.4 * Math.exp(-3 * seconds) * Math.sin(2 * Math.PI * (110 + pitch) * seconds);
}

const RECORD_FRAMES = 8_192;

function audioOf(samples: Float32Array, from: number, to: number): TakeRecord[] {
  const records: TakeRecord[] = [];
  for (let atSample = from; atSample < to; atSample += RECORD_FRAMES)
    records.push({
      type: 'audio',
      atSample,
      samples: toInt16(samples.subarray(atSample, Math.min(to, atSample + RECORD_FRAMES))),
    });
  return records;
}
