import { ok, type Result, refuse } from '@jamnet/base';
import { FEATURES } from '../model/features.ts';
import { PARAMETERS } from '../model/network.ts';
import type { Checkpoint } from './adam.ts';
import type { Examples } from './examples.ts';
import type { StepUpdate, TrainStep } from './train-step.ts';

export type StepCode = 'step-length' | 'step-unfit' | 'step-malformed';

/** Examples of one step: with the checkpoint 1.6 MB, and a third of what a work unit states. */
export const STEP_EXAMPLES_MAX = 2048;
export const STEP_UPDATES_MAX = 64;

const MAGIC = 0x31535447; // "GTS1"
const HEADER_BYTES = 16;
const UPDATE_BYTES = 28;
const CHECKPOINT_VALUES = 3 * PARAMETERS;
export const CHECKPOINT_BYTES = 4 * CHECKPOINT_VALUES;
const ANCHORS = 4;
const PLAYED = 2;
const EXAMPLE_BYTES = 4 * FEATURES + 8 * (ANCHORS + PLAYED);
export const STEP_BYTES_MAX =
  HEADER_BYTES + STEP_UPDATES_MAX * UPDATE_BYTES + CHECKPOINT_BYTES + STEP_EXAMPLES_MAX * EXAMPLE_BYTES;

/**
 * Little-endian: u32 "GTS1", u32 parameters, u16 features, u16 updates, u32 examples; per update u32 examples, f64 learning rate,
 * f64 and f64 corrections of the means; the checkpoint (parameters, mean, square as f32); per example its features (f32), its
 * anchor (4 × f64: offset centre and scale in µs, velocity centre and scale in 1/1000) and what was played (f64 offset in µs, f64 velocity).
 */
export function encodeStep({ checkpoint, updates, examples }: TrainStep): Uint8Array {
  const writer = new Writer(
    HEADER_BYTES + updates.length * UPDATE_BYTES + CHECKPOINT_BYTES + examples.count * EXAMPLE_BYTES,
  );
  writer.u32(MAGIC);
  writer.u32(PARAMETERS);
  writer.u32(FEATURES + 65_536 * updates.length);
  writer.u32(examples.count);
  for (const { count, learningRate, meanBias, squareBias } of updates) {
    writer.u32(count);
    for (const value of [learningRate, meanBias, squareBias]) writer.f64(value);
  }
  writeCheckpoint(writer, checkpoint);
  for (let i = 0; i < examples.count; i++) {
    for (let k = 0; k < FEATURES; k++) writer.f32(examples.features[i * FEATURES + k] as number);
    for (let k = 0; k < ANCHORS; k++) writer.f64(examples.anchors[i * ANCHORS + k] as number);
    for (let k = 0; k < PLAYED; k++) writer.f64(examples.played[i * PLAYED + k] as number);
  }
  return writer.bytes;
}

export function decodeStep(bytes: Uint8Array): Result<TrainStep, StepCode> {
  if (bytes.length < HEADER_BYTES) return refuse('step-length', 'A training step is longer than its header.');
  const reader = new Reader(bytes);
  const [magic, parameters, sizes, count] = [reader.u32(), reader.u32(), reader.u32(), reader.u32()];
  if (magic !== MAGIC)
    return refuse('step-malformed', 'This is no training step: it does not begin with "GTS1".');
  if (parameters !== PARAMETERS || sizes % 65_536 !== FEATURES)
    return refuse(
      'step-unfit',
      `This build trains ${FEATURES} features and ${PARAMETERS} parameters: update the node.`,
    );
  const updateCount = Math.floor(sizes / 65_536);
  if (count < 1 || count > STEP_EXAMPLES_MAX || updateCount < 1 || updateCount > STEP_UPDATES_MAX)
    return refuse(
      'step-length',
      `A training step has 1 to ${STEP_EXAMPLES_MAX} examples and 1 to ${STEP_UPDATES_MAX} updates.`,
    );
  if (bytes.length !== HEADER_BYTES + updateCount * UPDATE_BYTES + CHECKPOINT_BYTES + count * EXAMPLE_BYTES)
    return refuse('step-length', 'The training step is cut short or too long.');
  const updates = readUpdates(reader, updateCount);
  const checkpoint = readCheckpoint(reader);
  const examples = readExamples(reader, count);
  if (updates.reduce((sum, one) => sum + one.count, 0) !== count || updates.some((one) => one.count < 1))
    return refuse(
      'step-malformed',
      'The updates of a training step share out its examples, at least one each.',
    );
  return reader.isFinite && isPossible(checkpoint)
    ? ok({ checkpoint, updates, examples })
    : refuse('step-malformed', 'The training step holds a value that is no number or no mean of squares.');
}

