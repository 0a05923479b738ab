import { decodeModel, type GrooveModel } from '@jamnet/groove';
import { performanceOfDrummer } from '@jamnet/groove/testing';
import { releasedModelBytes } from '@jamnet/jamnode';
import { expect, test } from 'vitest';
import { type GrooveTrial, grooveClips } from './groove-clips.ts';
import type { ClipSource } from './trial-clips.ts';

const decoded = decodeModel(releasedModelBytes());
if (!decoded.ok) throw new Error(decoded.message);
const RELEASED = decoded.value;
/** One network of two: near to the released one, and another. */
const CANDIDATE: GrooveModel = { ...RELEASED, id: 'other', bar: RELEASED.bar.slice(0, 1) };
const heldOut = Array.from({ length: 24 }, (_, n) => performanceOfDrummer(`heard ${n}`, 10));
const ADA: ClipSource = { take: 'a'.repeat(64), player: 'ada' };

const trial = (more: Partial<GrooveTrial> = {}) =>
  grooveClips({
    candidate: CANDIDATE,
    released: RELEASED,
    heldOut,
    sources: heldOut.map(() => null),
    seed: 'secret',
    ...more,
  });
const clips = trial();

test('of two dozen performances come twelve open clips and eight planted ones, each of at most two seconds', () => {
  expect(clips.filter(({ isPlant }) => !isPlant)).toHaveLength(12);
  expect(clips.filter(({ isPlant }) => isPlant)).toHaveLength(8);
  expect(new Set(clips.map(({ id }) => id)).size).toBe(20);
  for (const { frames, sampleRateHz } of clips) expect(frames).toBeLessThanOrEqual(2 * sampleRateHz);
});

test('both versions are of one length and one level, with sound, and not the same', () => {
  for (const { inQuestion, other, frames } of clips) {
    expect([inQuestion.length, other.length]).toEqual([frames, frames]);
    const [own, old] = [energyOf(inQuestion), energyOf(other)];
    expect(own).toBeGreaterThan(1);
    expect(Math.abs(10 * Math.log10(own / old))).toBeLessThan(3);
    expect(inQuestion.some((sample, i) => Math.abs(sample - (other[i] ?? 0)) > 0.01)).toBe(true);
    for (const sound of [inQuestion, other])
      expect(sound.every((sample) => Math.abs(sample) <= 0.801)).toBe(true);
  }
});

test('the candidate is on the one side and the released model on the other: changed places, changed sides', () => {
  const [one] = clips;
  const swapped = trial({ candidate: RELEASED, released: CANDIDATE }).find(({ id }) => id === one?.id);
  expect(swapped?.inQuestion).toEqual(one?.other);
  expect(swapped?.other).toEqual(one?.inQuestion);
});

test('nothing is made of a performance that strangers must not hear', () => {
  const some = trial({ sources: heldOut.map((_, n) => (n < 20 ? false : ADA)) });
  expect(some).not.toHaveLength(0);
  expect(some.every(({ source }) => source === ADA)).toBe(true);
  // Four performances: their best bars and their third best, and a planted one of each.
  expect(some).toHaveLength(12);
  expect(trial({ sources: heldOut.map(() => false) })).toEqual([]);
});

test('the same secret draws the same clips, another one others', () => {
  expect(trial().map(({ id }) => id)).toEqual(clips.map(({ id }) => id));
  const other = trial({ seed: 'another' });
  expect(other.some(({ id }) => clips.some((clip) => clip.id === id))).toBe(false);
});

function energyOf(sound: Float32Array): number {
  return sound.reduce((sum, sample) => sum + sample * sample, 0);
}
