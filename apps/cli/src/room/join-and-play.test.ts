import { expect, test } from 'vitest';
import { reportText } from './join-and-play.ts';

test('a take that lacks sound because the disk did not keep up is said to have holes', () => {
  expect(reportText({ heard: [], takeBlocksDropped: 0 })).toBe('Nobody else was in the room.');
  expect(reportText({ heard: [], takeBlocksDropped: 3 })).toMatch(/HOLES.* 3 blocks/);
});
