import { expect, test } from 'vitest';
import { refusal } from './refusal.ts';

test.each([
  'relay-unreachable',
  'superseded',
  'room-full',
  'rooms-full',
  'epoch-taken',
  'packet-frames-differ',
  'name-taken',
  'replaced',
] as const)('a player who ends by %s is told in words, and keeps the code', (code) => {
  const { code: kept, message } = refusal(code);
  expect(kept).toBe(code);
  expect(message).toMatch(/^[A-Z].* .*\.$/);
  expect(message).not.toContain(code);
});
