import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CLICK_POLICY, ClickFollower, clickAsynchrony } from './click-follower.ts';

const BEAT_US = 500_000;
/** Strokes on the beat of a band of this tempo and place. */
const band = (beats: number, beatUs: number, offsetUs: number): number[] =>
  Array.from({ length: beats }, (_, beat) => Math.round(beat * beatUs) + offsetUs);

test('a band that plays 20 ms ahead of the click has it with them after a few bars', () => {
  const follower = new ClickFollower(0, BEAT_US);
  for (const at of band(33, BEAT_US, -20_000)) {
    follower.hear(at);
    follower.next();
  }
  expect(Math.abs(follower.clickUs - (33 * BEAT_US - 20_000))).toBeLessThan(2000);
});

test('a band that becomes slower by a hundredth is followed, and a plain click is far away by then', () => {
  const { beats, plainUs, followingUs } = clickAsynchrony(band(25, 1.001 * BEAT_US, 0), BEAT_US);
  expect(beats).toBeGreaterThan(20);
  expect(followingUs).toBeLessThan(plainUs / 2);
});

test('without strokes near a beat it keeps its tempo: off-beats and silence move nothing', () => {
  const follower = new ClickFollower(0, BEAT_US);
  for (let beat = 1; beat <= 16; beat++) {
    follower.hear(beat * BEAT_US - BEAT_US / 2);
    expect(follower.next()).toBe(beat * BEAT_US);
  }
});

test('whatever is heard, no click is moved by more than its limit and no beat strays further than the tempo may', () => {
  const { phaseUsMax, tempoPpmMax } = CLICK_POLICY;
  const strayUs = (BEAT_US * tempoPpmMax) / 1_000_000;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e9, max: 1e9 }), { maxLength: 100 }), (strokes) => {
      const follower = new ClickFollower(0, BEAT_US);
      for (const at of strokes) {
        const before = follower.clickUs;
        follower.hear(at);
        follower.hear(before + (at % 70_000));
        expect(Math.abs(follower.next() - before - BEAT_US)).toBeLessThanOrEqual(phaseUsMax + strayUs);
      }
    }),
  );
});

test('a click knows nothing of strokes that come after it was set', () => {
  const until = band(8, BEAT_US, -15_000);
  const clicks = (strokes: readonly number[]) => {
    const follower = new ClickFollower(0, BEAT_US);
    return strokes.map((at) => {
      follower.hear(at);
      return follower.next();
    });
  };
  expect(clicks([...until, 8 * BEAT_US + 30_000]).slice(0, 8)).toEqual(clicks(until));
});
