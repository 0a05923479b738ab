import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import {
  CORRELATIONS_AT,
  FLOOR_AT,
  HISTORY_AT,
  PAST_AT,
  RESULT_AT,
  SCORE_AT,
  SEARCH_LAGS,
  WEIGHTS_AT,
} from './layout.ts';
import { PlainTracker } from './plain-tracker.ts';
import { Repetition } from './repetition.ts';
import type { Tracker } from './tracker.ts';
import { trackerModule } from './tracker-module.ts';
import { createWasmTracker } from './wasm-tracker.ts';

const LAGS = 320;
const DECAY = Math.fround(0.9);

/** Brings `samples` in blocks of `block` frames. */
function feed(tracker: Tracker, samples: Float32Array, block: number): void {
  const { memory } = tracker;
  for (let at = 0; at < samples.length; at += block) {
    let weight = 1;
    for (let j = block - 1; j >= 0; j--) {
      const sample = samples[at + j] ?? 0;
      memory[HISTORY_AT + SEARCH_LAGS + at + j] = sample;
      memory[WEIGHTS_AT + j] = weight * sample;
      weight *= DECAY;
    }
    memory[WEIGHTS_AT - 1] = weight;
    tracker.track(SEARCH_LAGS + at, block);
  }
}

const chance = seededChance('tracker');
const noise = Float32Array.from({ length: 960 }, () => chance.unit() - 0.5);

test.each([1, 3, 16, 40])('both trackers hold the same bits after blocks of %i', (block) => {
  const wasm = createWasmTracker(LAGS, 64);
  if (wasm === null) throw new Error('this host has no WebAssembly SIMD');
  const plain = new PlainTracker(LAGS, 64);
  feed(wasm, noise, block);
  feed(plain, noise, block);
  expect(wasm.memory.slice(0, 40_000)).toEqual(plain.memory.slice(0, 40_000));
});

test('the correlations are those of the definition', () => {
  const tracker = new PlainTracker(LAGS, 64);
  feed(tracker, noise, 16);
  const last = noise.length - 1;
  for (const lag of [1, 2, 17, 319, 320]) {
    let sum = 0;
    for (let k = 0; last - k - lag >= 0; k++)
      sum += DECAY ** k * (noise[last - k] ?? 0) * (noise[last - k - lag] ?? 0);
    expect(tracker.memory[CORRELATIONS_AT + SEARCH_LAGS - lag]).toBeCloseTo(sum, 5);
  }
});

test('the module is the same bytes each time and small', () => {
  expect(trackerModule()).toEqual(trackerModule());
  expect(trackerModule().length).toBeLessThan(1024);
});

test('both trackers stop a scan at the same places', () => {
  const wasm = createWasmTracker(LAGS, 64);
  if (wasm === null) throw new Error('this host has no WebAssembly SIMD');
  const plain = new PlainTracker(LAGS, 64);
  for (const tracker of [wasm, plain]) {
    for (let i = 0; i < 400; i++) {
      tracker.memory[CORRELATIONS_AT + i] = Math.sin(i * i);
      tracker.memory[CORRELATIONS_AT + 1000 + i] = i % 50 === 7 ? 1e-3 : 1;
    }
    tracker.memory[SCORE_AT] = 0.9;
    tracker.memory[FLOOR_AT] = 0.01;
  }
  const stops = [wasm, plain].map((tracker) => {
    const places: number[] = [];
    for (let at = CORRELATIONS_AT + 396; at >= CORRELATIONS_AT; at -= 4) {
      at = tracker.scan(at, CORRELATIONS_AT, 1000);
      places.push(at);
    }
    return places;
  });
  expect(stops[0]).toEqual(stops[1]);
  expect(stops[0]?.length).toBeGreaterThan(10);
  expect(stops[0]?.length).toBeLessThan(100);
  expect(wasm.scan(CORRELATIONS_AT - 4, CORRELATIONS_AT, 1000)).toBe(CORRELATIONS_AT - 4);
});

test('both trackers multiply stretches to the same sum', () => {
  const wasm = createWasmTracker(LAGS, 64);
  if (wasm === null) throw new Error('this host has no WebAssembly SIMD');
  const sums = [wasm, new PlainTracker(LAGS, 64)].map((tracker) => {
    for (let i = 0; i < 64; i++) tracker.memory[PAST_AT + i] = Math.sin(i);
    tracker.multiply(PAST_AT + 3, PAST_AT + 7, 48);
    return tracker.memory.subarray(RESULT_AT, RESULT_AT + 4).reduce((sum, part) => sum + part, 0);
  });
  expect(Math.abs((sums[0] ?? 0) - (sums[1] ?? 1))).toBeLessThan(1e-5);
  expect(Math.abs(sums[0] ?? 0)).toBeGreaterThan(1);
});

/** Noise, silence, then the beginning of the same noise at half the level. */
function repeated(packetFrames: number, gapPackets: number): { search: Repetition; rest: Float32Array } {
  const search = new Repetition({ sampleRateHz: 44_100, packetFrames, channels: 1, searchSeconds: 1 });
  const burst = Float32Array.from({ length: packetFrames * 16 }, () => chance.unit() - 0.5);
  for (let p = 0; p < 16; p++) search.append(burst.subarray(p * packetFrames, (p + 1) * packetFrames));
  for (let p = 0; p < gapPackets; p++) search.append(new Float32Array(packetFrames));
  for (let p = 0; p < 8; p++)
    search.append(burst.slice(p * packetFrames, (p + 1) * packetFrames).map((sample) => sample / 2));
  return { search, rest: burst.slice(8 * packetFrames, 9 * packetFrames).map((sample) => sample / 2) };
}

test.each([100, 128, 256])('noise that comes again is continued to below −40 dB, packets of %i', (frames) => {
  const { search, rest } = repeated(frames, 40);
  expect(search.find()).toBe(true);
  expect(search.agreement[0]).toBeGreaterThan(0.999);
  const out = new Float64Array(frames);
  search.continueTo(out, 0, 0, frames);
  const error = rest.reduce((sum, sample, i) => sum + (sample - (out[i] ?? 0)) ** 2, 0);
  const energy = rest.reduce((sum, sample) => sum + sample ** 2, 0);
  expect(10 * Math.log10(error / energy)).toBeLessThan(-40);
});

test('silence, a young stream and a stream after clear have no repetition', () => {
  const search = new Repetition({ sampleRateHz: 44_100, packetFrames: 128, channels: 1, searchSeconds: 1 });
  expect(search.find()).toBe(false);
  for (let p = 0; p < 50; p++) search.append(new Float32Array(128));
  expect(search.find()).toBe(false);
  const { search: found } = repeated(128, 40);
  found.clear();
  expect(found.find()).toBe(false);
  const out = new Float64Array(128).fill(7);
  found.continueTo(out, 0, 0, 128);
  expect(out.every((sample) => sample === 0)).toBe(true);
});
