import { ok, type Result, refuse } from '@jamnet/base';
import { adamUpdate, type Checkpoint, type Rates } from '@jamnet/groove/slot';
import { chunkOf } from '@jamnet/mesh/chunks';
import { BLEND_WEIGHTS, blendLessonOperations, HOLE_EVERY, learnBlend } from '@jamnet/pnbtr/learning';
import { CHUNK_COUNT, type Kernel, type KernelCode } from './kernel.ts';

/** One update of the weights by which PNBTR mixes its forecasts, from what they lose on an excerpt. */
export interface BlendStep extends Rates {
  /** Sixteen weights and Adam's two means of them. */
  readonly checkpoint: Checkpoint;
  /** 8,000 … 48,000. */
  readonly rateHz: number;
  readonly packetFrames: number;
  /** Which packets are taken for lost, [0, HOLE_EVERY). */
  readonly phase: number;
  readonly pcm: Int16Array;
}

const MAGIC = 0x31535450; // "PTS1"
const HEADER_BYTES = 40;
const PARTS = ['parameters', 'mean', 'square'] as const;
export const BLEND_CHECKPOINT_BYTES = 4 * PARTS.length * BLEND_WEIGHTS;
const RATE_HZ = { least: 8000, most: 48_000 } as const;
/** Whose sizes the rates and packets of live rooms have; others would cost more than an entry allows. */
const PACKET_FRAMES = [32, 64, 128, 256, 512] as const;
const SECONDS_MAX = 2;
export const BLEND_STEP_BYTES_MAX = HEADER_BYTES + BLEND_CHECKPOINT_BYTES + 2 * SECONDS_MAX * RATE_HZ.most;

/** Little-endian: u32 "PTS1", u32 rate, u32 frames, u16 packet, u16 phase, f64 learning rate, f64 and f64 corrections of the means; the checkpoint (weights, mean, square as f32); int16 samples. */
export function encodeBlendStep(step: BlendStep): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + BLEND_CHECKPOINT_BYTES + 2 * step.pcm.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, step.rateHz, true);
  view.setUint32(8, step.pcm.length, true);
  view.setUint16(12, step.packetFrames, true);
  view.setUint16(14, step.phase, true);
  view.setFloat64(16, step.learningRate, true);
  view.setFloat64(24, step.meanBias, true);
  view.setFloat64(32, step.squareBias, true);
  bytes.set(encodeBlendCheckpoint(step.checkpoint), HEADER_BYTES);
  const pcmAt = HEADER_BYTES + BLEND_CHECKPOINT_BYTES;
  for (let i = 0; i < step.pcm.length; i++) view.setInt16(pcmAt + 2 * i, step.pcm[i] ?? 0, true);
  return bytes;
}

export function decodeBlendStep(bytes: Uint8Array): Result<BlendStep, KernelCode> {
  const pcmAt = HEADER_BYTES + BLEND_CHECKPOINT_BYTES;
  if (bytes.length < pcmAt) return malformed('shorter than its header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) return malformed('no training step: it does not begin with "PTS1"');
  const [rateHz, frames] = [view.getUint32(4, true), view.getUint32(8, true)];
  if (rateHz < RATE_HZ.least || rateHz > RATE_HZ.most)
    return malformed(`at a rate outside ${RATE_HZ.least} to ${RATE_HZ.most} Hz`);
  if (frames < 1 || frames > SECONDS_MAX * rateHz) return malformed(`not 1 frame to ${SECONDS_MAX} s long`);
  if (bytes.length !== pcmAt + 2 * frames) return malformed('of another length than its header says');
  const [packetFrames, phase] = [view.getUint16(12, true), view.getUint16(14, true)];
  if (!PACKET_FRAMES.some((known) => known === packetFrames) || phase >= HOLE_EVERY)
    return malformed('of no packet length or phase that is trained');
  const [learningRate, meanBias, squareBias] = [16, 24, 32].map((at) => view.getFloat64(at, true));
  const rates = { learningRate: learningRate ?? 0, meanBias: meanBias ?? 0, squareBias: squareBias ?? 0 };
  if (
    !(
      rates.learningRate >= 0 &&
      rates.learningRate <= 1 &&
      isBias(rates.meanBias) &&
      isBias(rates.squareBias)
    )
  )
    return malformed('of rates that are none');
  const checkpoint = decodeBlendCheckpoint(bytes.subarray(HEADER_BYTES, pcmAt));
  if (!checkpoint.ok) return checkpoint;
  const pcm = Int16Array.from({ length: frames }, (_, index) => view.getInt16(pcmAt + 2 * index, true));
  return ok({ ...rates, checkpoint: checkpoint.value, rateHz, packetFrames, phase, pcm });
}

/** A step's result: weights, mean and square as f32, little-endian. */
export function encodeBlendCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const bytes = new Uint8Array(BLEND_CHECKPOINT_BYTES);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of PARTS)
    for (let i = 0; i < BLEND_WEIGHTS; i++, at += 4) view.setFloat32(at, checkpoint[part][i] ?? 0, true);
  return bytes;
}

