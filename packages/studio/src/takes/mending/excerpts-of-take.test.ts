import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { excerptsOfTake, soundOfExcerpts, type TakeExcerpt } from './excerpts-of-take.ts';
import { type HeardTrack, holeAt, playedAt, RATE_HZ, writeHoledTake } from './testing/holed-take.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

function takeWith(seconds: number, heard: readonly HeardTrack[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-excerpts-'));
  directories.push(directory);
  const file = join(directory, 'take.jdat');
  writeHoledTake(file, seconds, heard);
  return file;
}

const inTake = ({ atSample, holes }: TakeExcerpt) =>
  holes.map((hole) => ({ atSample: atSample + hole.atSample, frames: hole.frames }));

test('each hole of what was heard is shown with the sound around it, 2 s at most, and what players recorded of themselves is not', async () => {
  const near = [holeAt(100, 1), holeAt(110, 4), holeAt(400, 2)];
  const file = takeWith(10, [
    { from: 'ben', strangers: true, holes: near },
    { from: 'cy', strangers: false, holes: [holeAt(3, 1)] },
    { from: 'dot', strangers: true, holes: [] },
  ]);
  const excerpts = await excerptsOfTake(file);
  expect(excerpts.map((each) => [each.track, each.isForStrangers, inTake(each)])).toEqual([
    [1, true, near.slice(0, 2)],
    [1, true, near.slice(2)],
    [2, false, [holeAt(3, 1)]],
  ]);
  for (const { frames, atSample } of excerpts) {
    expect(frames).toBeLessThanOrEqual(2 * RATE_HZ);
    expect(atSample).toBeGreaterThanOrEqual(holeAt(0, 0).atSample);
  }
});

test('a hole that no excerpt can show, as of a player who was away, is left', async () => {
  const file = takeWith(10, [{ from: 'ben', strangers: true, holes: [holeAt(100, 200)] }]);
  expect(await excerptsOfTake(file)).toEqual([]);
});

test('an excerpt sounds as the take does, and is silent in its holes', async () => {
  // Near enough to each other that excerpts share sound.
  const holes = Array.from({ length: 9 }, (_, n) => holeAt(40 + 60 * n, 1 + (n % 4)));
  const file = takeWith(12, [
    { from: 'ben', strangers: true, holes },
    { from: 'cy', strangers: true, holes: holes.slice(3) },
  ]);
  const excerpts = await excerptsOfTake(file);
  const seen: TakeExcerpt[] = [];
  for await (const { excerpt, pcm } of soundOfExcerpts(file, excerpts)) {
    seen.push(excerpt);
    const isHole = (n: number) =>
      excerpt.holes.some(({ atSample, frames }) => n >= atSample && n < atSample + frames);
    expect([...pcm]).toEqual(
      Array.from({ length: excerpt.frames }, (_, n) => (isHole(n) ? 0 : playedAt(excerpt.atSample + n))),
    );
  }
  expect(new Set(seen)).toEqual(new Set(excerpts));
  expect(seen.flatMap(inTake)).toHaveLength(holes.length + holes.length - 3);
});
