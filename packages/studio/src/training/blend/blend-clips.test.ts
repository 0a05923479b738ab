import { seededChance } from '@jamnet/base';
import { SHIPPED_BLEND_MODEL } from '@jamnet/pnbtr';
import { expect, test } from 'vitest';
import { blendClips } from './blend-clips.ts';
import type { Excerpt } from './excerpt.ts';

const RELEASED = SHIPPED_BLEND_MODEL.weights;
/** Hardly anything is played into holes. */
const QUIET = RELEASED.slice();
QUIET[8] = -16;

function excerptOf(name: string): Excerpt {
  const chance = seededChance(name);
  const step = 0.1 + 0.1 * chance.unit();
  return {
    rateHz: 8000,
    pcm: Int16Array.from({ length: 4000 }, (_, n) => 9000 * Math.sin(step * n) + 300 * (chance.unit() - 0.5)),
  };
}
const heldOut = Array.from({ length: 6 }, (_, n) => excerptOf(`heard ${n}`));
const trial = (more: Partial<Parameters<typeof blendClips>[0]> = {}) =>
  blendClips({
    candidate: QUIET,
    released: RELEASED,
    heldOut,
    sources: heldOut.map(() => null),
    packetFrames: 32,
    seed: 'secret',
    ...more,
  });

test('each excerpt is asked about and planted; the planted one is whole beside one with silence in its holes', () => {
  const clips = trial();
  expect(clips.filter(({ isPlant }) => isPlant)).toHaveLength(6);
  expect(clips.filter(({ isPlant }) => !isPlant)).toHaveLength(6);
  for (const { isPlant, inQuestion, other, frames } of clips) {
    expect([inQuestion.length, other.length]).toEqual([frames, frames]);
    const differs = inQuestion.reduce((count, sample, i) => count + (sample === other[i] ? 0 : 1), 0);
    expect(differs).toBeGreaterThan(0);
    if (isPlant) expect(other.every((sample, i) => sample === 0 || sample === inQuestion[i])).toBe(true);
  }
});

test('what strangers must not hear is in no clip', () => {
  expect(trial({ sources: heldOut.map((_, n) => n > 1 && null) })).toHaveLength(8);
  expect(trial({ sources: heldOut.map(() => false) })).toEqual([]);
});

test('changed places, changed sides', () => {
  const [one] = trial();
  const swapped = trial({ candidate: RELEASED, released: QUIET }).find(({ id }) => id === one?.id);
  expect(swapped?.inQuestion).toEqual(one?.other);
});
