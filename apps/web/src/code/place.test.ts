import { expect, test } from 'vitest';
import { partsFor, placeOf } from './place.ts';

test.each([
  ['', 'repositories', null],
  ['#claims', 'claims', null],
  ['#repositories/codeberg.org-ada-mill', 'repositories', 'codeberg.org-ada-mill'],
  ['#claims/codeberg.org-ada-mill', 'claims', null],
  ['#repositories/../x', 'repositories', null],
  ['#nothing', 'repositories', null],
])('%s is the place %s, %s', (hash, part, slug) => {
  expect(placeOf(hash)).toEqual({ part, slug });
});

test('each role is offered what it may do, and a visitor what everybody sees', () => {
  expect(partsFor(null)).toEqual(['repositories']);
  expect(partsFor('member')).toEqual(['repositories', 'claims', 'bounties']);
  expect(partsFor('curator')).toEqual(['repositories', 'claims', 'bounties']);
  expect(partsFor('auditor')).toEqual(['repositories', 'bounties', 'filing']);
  expect(partsFor('operator')).toEqual(['repositories', 'claims', 'bounties', 'filing']);
});
