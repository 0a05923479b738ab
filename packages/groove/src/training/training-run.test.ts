import { seededChance } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HOUSE_PRIORS } from '../house-priors.ts';
import { performanceOfDrummer } from '../testing/drummer.ts';
import { examplesOf } from './examples.ts';
import {
  CHECKPOINT_BYTES,
  decodeCheckpoint,
  decodeStep,
  encodeCheckpoint,
  encodeStep,
  STEP_BYTES_MAX,
  STEP_EXAMPLES_MAX,
  STEP_UPDATES_MAX,
} from './step-codec.ts';
import { train } from './train.ts';
import { runStep, stepOperations, type TrainStep } from './train-step.ts';
import { TrainingRun } from './training-run.ts';

const EXAMPLES = examplesOf([performanceOfDrummer('stepwise', 12).hits], HOUSE_PRIORS, 'bar');
const PLAN = { epochs: 2, batch: 2, learningRate: 2e-3 };
const newRun = () =>
  new TrainingRun({ examples: EXAMPLES, plan: PLAN, chance: seededChance('steps'), from: null });

function sent(step: TrainStep): TrainStep {
  const read = decodeStep(encodeStep(step));
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

test('steps that each travel as bytes end, one after the other, at the very bits of a training in one go', () => {
  const run = newRun();
  expect(run.length).toBeGreaterThan(2);
  let checkpoint = run.start;
  for (let index = 0; index < run.length; index++) {
    const read = decodeCheckpoint(encodeCheckpoint(runStep(sent(run.step(index, checkpoint)))));
    if (!read.ok) throw new Error(read.message);
    checkpoint = read.value;
  }
  expect(checkpoint.parameters).toEqual(train(EXAMPLES, PLAN, seededChance('steps'), () => undefined));
});

test('a step leaves what it starts from as it was, and goes on from given parameters where there are some', () => {
  const run = newRun();
  const before = run.start.parameters.slice();
  const after = runStep(run.step(0, run.start));
  expect(run.start.parameters).toEqual(before);
  expect(after.parameters).not.toEqual(before);
  const goingOn = new TrainingRun({
    examples: EXAMPLES,
    plan: PLAN,
    chance: seededChance('more'),
    from: after.parameters,
  });
  expect(goingOn.start.parameters).toEqual(after.parameters);
});

test('no step has more examples or updates than its bytes may, and together they are all of every pass', () => {
  const many = examplesOf(
    Array.from({ length: 14 }, (_, n) => performanceOfDrummer(`many-${n}`, 14).hits),
    HOUSE_PRIORS,
    'bar',
  );
  expect(many.count).toBeGreaterThan(STEP_EXAMPLES_MAX);
  for (const batch of [16, 256]) {
    const plan = { ...PLAN, batch };
    const run = new TrainingRun({ examples: many, plan, chance: seededChance('cut'), from: null });
    const steps = Array.from({ length: run.length }, (_, index) => run.step(index, run.start));
    for (const { examples, updates } of steps) {
      expect(examples.count).toBeLessThanOrEqual(STEP_EXAMPLES_MAX);
      expect(updates.length).toBeLessThanOrEqual(STEP_UPDATES_MAX);
    }
    const sizes = steps.map((step) => (batch === 16 ? step.updates.length : step.examples.count));
    expect(Math.max(...sizes)).toBe(batch === 16 ? STEP_UPDATES_MAX : STEP_EXAMPLES_MAX);
    expect(steps.reduce((sum, { examples }) => sum + examples.count, 0)).toBe(2 * many.count);
  }
});

test('what a step states as work follows from its size alone', () => {
  const { updates, examples } = newRun().step(0, newRun().start);
  expect(updates).toHaveLength(64);
  expect(stepOperations({ updates, examples })).toBe(27_090n * (6n * 128n + 14n * 64n));
});

const STEP = encodeStep(newRun().step(0, newRun().start));
const changed = (change: (view: DataView) => void): Uint8Array => {
  const bytes = STEP.slice();
  change(new DataView(bytes.buffer));
  return bytes;
};
test.each([
  ['nothing', new Uint8Array(), 'step-length'],
  ['its header alone', STEP.subarray(0, 16), 'step-length'],
  ['a byte too few', STEP.subarray(0, -1), 'step-length'],
  ['a byte too many', Uint8Array.from([...STEP, 0]), 'step-length'],
  ['another beginning', changed((view) => view.setUint8(0, 0)), 'step-malformed'],
  ['a network of another size', changed((view) => view.setUint32(4, 100, true)), 'step-unfit'],
  ['other features', changed((view) => view.setUint16(8, 136, true)), 'step-unfit'],
  ['no updates', changed((view) => view.setUint16(10, 0, true)), 'step-length'],
  ['65 updates', changed((view) => view.setUint16(10, 65, true)), 'step-length'],
  ['no examples', changed((view) => view.setUint32(12, 0, true)), 'step-length'],
  ['2049 examples', changed((view) => view.setUint32(12, 2049, true)), 'step-length'],
  ['an update without examples', changed((view) => view.setUint32(16, 0, true)), 'step-malformed'],
  ['more in updates than there is', changed((view) => view.setUint32(16, 3, true)), 'step-malformed'],
  ['a rate that is no number', changed((view) => view.setFloat64(20, Number.NaN, true)), 'step-malformed'],
  [
    'an infinite parameter',
    changed((view) => view.setFloat32(16 + 64 * 28, Number.POSITIVE_INFINITY, true)),
    'step-malformed',
  ],
  [
    'a mean of squares below 0',
    changed((view) => view.setFloat32(16 + 64 * 28 + 2 * 4 * 27_090, -1e-9, true)),
    'step-malformed',
  ],
  [
    'a stroke that is no number',
    changed((view) => view.setFloat64(STEP.length - 8, Number.NaN, true)),
    'step-malformed',
  ],
])('a step of %s is refused', (_name, bytes, code) => {
  expect(decodeStep(bytes)).toMatchObject({ ok: false, code });
});

test('a result is a checkpoint of its length, of numbers and of means that can be, or none', () => {
  const bytes = encodeCheckpoint(newRun().start);
  expect(bytes).toHaveLength(CHECKPOINT_BYTES);
  expect(decodeCheckpoint(bytes.subarray(4))).toMatchObject({ ok: false, code: 'step-length' });
  new DataView(bytes.buffer).setFloat32(CHECKPOINT_BYTES - 4, -1e-9, true);
  expect(decodeCheckpoint(bytes)).toMatchObject({ ok: false, code: 'step-malformed' });
  new DataView(bytes.buffer).setFloat32(CHECKPOINT_BYTES - 4, Number.NaN, true);
  expect(decodeCheckpoint(bytes)).toMatchObject({ ok: false, code: 'step-malformed' });
});

test('random bytes are answered with a refusal, and the largest step fits a lease', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => !decodeStep(bytes).ok));
  expect(STEP_BYTES_MAX).toBeLessThan(2 * 1024 * 1024);
});
