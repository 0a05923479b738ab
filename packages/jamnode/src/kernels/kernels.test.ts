import { seededChance, toHex } from '@jamnet/base';
import { encodeStep, examplesOf, HOUSE_PRIORS, TrainingRun } from '@jamnet/groove';
import { chunkOf } from '@jamnet/mesh/chunks';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFingerprint, encodeFingerprintInput, fingerprintMatch } from './fingerprint.ts';
import { CHUNK_COUNT } from './kernel.ts';
import { KERNELS, kernelOf } from './kernels.ts';
import {
  decodeRepairInput,
  decodeRepairResult,
  encodeRepairInput,
  type RepairInput,
  takeRepair,
} from './repair.ts';
import { encodeRingerInput } from './ringer.ts';
import { standardCatalogue } from './standard-catalogue.ts';
import { encodeWaveInput } from './wave.ts';

/** Plucked notes of two partials, five a second, and a little noise. */
function music(seed: string, frames: number): Int16Array {
  const chance = seededChance(seed);
  const samples = new Float64Array(frames);
  for (let onset = 0; onset < frames; onset += 2000 + chance.below(6000)) {
    const [step, level] = [0.01 + 0.1 * chance.unit(), 1000 + 5000 * chance.unit()];
    for (let n = onset; n < frames; n++) {
      const age = n - onset;
      const tone = Math.sin(step * age) + 0.5 * Math.sin(2.01 * step * age);
      samples[n] = (samples[n] ?? 0) + level * Math.exp(-age / 4000) * tone;
    }
  }
  return Int16Array.from(samples, (sample) => Math.round(sample + 4 * (chance.unit() - 0.5)));
}

const REPAIR: RepairInput = {
  rateHz: 48_000,
  pcm: music('repair', 9000),
  spans: [
    { atSample: 4000, frames: 96 },
    { atSample: 6000, frames: 64 },
  ],
};
/** A few updates on sixteen strokes of a snare that pushes. */
function trainingStep(): Uint8Array {
  const hits = Array.from({ length: 16 }, (_, n) => ({
    sixteenth: 4 * n,
    instrument: 1,
    offsetUs: 9000 - 300 * n,
    velocity: 90 + n,
  }));
  const run = new TrainingRun({
    examples: examplesOf([hits], HOUSE_PRIORS, 'bar'),
    plan: { epochs: 2, batch: 4, learningRate: 0.002 },
    chance: seededChance('kernel'),
    from: null,
  });
  return encodeStep(run.step(0, run.start));
}

const INPUTS: Record<string, Uint8Array> = {
  'take.repair': encodeRepairInput(REPAIR),
  'take.fingerprint': encodeFingerprintInput({ rateHz: 48_000, pcm: music('print', 30_000) }),
  'groove.train-step': trainingStep(),
  'bench.wave': encodeWaveInput({ seed: 7, frames: 100 }),
  'bench.ringer': encodeRingerInput({ seed: 7, size: 21, rounds: 3 }),
};

describe.each(KERNELS.map((kernel) => [kernel.kind, kernel] as const))('%s', (kind, kernel) => {
  const input = INPUTS[kind] ?? new Uint8Array();

  test('gives the same bytes twice, and chunks that join to the whole', () => {
    const [first, second] = [kernel.run(input), kernel.run(input)];
    if (!first.ok || !second.ok) throw new Error('refused');
    expect(toHex(first.value)).toBe(toHex(second.value));
    for (let chunk = 0; chunk < CHUNK_COUNT; chunk++) {
      const part = kernel.runChunk(input, chunk);
      expect(part.ok && toHex(part.value)).toBe(toHex(chunkOf(first.value, CHUNK_COUNT, chunk)));
    }
  });

  test('states its operations from the sizes alone', () => {
    const counted = kernel.operations(input);
    expect(counted.ok && counted.value > 0n).toBe(true);
    const entry = standardCatalogue().find((candidate) => candidate.kind === kind);
    expect(counted.ok && counted.value <= (entry?.limits.operationsMax ?? 0n)).toBe(true);
  });

  test('answers any bytes with a refusal, never an exception', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 64 }),
        (bytes) => kernel.operations(bytes).ok === kernel.run(bytes).ok,
      ),
      { numRuns: 50 },
    );
    for (const length of [0, 4, input.length - 1, input.length + 1]) {
      const cut = new Uint8Array(length);
      cut.set(input.subarray(0, length));
      expect(kernel.run(cut)).toMatchObject({ ok: false, code: 'input-malformed' });
    }
  });
});

test('mends a hole better than silence does', () => {
  const damaged = REPAIR.pcm.slice();
  for (const { atSample, frames } of REPAIR.spans) damaged.fill(0, atSample, atSample + frames);
  const input = { ...REPAIR, pcm: damaged };
  const result = takeRepair.run(encodeRepairInput(input));
  const spans = result.ok ? decodeRepairResult(input, result.value) : null;
  let [error, energy] = [0, 0];
  for (const [index, { atSample, frames }] of REPAIR.spans.entries()) {
    for (let n = 0; n < frames; n++) {
      const truth = (REPAIR.pcm[atSample + n] ?? 0) / 32_768;
      error += (truth - (spans?.[index]?.[n] ?? 0)) ** 2;
      energy += truth ** 2;
    }
  }
  expect(error).toBeLessThan(energy / 10);
});

test.each([
  ['no span', { spans: [] }],
  [
    'spans that overlap',
    {
      spans: [
        { atSample: 10, frames: 10 },
        { atSample: 15, frames: 10 },
      ],
    },
  ],
  ['a span past the end', { spans: [{ atSample: 8990, frames: 11 }] }],
  ['an empty span', { spans: [{ atSample: 10, frames: 0 }] }],
  ['an unlikely rate', { rateHz: 7999 }],
  ['more than two seconds', { rateHz: 8000, pcm: new Int16Array(16_001) }],
  ['1,025 spans', { spans: Array.from({ length: 1025 }, (_, n) => ({ atSample: 4 * n, frames: 1 })) }],
])('refuses a repair with %s', (_, change) => {
  expect(decodeRepairInput(encodeRepairInput({ ...REPAIR, ...change }))).toMatchObject({
    ok: false,
    code: 'input-malformed',
  });
});

test('recognises a recording after noise and a shift, and no other', () => {
  const kernel = kernelOf('take.fingerprint', 1);
  const print = (pcm: Int16Array) => {
    const result = kernel?.run(encodeFingerprintInput({ rateHz: 48_000, pcm }));
    return result?.ok ? decodeFingerprint(result.value) : [];
  };
  const [original, other] = [music('one', 60_000), music('two', 60_000)];
  const chance = seededChance('noise');
  const noisy = original.map((sample) => sample + 40 * (chance.unit() - 0.5)).subarray(5 * 512);
  expect(print(original).length).toBeGreaterThan(50);
  expect(fingerprintMatch(print(noisy), print(original))).toBeGreaterThan(0.5);
  expect(fingerprintMatch(print(other), print(original))).toBeLessThan(0.1);
});

test('names the source of each kernel by a hash of its own', () => {
  const hashes = standardCatalogue().map((entry) => entry.kernelSha256);
  expect(new Set(hashes).size).toBe(7);
  expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
});
