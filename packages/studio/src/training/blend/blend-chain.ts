import { Failure, present, seededChance } from '@jamnet/base';
import { biasesOf, newCheckpoint } from '@jamnet/groove/slot';
import {
  type BlendStep,
  decodeBlendCheckpoint,
  encodeBlendCheckpoint,
  encodeBlendStep,
  pnbtrTrainStep,
} from '@jamnet/jamnode';
import { HOLE_EVERY } from '@jamnet/pnbtr/learning';
import type { TrainingChain } from '../chain-on-hosts.ts';
import type { Excerpt } from './excerpt.ts';

export interface BlendPlan {
  /** Passes over all excerpts, each with other packets lost; [1, 20]. */
  readonly epochs: number;
  readonly learningRate: number;
  /** Of the rooms it is for: 32, 64, 128, 256 or 512. */
  readonly packetFrames: number;
}

/** A weight moves by at most a hundredth a step, and is off by a tenth to a half where anything is to be gained. */
export const BLEND_PLAN: BlendPlan = { epochs: 2, learningRate: 0.01, packetFrames: 128 };

/** All steps of a round: one excerpt each, in an order drawn by `name`, at rates that fall to 0 as a cosine. */
export function blendChain(
  name: string,
  excerpts: readonly Excerpt[],
  weights: Float64Array,
  plan: BlendPlan,
): TrainingChain {
  const chance = seededChance(name);
  const order = Array.from({ length: plan.epochs }, () =>
    shuffled(excerpts, (below) => chance.below(below)),
  ).flat();
  return {
    kind: pnbtrTrainStep.kind,
    start: encodeBlendCheckpoint(newCheckpoint(Float32Array.from(weights))),
    length: order.length,
    step: (index, from) => {
      const checkpoint = decodeBlendCheckpoint(from);
      if (!checkpoint.ok) throw new Failure(checkpoint.code, checkpoint.message);
      const excerpt = present(order[index], `step ${index}`);
      const step: BlendStep = {
        ...excerpt,
        ...biasesOf(index + 1),
        checkpoint: checkpoint.value,
        packetFrames: plan.packetFrames,
        phase: index % HOLE_EVERY,
        learningRate: plan.learningRate * (0.5 + 0.5 * Math.cos((Math.PI * index) / order.length)),
      };
      const input = encodeBlendStep(step);
      return {
        input,
        operations: ran(pnbtrTrainStep.operations(input)),
        computeHere: () => ran(pnbtrTrainStep.run(input)),
      };
    },
    isCheckpoint: (bytes) => decodeBlendCheckpoint(bytes).ok,
  };
}

/** Weights of the checkpoint at which a chain ended. */
export function weightsOf(bytes: Uint8Array): Float64Array {
  return Float64Array.from(ran(decodeBlendCheckpoint(bytes)).parameters);
}

function ran<T>(result: { ok: true; value: T } | { ok: false; code: string; message: string }): T {
  if (result.ok) return result.value;
  throw new Failure(result.code, result.message);
}

function shuffled<T>(items: readonly T[], below: (count: number) => number): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(i + 1);
    const [a, b] = [order[i] as T, order[j] as T]; // Both places are within the list.
    order[i] = b;
    order[j] = a;
  }
  return order;
}
