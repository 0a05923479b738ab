import { expect, test } from 'vitest';
import { placeOf } from './place.ts';

const ID = '0123456789abcdef'.repeat(2);

test.each([
  ['', { part: 'figures', proposal: null }],
  ['#partners', { part: 'partners', proposal: null }],
  ['#proposals', { part: 'proposals', proposal: null }],
  [`#proposals/${ID}`, { part: 'proposals', proposal: ID }],
  ['#proposals/<img src=x>', { part: 'proposals', proposal: null }],
  [`#partners/${ID}`, { part: 'partners', proposal: null }],
  ['#elsewhere', { part: 'figures', proposal: null }],
])('the address %s leads to its place', (hash, place) => {
  expect(placeOf(hash)).toEqual(place);
});
