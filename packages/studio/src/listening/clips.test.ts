import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { present } from '@jamnet/base';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { TakeStore } from '../takes/take-store.ts';
import { ClipShelf, SHELF_LIMITS } from './clips.ts';
import { putRepairedTake, RATE_HZ } from './testing/repaired-take.ts';

const FIRST = '1a'.repeat(20);
const SECOND = '2b'.repeat(20);
let directory: string;
let takes: TakeStore;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-clips-'));
  takes = new TakeStore(directory, () => 0);
  putRepairedTake(takes, FIRST, { holes: 3 });
  putRepairedTake(takes, SECOND, { holes: 3 });
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('each hole has a clip of its own, of at most two seconds, with what its contributions are filed under', () => {
  const clips = new ClipShelf(takes).list();
  expect(clips.map(({ take }) => take)).toEqual([FIRST, FIRST, FIRST, SECOND, SECOND, SECOND]);
  expect(new Set(clips.map(({ id }) => id)).size).toBe(6);
  for (const clip of clips) {
    expect(clip.frames).toBeLessThanOrEqual(2 * RATE_HZ);
    expect(clip.subjects).toContain(clip.take);
  }
  // Different sound, different playing.
  expect(clips[0]?.subjects[0]).not.toBe(clips[3]?.subjects[0]);
});

test('no more clips are offered than the shelf has room for', () => {
  const clips = new ClipShelf(takes, { ...SHELF_LIMITS, clips: 4 }).list();
  expect(clips.map(({ take }) => take)).toEqual([FIRST, FIRST, FIRST, SECOND]);
});

test('a take that is too long is left out', () => {
  const view = present(takes.views()[0], 'the first take');
  takes.writeView({ ...view, seconds: SHELF_LIMITS.takeSeconds + 1 });
  expect(new ClipShelf(takes).list().map(({ take }) => take)).toEqual([SECOND, SECOND, SECOND]);
});

test('sounds are kept until newer ones need their place', () => {
  const shelf = new ClipShelf(takes, { ...SHELF_LIMITS, soundsKept: 2 });
  const [one, two, three] = shelf.list().map((clip) => () => shelf.sound(clip));
  const first = one?.();
  expect(one?.()).toBe(first);
  two?.();
  three?.();
  expect(one?.()).not.toBe(first);
});

test('a take that was repaired anew is read anew', () => {
  const shelf = new ClipShelf(takes);
  const [clip] = shelf.list();
  const before = shelf.sound(present(clip, 'a clip'));
  putRepairedTake(takes, FIRST, { holes: 2 });
  expect(shelf.list().filter(({ take }) => take === FIRST)).toHaveLength(2);
  expect(shelf.sound(present(clip, 'a clip'))).not.toBe(before);
});
