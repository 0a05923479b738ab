import { seededChance } from '@jamnet/base';
import { describe, expect, test } from 'vitest';
import { detectOnsets, ONSET_LATENCY_MS, OnsetDetector } from './onset-detector.ts';
import { addGuitars, agreement, HARD_KIT, mixOf, RATE_HZ, SOFT_KIT } from './testing/mix.ts';
import { shippedSamples } from './testing/wav-file.ts';

const BARS = 10;
const NAMES = ['kick', 'snare', 'closed hat'];

describe.each([
  ['hard kit alone', HARD_KIT, 0, 0.85],
  ['soft kit alone', SOFT_KIT, 0, 0.85],
  ['hard kit behind guitars', HARD_KIT, 0.08, 0.85],
  ['soft kit behind guitars', SOFT_KIT, 0.08, 0.7],
])('%s', (_name, kit, guitars, f1Min) => {
  const { samples, truth } = mixOf(kit, BARS);
  if (guitars > 0) addGuitars(samples, guitars);
  const found = detectOnsets(samples, RATE_HZ);

  test.each(NAMES.map((name, instrument) => [name, instrument] as const))('%s', (_class, instrument) => {
    const { f1, medianErrorUs } = agreement(found, truth, instrument);
    expect(f1).toBeGreaterThan(f1Min);
    expect(medianErrorUs).toBeLessThan(1500);
  });
});

describe('the detector', () => {
  const { samples } = mixOf(HARD_KIT, 4);

  test('finds the same in blocks of any size', () => {
    const chance = seededChance('blocks');
    const detector = new OnsetDetector(RATE_HZ);
    const whole = new OnsetDetector(RATE_HZ);
    for (let at = 0; at < samples.length; ) {
      const size = 1 + chance.below(4000);
      detector.push(samples.subarray(at, at + size));
      at += size;
    }
    whole.push(samples);
    expect(detector.take()).toEqual(whole.take());
  });

  test('reports an onset within its latency, whatever comes after', () => {
    const all = detectOnsets(samples, RATE_HZ);
    const cut = 5 * RATE_HZ;
    const changed = Float32Array.from(samples, (sample, index) =>
      index < cut ? sample : Math.sin(index * index),
    );
    const detector = new OnsetDetector(RATE_HZ);
    detector.push(changed.subarray(0, cut));
    const early = detector.take();
    const safeUs = 5_000_000 - (ONSET_LATENCY_MS + 2) * 1000;
    expect(early.length).toBeGreaterThan(10);
    for (const onset of all.filter(({ timeUs }) => timeUs < safeUs)) expect(early).toContainEqual(onset);
  });

  test('hears nothing in silence or in a steady tone, and hardly anything in steady noise', () => {
    const chance = seededChance('noise');
    const signal = (of: (index: number) => number) =>
      Float32Array.from({ length: 4 * RATE_HZ }, (_, index) => of(index));
    const after50Ms = (samples: Float32Array) =>
      detectOnsets(samples, RATE_HZ).filter((onset) => onset.timeUs > 50_000);
    expect(
      detectOnsets(
        signal(() => 0),
        RATE_HZ,
      ),
    ).toEqual([]);
    expect(after50Ms(signal((i) => 0.5 * Math.sin(i / 20)))).toEqual([]);
    expect(after50Ms(signal(() => chance.unit() - 0.5)).length).toBeLessThanOrEqual(2);
  });

  test('does not mind how loud the recording is', () => {
    const quiet = samples.map((sample) => sample / 8);
    const [loud, soft] = [detectOnsets(samples, RATE_HZ), detectOnsets(quiet, RATE_HZ)];
    expect(Math.abs(loud.length - soft.length)).toBeLessThanOrEqual(loud.length / 20);
  });

  test('gives integers in range, in order', () => {
    for (const loop of ['compus', 'industrial', 'mika', 'tabla']) {
      const onsets = detectOnsets(shippedSamples(`loops/${loop}.wav`), RATE_HZ);
      expect(onsets.length).toBeGreaterThan(1);
      for (const { timeUs, velocity, instrument } of onsets) {
        expect(Number.isInteger(timeUs) && timeUs >= 0 && [0, 1, 2].includes(instrument)).toBe(true);
        expect(Number.isInteger(velocity) && velocity >= 1 && velocity <= 127).toBe(true);
      }
      expect(onsets).toEqual([...onsets].sort((a, b) => a.timeUs - b.timeUs || a.instrument - b.instrument));
    }
  });

  test.each(['aminor-down-03', 'aminor-up-03', 'cmajor-00', 'dmajor-up-02', 'emajor-03', 'gmajor-down-02'])(
    'hears that the strum %s begins',
    (strum) => {
      const padded = new Float32Array(2 * RATE_HZ);
      padded.set(shippedSamples(`strums/${strum}.wav`).subarray(0, RATE_HZ), RATE_HZ);
      const first = detectOnsets(padded, RATE_HZ)[0];
      expect(Math.abs((first?.timeUs ?? 0) - 1_000_000)).toBeLessThan(40_000);
    },
  );
});
