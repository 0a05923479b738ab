import { expect, test } from 'vitest';
import { reportLanguageOf } from './report-language.ts';

test.each([
  ['nothing', undefined, 'en'],
  ['German', 'de', 'de'],
  ['German of Austria before English', 'de-AT,de;q=0.9,en;q=0.8', 'de'],
  ['English before German', 'en-GB,en;q=0.9,de;q=0.8', 'en'],
  ['German by weight, though it comes later', 'en;q=0.3, de;q=0.7', 'de'],
  ['a language that we have not, then German', 'fr-FR,fr;q=0.9,de;q=0.5', 'de'],
  ['no German at all', 'de;q=0,fr', 'en'],
  ['something else altogether', 'denmark, ;;;q=9', 'en'],
  ['far too much', `${'fr,'.repeat(1_000)}de`, 'en'],
])('a browser that asks for %s', (_, header, language) => {
  expect(reportLanguageOf(header)).toBe(language);
});
