import { assert } from '@jamnet/base';
import { Forecaster } from '../forecaster.ts';
import { lagsFor } from '../kernel/kernel.ts';
import { lowBandFactor } from '../low-band.ts';
import { chooseLowModel, chooseModels, type ModelSize } from '../model-size.ts';
import { BlendLoss } from './blend-loss.ts';

/** Sound to learn from, cut into packets, some of which are taken for lost. */
export interface BlendLesson {
  readonly sampleRateHz: number;
  readonly packetFrames: number;
  /** Mono, full scale 1. */
  readonly samples: Float32Array;
  /** [0, {@link HOLE_EVERY}): which packets are lost. */
  readonly phase: number;
}

/** One packet in so many is lost. What was lost is heard afterwards, so that each hole has a whole past. */
export const HOLE_EVERY = 4;
/** The first hole is behind so much sound: the models must have a past. */
const WARM_UP_SECONDS = 0.25;
/** As far as a lesson of 2 s can repeat itself. */
const SEARCH_SECONDS = 2;
const SEARCH_RATE_HZ = 6000;

/**
 * What sixteen weights lose on a lesson, and the gradient. Plain TypeScript in one order of operations and the live sizes of
 * all models: any JavaScript engine comes to the same numbers but for the last bits of its cosine, exponential and logarithm.
 */
export function learnBlend(lesson: BlendLesson, weights: Float64Array): BlendLoss {
  const { sampleRateHz, packetFrames, samples, phase } = lesson;
  assert(Number.isInteger(phase) && phase >= 0 && phase < HOLE_EVERY, `phase ${phase}`);
  const models = chooseModels(packetFrames);
  const forecaster = new Forecaster({
    sampleRateHz,
    packetFrames,
    channels: 1,
    models,
    lowModel: lowModelOf(lesson, models),
    searchSeconds: SEARCH_SECONDS,
    kernel: 'plain',
  });
  const loss = new BlendLoss(weights);
  const warmUp = warmUpPackets(lesson);
  for (let p = 0; (p + 1) * packetFrames <= samples.length; p++) {
    const packet = samples.subarray(p * packetFrames, (p + 1) * packetFrames);
    if (p >= warmUp && p % HOLE_EVERY === phase) {
      forecaster.begin();
      forecaster.advance();
      loss.learn(forecaster, packet);
    }
    forecaster.append(packet);
  }
  return loss;
}

/**
 * Stated operations, from the sizes alone, one addition or multiplication each: a packet's correlations with all lags of the
 * models and, at an eighth of the rate, with the searched past; at a hole Vos's recursion 11·p² and four forecasts of a packet
 * (three trials) of each model, and the low band's.
 */
export function blendLessonOperations(
  lesson: Omit<BlendLesson, 'phase' | 'samples'>,
  frames: number,
): bigint {
  const { sampleRateHz, packetFrames } = lesson;
  const models = chooseModels(packetFrames);
  const low = lowModelOf(lesson, models);
  const packet = BigInt(packetFrames);
  const packets = BigInt(Math.floor(frames / packetFrames));
  const holes = (packets - BigInt(warmUpPackets(lesson))) / BigInt(HOLE_EVERY);
  const lags = BigInt(lagsFor(models[0]?.order ?? 1));
  const searched =
    BigInt(SEARCH_SECONDS * SEARCH_RATE_HZ) *
    2n *
    ((packet * BigInt(SEARCH_RATE_HZ)) / BigInt(sampleRateHz) + 1n);
  const recursions = [...models, ...(low ? [low] : [])].reduce(
    (sum, { order }) => sum + 11n * BigInt(order) ** 2n,
    0n,
  );
  const forecasts = models.reduce((sum, { order }) => sum + 8n * BigInt(order) * packet, 0n);
  return packets * (2n * packet * lags + searched) + (holes > 0n ? holes : 0n) * (recursions + forecasts);
}

function warmUpPackets({ sampleRateHz, packetFrames }: Omit<BlendLesson, 'phase' | 'samples'>): number {
  return Math.ceil((WARM_UP_SECONDS * sampleRateHz) / packetFrames);
}

function lowModelOf(
  { sampleRateHz, packetFrames }: Omit<BlendLesson, 'phase' | 'samples'>,
  models: readonly ModelSize[],
): ModelSize | null {
  return lowBandFactor(sampleRateHz, packetFrames) > 0 ? chooseLowModel(models[0]) : null;
}