export function decodeBlendCheckpoint(bytes: Uint8Array): Result<Checkpoint, KernelCode> {
  if (bytes.length !== BLEND_CHECKPOINT_BYTES)
    return malformed(`no checkpoint of ${BLEND_CHECKPOINT_BYTES} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const part = (index: number): Float32Array =>
    Float32Array.from({ length: BLEND_WEIGHTS }, (_, i) =>
      view.getFloat32(4 * (index * BLEND_WEIGHTS + i), true),
    );
  const [parameters, mean, square] = [part(0), part(1), part(2)];
  const isPossible =
    parameters.every((weight) => Math.abs(weight) <= WEIGHT_MAX) &&
    mean.every(Number.isFinite) &&
    square.every((value) => value >= 0 && value < Number.POSITIVE_INFINITY);
  return isPossible
    ? ok({ parameters, mean, square })
    : malformed('of a checkpoint that no training comes to');
}

/** Beyond this a logistic function is a switch and nothing is learnt any more. */
const WEIGHT_MAX = 64;

/** 1 ⁄ (1 − βⁿ), n ≥ 1, β up to 0.999. */
function isBias(value: number): boolean {
  return value >= 1 && value <= 1001;
}

function malformed(why: string): Result<never, KernelCode> {
  return refuse('input-malformed', `pnbtr.train-step: the input is ${why}.`);
}

/** The gradient is one sum over the whole excerpt, so a re-check of one chunk runs the whole step and compares that part of it. */
export const pnbtrTrainStep: Kernel = {
  kind: 'pnbtr.train-step',
  version: 1,
  operations(bytes) {
    const step = decodeBlendStep(bytes);
    if (!step.ok) return step;
    const { rateHz: sampleRateHz, packetFrames, pcm } = step.value;
    return ok(blendLessonOperations({ sampleRateHz, packetFrames }, pcm.length));
  },
  run(bytes) {
    const step = decodeBlendStep(bytes);
    return step.ok ? ok(encodeBlendCheckpoint(runBlendStep(step.value))) : step;
  },
  runChunk(bytes, chunk) {
    const result = this.run(bytes);
    return result.ok ? ok(chunkOf(result.value, CHUNK_COUNT, chunk)) : result;
  },
};

/** Where the step ends; what is given stays as it was. An excerpt of silence teaches nothing and leaves the weights alone. */
function runBlendStep({ checkpoint, rateHz, packetFrames, phase, pcm, ...rates }: BlendStep): Checkpoint {
  const after = {
    parameters: checkpoint.parameters.slice(),
    mean: checkpoint.mean.slice(),
    square: checkpoint.square.slice(),
  };
  const lesson = {
    sampleRateHz: rateHz,
    packetFrames,
    phase,
    samples: Float32Array.from(pcm, (sample) => sample / 32_768),
  };
  const { gradient, holes } = learnBlend(lesson, Float64Array.from(checkpoint.parameters));
  if (holes > 0) adamUpdate(after, Float32Array.from(gradient), rates, 1 / holes);
  return after;
}
