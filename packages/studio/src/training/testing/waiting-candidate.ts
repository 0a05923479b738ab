import { createHash } from 'node:crypto';
import { decodeModel, encodeModel } from '@jamnet/groove';
import { releasedModelBytes } from '@jamnet/jamnode';
import { TrialClips } from '../trial/trial-clips.ts';
import type { HearingAnswer, TrialDesk } from '../trial/trial-desk.ts';
import { TRIAL_POLICY } from '../trial/trial-verdict.ts';

const RATE_HZ = 8000;
const FRAMES = 8000;

/**
 * Lets a candidate wait as a round would. An ear that always prefers the quieter side knows the planted pairs and likes the released
 * model more: of open pairs the candidate is the louder one, of planted pairs the spoilt one.
 */
export function letCandidateWait(desk: TrialDesk, round = 'round-1'): Promise<HearingAnswer> {
  const tone = (gain: number, n: number) =>
    Float32Array.from({ length: FRAMES }, (_, i) => gain * Math.sin((i * (n + 9)) / 90));
  const clip = (n: number, isPlant: boolean) => ({
    ...{ id: `${isPlant ? 'f' : '0'}${n.toString(16).padStart(31, '0')}`, isPlant },
    ...{ sampleRateHz: RATE_HZ, frames: FRAMES, source: null },
    inQuestion: tone(isPlant ? 0.1 : 0.4, n),
    other: tone(isPlant ? 0.4 : 0.1, n),
  });
  new TrialClips(desk.clipsFolder).add([
    ...Array.from({ length: TRIAL_POLICY.openPairs }, (_, n) => clip(n, false)),
    ...Array.from({ length: TRIAL_POLICY.plants }, (_, n) => clip(n, true)),
  ]);
  const shipped = releasedModelBytes();
  const model = decodeModel(shipped);
  if (!model.ok) throw new Error(model.message);
  const id = `${model.value.id}.${round}`;
  return desk.hear({
    ...{ round, model: id, learnt: [] },
    bytes: encodeModel({ ...model.value, id }),
    byGate: { verdict: { bar: { jointPpm: 12_300n, lowerPpm: 4_100n } }, heldOutSha256: 'ab'.repeat(32) },
    releasedSha256: createHash('sha256').update(shipped).digest('hex'),
  });
}