/** A step's result: parameters, mean and square as f32, little-endian. */
export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const writer = new Writer(CHECKPOINT_BYTES);
  writeCheckpoint(writer, checkpoint);
  return writer.bytes;
}

export function decodeCheckpoint(bytes: Uint8Array): Result<Checkpoint, StepCode> {
  if (bytes.length !== CHECKPOINT_BYTES)
    return refuse('step-length', `A checkpoint has ${CHECKPOINT_BYTES} bytes, not ${bytes.length}.`);
  const reader = new Reader(bytes);
  const checkpoint = readCheckpoint(reader);
  return reader.isFinite && isPossible(checkpoint)
    ? ok(checkpoint)
    : refuse('step-malformed', 'The checkpoint holds a value that is no number or no mean of squares.');
}

/** No mean of squares is below 0: from such a checkpoint the next update would take the root of it. */
function isPossible({ square }: Checkpoint): boolean {
  return square.every((value) => value >= 0);
}

function writeCheckpoint(writer: Writer, { parameters, mean, square }: Checkpoint): void {
  for (const part of [parameters, mean, square]) for (const value of part) writer.f32(value);
}

function readCheckpoint(reader: Reader): Checkpoint {
  const part = (): Float32Array => reader.f32s(new Float32Array(PARAMETERS));
  return { parameters: part(), mean: part(), square: part() };
}

function readUpdates(reader: Reader, count: number): StepUpdate[] {
  return Array.from({ length: count }, () => ({
    count: reader.u32(),
    learningRate: reader.f64(),
    meanBias: reader.f64(),
    squareBias: reader.f64(),
  }));
}

function readExamples(reader: Reader, count: number): Examples {
  const examples = {
    count,
    features: new Float32Array(count * FEATURES),
    anchors: new Float64Array(count * ANCHORS),
    played: new Float64Array(count * PLAYED),
  };
  for (let i = 0; i < count; i++) {
    reader.f32s(examples.features.subarray(i * FEATURES, (i + 1) * FEATURES));
    for (let k = 0; k < ANCHORS; k++) examples.anchors[i * ANCHORS + k] = reader.f64();
    for (let k = 0; k < PLAYED; k++) examples.played[i * PLAYED + k] = reader.f64();
  }
  return examples;
}

class Writer {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.#view = new DataView(this.bytes.buffer);
  }

  u32(value: number): void {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  f32(value: number): void {
    this.#view.setFloat32(this.#at, value, true);
    this.#at += 4;
  }

  f64(value: number): void {
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }
}

/** Reads within a length that was checked before; remembers whether every value was a number. */
class Reader {
  readonly #view: DataView;
  #at = 0;
  #isFinite = true;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get isFinite(): boolean {
    return this.#isFinite;
  }

  u32(): number {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  f64(): number {
    this.#at += 8;
    return this.#checked(this.#view.getFloat64(this.#at - 8, true));
  }

  f32s(into: Float32Array): Float32Array {
    for (let i = 0; i < into.length; i++)
      into[i] = this.#checked(this.#view.getFloat32(this.#at + 4 * i, true));
    this.#at += 4 * into.length;
    return into;
  }

  #checked(value: number): number {
    if (!Number.isFinite(value)) this.#isFinite = false;
    return value;
  }
}
