import { expect, test } from 'vitest';
import { placeOf } from './place.ts';

const NODE = `n${'0a'.repeat(16)}`;

test.each([
  [`#${NODE}`, NODE],
  ['', null],
  ['#all', null],
  [`#${NODE}0`, null],
  [`#${NODE.toUpperCase()}`, null],
])('the address %j shows the machine %s', (hash, node) => {
  expect(placeOf(hash)).toBe(node);
});
