import { expect, test } from 'vitest';
import { draftOf } from './use-draft.ts';

const EMPTY = { id: '', amount: '' };

test('a kept draft comes back with the fields that the form has, and only texts', () => {
  expect(draftOf('{"id":"r-1","amount":"9.50"}', EMPTY)).toEqual({ id: 'r-1', amount: '9.50' });
  expect(draftOf('{"id":7,"amount":"9.50","other":"x","__proto__":"y"}', EMPTY)).toEqual({
    id: '',
    amount: '9.50',
  });
});

test.each([null, '', '{', '[]', '7', 'null'])('a form whose kept draft is %s begins empty', (kept) => {
  expect(draftOf(kept, EMPTY)).toEqual(EMPTY);
});
