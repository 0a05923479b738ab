import { expect, test } from 'vitest';
import { placeOf } from './place.ts';

test.each([
  ['', 'balance'],
  ['#earned', 'earned'],
  ['#payments', 'payments'],
  ['#price', 'price'],
  ['#nothing-of-it', 'balance'],
  ['earned', 'balance'],
])('the address %j shows the part %s', (hash, part) => {
  expect(placeOf(hash)).toBe(part);
});
