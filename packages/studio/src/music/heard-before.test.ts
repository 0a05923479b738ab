import { fileURLToPath } from 'node:url';
import { seededChance } from '@jamnet/base';
import { beforeAll, expect, test, vi } from 'vitest';
import { decodeOgg } from '../samples/sample-piece.ts';
import { HeardBefore } from './heard-before.ts';

// Fingerprints of minutes of sound: on a busy machine they take their time.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 });

const SECONDS = 4;
let guitar = new Float32Array(0);
let rateHz = 0;
beforeAll(async () => {
  const file = new URL('../../../../samples/piece/metal-madness-guitar.ogg', import.meta.url);
  const sound = await decodeOgg(fileURLToPath(file));
  rateHz = sound.sampleRateHz;
  guitar = sound.samples.slice(5 * rateHz, 45 * rateHz);
});

const part = (fromSeconds: number) => guitar.subarray(fromSeconds * rateHz, (fromSeconds + SECONDS) * rateHz);
const uniqueOf = (memory: HeardBefore, name: string, samples: Float32Array): number => {
  const heard = memory.take(name, samples, rateHz);
  return heard.ok ? heard.value.isUnique.filter(Boolean).length : expect.fail(heard.message);
};

/** Ten ways to bring the same sound again: pitch kept, everything else changed. */
function disguises(original: Float32Array): Float32Array[] {
  const chance = seededChance('hiss');
  const levels = (count: number) => original.map((sample) => Math.round(sample * count) / count);
  const trimmed = (seconds: number) => original.subarray(Math.round(seconds * rateHz));
  const smoothed = (sound: Float32Array) =>
    sound.map((sample, i) => (sample + (sound[i - 1] ?? 0) + (sound[i - 2] ?? 0)) / 3);
  return [
    original.slice(),
    original.map((sample) => 0.3 * sample),
    original.map((sample) => Math.max(-1, Math.min(1, 2 * sample))),
    original.map((sample) => -sample),
    trimmed(0.37),
    trimmed(0.0061),
    levels(127),
    trimmed(0.5).map((sample) => Math.round(sample * 100) / 100),
    smoothed(original),
    original.map((sample) => sample + 0.002 * (chance.unit() - 0.5)),
  ];
}

test("ten re-uploads, re-encoded, gain-changed and trimmed, raise their owner's share by less than one in a hundred", () => {
  const memory = new HeardBefore();
  const [own, other] = [uniqueOf(memory, 'own', part(0)), uniqueOf(memory, 'other', part(20))];
  expect([own, other]).toEqual([SECONDS / 2, SECONDS / 2]);
  const again = disguises(part(0)).map((sound, index) => uniqueOf(memory, `again ${index}`, sound));
  const sum = again.reduce((total, stretches) => total + stretches, 0);
  const [before, after] = [own / (own + other), (own + sum) / (own + sum + other)];
  expect(after - before).toBeLessThan(0.01);
});

test('strange music shares less than half, and disguised music more than one and a half times, of what counts as heard', () => {
  const memory = new HeardBefore();
  const shares = (name: string, samples: Float32Array): readonly number[] => {
    const heard = memory.take(name, samples, rateHz);
    return heard.ok ? heard.value.recurringPermille : expect.fail(heard.message);
  };
  const strange = [0, 6, 12, 18, 24, 30].flatMap((from, take) => shares(`take ${take}`, part(from)));
  expect(Math.max(...strange)).toBeLessThan(30);
  const disguised = disguises(part(12)).flatMap((sound, index) => shares(`again ${index}`, sound));
  expect(Math.min(...disguised)).toBeGreaterThan(90);
});

test('a re-upload names its source', () => {
  const memory = new HeardBefore();
  uniqueOf(memory, 'own', part(0));
  expect(memory.take('again', part(0), rateHz)).toMatchObject({
    ok: true,
    value: { stretches: SECONDS / 2, repeated: SECONDS / 2, sources: ['own'] },
  });
});

test('a loop of two seconds is two seconds of music, however often it is repeated', () => {
  const length = Math.floor((2 * rateHz) / 512) * 512;
  const once = part(0).subarray(0, length);
  const looped = new Float32Array(5 * length);
  for (let turn = 0; turn < 5; turn++) looped.set(once, turn * length);
  expect(uniqueOf(new HeardBefore(), 'loop', looped)).toBe(1);
});

test('silence is no music, and a tone held for long is as much as its first two seconds', () => {
  const memory = new HeardBefore();
  const tone = Float32Array.from({ length: 6 * rateHz }, (_, i) => 0.3 * Math.sin(0.05 * i));
  const silence = new Float32Array(4 * rateHz);
  expect([uniqueOf(memory, 'silence', silence), uniqueOf(memory, 'tone', tone)]).toEqual([0, 1]);
});

test('what cannot be fingerprinted is refused', () => {
  expect(new HeardBefore().take('fast', new Float32Array(2_000_000), 400_000)).toMatchObject({
    ok: false,
    code: 'fingerprint-failed',
  });
});

test('a full memory says so', () => {
  expect(new HeardBefore(100).take('own', part(0), rateHz)).toMatchObject({
    ok: false,
    code: 'too-much-remembered',
  });
});
