import { expect, test } from 'vitest';
import { COMPANIONS_MAX, likelyCompanions } from './companions.ts';

const added = (after: string) => ({ before: '', after });
const deleted = (before: string) => ({ before, after: '' });
const unused = (count: number) => Array.from({ length: count }, (_, n) => added(`unused${n}.thing${n}();`));

test('a deleted line that shares a word with what earns comes before however many that share none', () => {
  const texts = [...unused(COMPANIONS_MAX + 50), deleted('form(common);'), added('again(common);')];
  const earning = texts.length - 1;
  const found = likelyCompanions(texts, new Set([earning]));
  expect(found).toHaveLength(COMPANIONS_MAX);
  expect(found[0]).toBe(earning - 1);
});

test('the rarer the shared word, the earlier', () => {
  const texts = [deleted('a(often)'), deleted('b(often)'), deleted('c(seldom)'), added('d(often, seldom)')];
  expect(likelyCompanions(texts, new Set([3]))).toEqual([2, 0, 1]);
});

test('of lines that share nothing the first in order are taken', () => {
  const texts = [...unused(COMPANIONS_MAX + 1), added('work();')];
  const found = likelyCompanions(texts, new Set([texts.length - 1]));
  expect(found).toEqual(Array.from({ length: COMPANIONS_MAX }, (_, n) => n));
});
