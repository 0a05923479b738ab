import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressOf, PARTS, placeOf } from './place.ts';

test('every place has an address that leads back to it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...PARTS), fc.option(fc.string({ minLength: 1 })), (part, name) => {
      expect(placeOf(addressOf(part, name))).toEqual({ part, name });
    }),
  );
});

test('an address that names no part of the books leads to the epochs', () => {
  for (const hash of ['', '#', '#money', '#accounts2/x', '#/epochs'])
    expect(placeOf(hash)).toEqual({ part: 'epochs', name: null });
});

test('an escape that is cut off is taken as it stands', () => {
  expect(placeOf('#accounts/pool%3')).toEqual({ part: 'accounts', name: 'pool%3' });
});
