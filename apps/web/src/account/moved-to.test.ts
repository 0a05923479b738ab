import { expect, test } from 'vitest';
import { movedTo } from './moved-to.ts';

test.each([
  ['#wallet', '/wallet/'],
  ['#machines', '/nodes/'],
  ['', null],
  ['#passkeys', null],
  ['#join=abc', null],
  ['#constructor', null],
])('an address that ends in %j leads to %j', (hash, path) => {
  expect(movedTo(hash)).toBe(path);
});
