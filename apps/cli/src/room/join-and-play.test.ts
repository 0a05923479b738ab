import { expect, test } from 'vitest';
import { reportText, requireRelay } from './join-and-play.ts';

test('a take that lacks sound because the disk did not keep up is said to have holes', () => {
  expect(reportText({ heard: [], takeBlocksDropped: 0 })).toBe('Nobody else was in the room.');
  expect(reportText({ heard: [], takeBlocksDropped: 3 })).toMatch(/HOLES.* 3 blocks/);
});

test('an evening that the relay ended is a failure that says what to look at', () => {
  expect(() => requireRelay({ isRelayLost: true })).toThrow(/relay stopped answering.*Join again/);
  expect(() => requireRelay({ isRelayLost: false })).not.toThrow();
});
