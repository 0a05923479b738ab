import { createHash } from 'node:crypto';
import { type Chance, seededChance } from '@jamnet/base';
import { concealTrace } from '@jamnet/pnbtr';
import type { ClipSource, ClipVersions, TrialClip } from '../trial/trial-clips.ts';
import { TRIAL_POLICY } from '../trial/trial-verdict.ts';
import type { Excerpt } from './excerpt.ts';

export interface BlendTrial {
  readonly candidate: Float64Array;
  readonly released: Float64Array;
  readonly heldOut: readonly Excerpt[];
  /** Of each excerpt: whose it is, `null` for a file's, `false` where strangers must not hear it. */
  readonly sources: readonly (ClipSource | null | false)[];
  readonly packetFrames: number;
  /** Draws which packets are lost. */
  readonly seed: string;
}

/** One packet in 25 begins a run of one to four that are lost: a tenth in all, in holes long enough to be heard. */
const RUN_EVERY = 25;
const RUN_MAX = 4;

interface Lost {
  readonly excerpt: Excerpt;
  readonly source: ClipSource | null;
  readonly samples: Float32Array;
  readonly trace: Uint8Array;
  readonly candidate: Float32Array;
  readonly released: Float32Array;
  /** Energy of what differs, as a share of the sound's. */
  readonly difference: number;
}

/**
 * The same sound with the same packets lost, concealed by the candidate and by the released mixture; planted ones whole, and with
 * nothing where nothing came. Excerpts on which the two differ most are asked about.
 */
export function blendClips(trial: BlendTrial): (TrialClip & ClipVersions)[] {
  const found = trial.heldOut
    .flatMap((excerpt, index) => {
      const source = trial.sources[index] ?? null;
      return trial.sources[index] === false ? [] : [lostOf(trial, excerpt, source || null, index)];
    })
    .sort((a, b) => b.difference - a.difference);
  // Those that are heard least apart are the planted ones: what is asked about there is whole or not.
  const plants = found.slice(-TRIAL_POLICY.plants);
  return [
    ...found
      .slice(0, TRIAL_POLICY.openPairs)
      .map((lost) => clipOf(trial.seed, lost, false, lost.candidate, lost.released)),
    ...plants.map((lost) =>
      clipOf(trial.seed, lost, true, lost.samples, withHoles(lost, trial.packetFrames)),
    ),
  ];
}

function lostOf(
  { candidate, released, packetFrames, seed }: BlendTrial,
  excerpt: Excerpt,
  source: ClipSource | null,
  index: number,
): Lost {
  const samples = Float32Array.from(excerpt.pcm, (sample) => sample / 32_768);
  const trace = lossesOf(Math.ceil(samples.length / packetFrames), seededChance(`${seed}/${index}`));
  const played = (blend: Float64Array): Float32Array =>
    concealTrace(samples, trace, { sampleRateHz: excerpt.rateHz, packetFrames, blend }).slice(
      0,
      samples.length,
    );
  const [own, old] = [played(candidate), played(released)];
  let [apart, energy] = [0, 1e-9];
  for (let i = 0; i < samples.length; i++) {
    apart += ((own[i] ?? 0) - (old[i] ?? 0)) ** 2;
    energy += (samples[i] ?? 0) ** 2;
  }
  return { excerpt, source, samples, trace, candidate: own, released: old, difference: apart / energy };
}

function lossesOf(packets: number, chance: Chance): Uint8Array {
  const trace = new Uint8Array(packets);
  for (let at = 1; at < packets; at++)
    if (chance.below(RUN_EVERY) === 0) {
      const run = 1 + chance.below(RUN_MAX);
      trace.fill(1, at, at + run);
      at += run;
    }
  return trace;
}

function withHoles({ samples, trace }: Lost, packetFrames: number): Float32Array {
  return samples.map((sample, i) => (trace[Math.floor(i / packetFrames)] === 1 ? 0 : sample));
}

function clipOf(
  seed: string,
  { excerpt, source, samples }: Lost,
  isPlant: boolean,
  inQuestion: Float32Array,
  other: Float32Array,
): TrialClip & ClipVersions {
  const id = createHash('sha256')
    .update(`${seed} ${isPlant ? 'planted' : 'open'} `)
    .update(excerpt.pcm)
    .digest('hex')
    .slice(0, 32);
  const { rateHz: sampleRateHz } = excerpt;
  return { id, isPlant, sampleRateHz, frames: samples.length, source, inQuestion, other };
}
