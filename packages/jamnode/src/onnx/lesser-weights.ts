import type { Model } from './read-model.ts';

/** Cheaper weights than the model's: what a host would compute with that saves itself work. */
export type LesserWeights = 'fp16' | 'int8' | 'bf16' | 'pruned';

type Round = (values: Float32Array) => Float32Array;

const ROUNDS: Readonly<Record<LesserWeights, Round>> = {
  /** Ten bits of mantissa, rounded to nearest. */
  fp16: roundedBits(0x1000, 0xffffe000),
  /** Eight bits of each tensor's own full scale. */
  int8: (values) => {
    const step = peakOf(values) / 127;
    return step === 0 ? values : values.map((value) => Math.round(value / step) * step);
  },
  /** The upper half of a float32, rounded to nearest. */
  bf16: roundedBits(0x8000, 0xffff0000),
  /** The smallest hundredth of each tensor zeroed. */
  pruned: (values) => {
    const order = [...values].map(Math.abs).sort((a, b) => a - b);
    const least = order[Math.ceil(order.length / 100)] ?? 0;
    return values.map((value) => (Math.abs(value) < least ? 0 : value));
  },
};

export const LESSER_WEIGHTS = Object.keys(ROUNDS) as readonly LesserWeights[]; // Its keys are these.

/** The same file with cheaper weights. `model` is what `readModel` gave for `bytes`. */
export function withLesserWeights(bytes: Uint8Array, model: Model, lesser: LesserWeights): Uint8Array {
  const changed = new Uint8Array(bytes); // A Buffer's slice() would be the file itself.
  for (const weight of model.weights.values()) {
    const values = ROUNDS[lesser](new Float32Array(new Uint8Array(weight.bytes).buffer));
    const at = weight.bytes.byteOffset - bytes.byteOffset;
    const view = new DataView(changed.buffer, at, weight.bytes.length);
    for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
  }
  return changed;
}

function roundedBits(half: number, kept: number): Round {
  return (values) =>
    new Float32Array(
      new Uint32Array(values.slice().buffer).map((word) => ((word + half) & kept) >>> 0).buffer,
    );
}

function peakOf(values: Float32Array): number {
  return values.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
}
