import { expect, test } from 'vitest';
import { LINKED_GROUPS_MAX, linkedHunks } from './linked-hunks.ts';

test('hunks in which one word comes or goes are linked, new words before known ones', () => {
  const hunks = [
    { before: 'function mix(a) {', after: 'function blend(a) {' },
    { before: '', after: 'total += 101;' },
    { before: 'x = mix(x, 3);', after: 'x = blend(x, 4);' },
    { before: '', after: 'total -= 101; // as x' },
    { before: 'x', after: 'y' },
  ];
  expect(linkedHunks(hunks, ['function mix(a) {}\ntotal = x;'])).toEqual([
    [0, 2],
    [1, 3],
    [3, 4],
  ]);
});

test('new names whose callers share a hunk are tried as a whole first', () => {
  const hunks = [
    { before: 'function a() {', after: 'function x() {' },
    { before: 'function b() {', after: 'function y() {' },
    { before: 'n += 1', after: 'n += 2' },
    { before: 'a(b());', after: 'x(y());' },
  ];
  expect(linkedHunks(hunks, ['a b n'])).toEqual([
    [0, 1, 3],
    [0, 3],
    [1, 3],
  ]);
});

test('a name in letters beyond ASCII is one word', () => {
  const bytes = (text: string) => Buffer.from(text).toString('latin1');
  const hunks = ['\u0442', '\u0443', '\u0442'].map((name) => ({ before: 'm0', after: bytes(`m${name}0`) }));
  expect(linkedHunks(hunks, ['m0'])).toEqual([
    [0, 2],
    [0, 1, 2],
  ]);
});

test('so many groups are tried and not one more', () => {
  const words = Array.from({ length: LINKED_GROUPS_MAX + 1 }, (_, n) => `word${n}`);
  const hunks = [...words, ...words].map((after) => ({ before: '', after }));
  expect(linkedHunks(hunks, [])).toHaveLength(LINKED_GROUPS_MAX);
});
