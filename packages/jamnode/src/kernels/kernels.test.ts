import { seededChance, toHex } from '@jamnet/base';
import { encodeStep, examplesOf, HOUSE_PRIORS, TrainingRun } from '@jamnet/groove';
import { biasesOf, newCheckpoint } from '@jamnet/groove/slot';
import { chunkOf } from '@jamnet/mesh/chunks';
import { SHIPPED_BLEND_MODEL } from '@jamnet/pnbtr';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFingerprint, encodeFingerprintInput, fingerprintMatch } from './fingerprint.ts';
import { CHUNK_COUNT } from './kernel.ts';
import { KERNELS, kernelOf } from './kernels.ts';
import {
  type BlendStep,
  decodeBlendCheckpoint,
  decodeBlendStep,
  encodeBlendStep,
  pnbtrTrainStep,
} from './pnbtr-train-step.ts';
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

/** One update of the shipped mixture, on a little more than a quarter of a second. */
function blendStep(change: Partial<BlendStep>): Uint8Array {
  return encodeBlendStep({
    checkpoint: newCheckpoint(Float32Array.from(SHIPPED_BLEND_MODEL.weights)),
    rateHz: 8000,
    packetFrames: 32,
    phase: 2,
    pcm: music('lesson', 2300),
    learningRate: 0.01,
    ...biasesOf(1),
    ...change,
  });
}

const INPUTS: Record<string, Uint8Array> = {
  'take.repair': encodeRepairInput(REPAIR),
  'take.fingerprint': encodeFingerprintInput({ rateHz: 48_000, pcm: music('print', 30_000) }),
  'groove.train-step': trainingStep(),
  'pnbtr.train-step': blendStep({}),
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
  expect(new Set(hashes).size).toBe(8);
  expect(hashes.every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
});

test('a step moves the weights by its learning rate against the gradient, and without sound not at all', () => {
  const moved = (change: Partial<BlendStep>): number[] => {
    const result = pnbtrTrainStep.run(blendStep(change));
    const checkpoint = result.ok ? decodeBlendCheckpoint(result.value) : result;
    if (!checkpoint.ok) throw new Error(checkpoint.message);
    return Array.from(checkpoint.value.parameters, (weight, i) =>
      Math.abs(weight - Math.fround(SHIPPED_BLEND_MODEL.weights[i] ?? 0)),
    );
  };
  // Adam's first update moves each weight that has a slope by the whole rate: those of the level always have.
  for (const by of moved({}).slice(8)) expect(by).toBeCloseTo(0.01, 3);
  expect(Math.max(...moved({ pcm: new Int16Array(2300) }))).toBe(0);
});

test.each([
  ['an unlikely rate', { rateHz: 7999 }],
  ['a rate beyond live rooms', { rateHz: 96_000 }],
  ['more than two seconds', { pcm: new Int16Array(16_001) }],
  ['a packet length that no room has', { packetFrames: 100 }],
  ['a phase that is none', { phase: 4 }],
  ['a learning rate that is no number', { learningRate: Number.NaN }],
  ['a correction below 1', { meanBias: 0.5 }],
  ['a weight that is no number', { checkpoint: newCheckpoint(new Float32Array(16).fill(Number.NaN)) }],
  [
    'a mean of squares below 0',
    { checkpoint: { ...newCheckpoint(new Float32Array(16)), square: new Float32Array(16).fill(-1) } },
  ],
])('refuses a step with %s', (_, change) => {
  expect(decodeBlendStep(blendStep(change))).toMatchObject({ ok: false, code: 'input-malformed' });
});
