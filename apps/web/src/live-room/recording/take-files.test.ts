import { decodeFlac, decodeWav, toIntegers } from '@jamnet/jdat';
import { expect, test } from 'vitest';
import { packFlac, writeTrackWav } from './export-track.ts';
import { pictureOf } from './take-picture.ts';
import { MemoryFile } from './testing/memory-file.ts';
import { FRAMES, packetOf, smallTake } from './testing/small-take.ts';

function wholeTake(): MemoryFile {
  const { file, take } = smallTake();
  take.finish();
  return file;
}

function wavOf(track: number): {
  out: MemoryFile;
  samples: number[];
  format: { frames: number; bits: 16 | 24; sampleRateHz: number };
} {
  const out = new MemoryFile();
  const written = writeTrackWav(wholeTake(), track, out, () => undefined);
  if (!written.ok) throw new Error(written.message);
  const wav = decodeWav(out.bytes);
  if (!wav.ok) throw new Error(wav.message);
  const [channel = new Float32Array(0)] = wav.value.channels;
  return { out, samples: [...toIntegers(channel, 16)], format: written.value };
}

const own = (index: number): number[] => [...packetOf(index)];

test('a track as WAV has what was sent, sample for sample', () => {
  const packets = Array.from({ length: 10 }, (_, i) => own(10 + i));
  expect(wavOf(0).samples).toEqual(packets.flat());
});

test('holes hold what filled them, and what came too late for the ear is there as it was sent', () => {
  const packets = Array.from({ length: 10 }, (_, i) =>
    i === 3 ? new Array<number>(FRAMES).fill(-1) : own(-(10 + i)),
  );
  expect(wavOf(1).samples).toEqual(packets.flat());
});

test('FLAC holds the very samples of the WAV', () => {
  const { out, samples, format } = wavOf(1);
  const flac = new MemoryFile();
  packFlac(out, format, flac);
  const unpacked: number[] = [];
  const decoded = decodeFlac(flac.bytes, ([channel]) => unpacked.push(...(channel ?? [])));
  expect(decoded).toMatchObject({ ok: true, value: { bits: 16, sampleRateHz: 48_000 } });
  expect(unpacked).toEqual(samples);
});

test('a take is drawn track by track, with its stretches in their places and the counts of all', () => {
  const picture = pictureOf(wholeTake(), () => undefined);
  if (!picture.ok) throw new Error(picture.message);
  const packet = FRAMES / 48_000;
  expect(picture.value.seconds).toBeCloseTo(10 * packet, 9);
  const [sent, heard] = picture.value.tracks;
  expect(sent).toMatchObject({ role: 'sent', from: 'Ada', gaps: [] });
  expect(heard).toMatchObject({
    role: 'heard',
    from: 'Bo',
    packets: { concealed: 1, recovered: 1, late: 1 },
  });
  expect(heard?.gaps.map(({ fate }) => fate)).toEqual(['concealed', 'recovered', 'late']);
  expect(heard?.gaps[0]?.fromSeconds).toBeCloseTo(3 * packet, 9);
  expect(heard?.gaps[0]?.toSeconds).toBeCloseTo(4 * packet, 9);
  expect(Math.max(...(sent?.peaks ?? []))).toBeCloseTo(1904 / 32_768, 6);
  expect(Math.min(...(heard?.peaks ?? []))).toBeCloseTo(-1899 / 32_768, 6);
});

test('damaged sound is told and nothing is drawn', () => {
  const file = wholeTake();
  const at = Buffer.from(file.bytes).indexOf('"flac":"') + 20;
  file.bytes[at] = (file.bytes[at] ?? 0) === 65 ? 66 : 65;
  expect(pictureOf(file, () => undefined).ok).toBe(false);
});
