import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EXCERPT_SECONDS_MAX, repairExcerpts } from './repair-excerpts.ts';

const RATE = 48_000;

test('holes near each other share an excerpt and far ones do not', () => {
  const holes = [
    { atSample: 20_000, frames: 128 },
    { atSample: 30_000, frames: 256 },
    { atSample: 400_000, frames: 128 },
  ];
  const excerpts = repairExcerpts(holes, 480_000, RATE);
  expect(excerpts.map((excerpt) => excerpt.holes.length)).toEqual([2, 1]);
  expect(excerpts[1]).toEqual({
    atSample: 390_400,
    frames: 19_328,
    holes: [{ atSample: 9_600, frames: 128 }],
  });
});

test('every hole that fits is in exactly one excerpt of at most two seconds inside the take', () => {
  const takeFrames = 20 * RATE;
  const steps = fc.array(
    fc.record({ gap: fc.integer({ min: 1, max: 90_000 }), frames: fc.integer({ min: 1, max: 9_000 }) }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, (drawn) => {
      let atSample = 0;
      const holes = drawn
        .map(({ gap, frames }) => {
          atSample += gap;
          const hole = { atSample, frames };
          atSample += frames;
          return hole;
        })
        .filter((hole) => hole.atSample + hole.frames <= takeFrames);
      const excerpts = repairExcerpts(holes, takeFrames, RATE);
      const found = excerpts.flatMap((excerpt) =>
        excerpt.holes.map((hole) => ({ atSample: hole.atSample + excerpt.atSample, frames: hole.frames })),
      );
      expect(found).toEqual(holes);
      for (const { atSample: start, frames } of excerpts) {
        expect(frames).toBeLessThanOrEqual(EXCERPT_SECONDS_MAX * RATE);
        expect(start >= 0 && start + frames <= takeFrames).toBe(true);
      }
    }),
  );
});

test('a hole too long to be filled sensibly is left alone', () => {
  expect(repairExcerpts([{ atSample: 0, frames: 2 * RATE }], 5 * RATE, RATE)).toEqual([]);
});
