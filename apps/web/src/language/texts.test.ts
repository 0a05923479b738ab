import { expect, test } from 'vitest';
import { faultsOf } from './check-texts.ts';

const files = import.meta.glob<Record<string, unknown>>('../**/text.ts', { eager: true });
const bilingual = Object.entries(files).flatMap(([file, exported]) =>
  Object.entries(exported).flatMap(([name, value]) =>
    typeof value === 'object' && value !== null && 'en' in value && 'de' in value
      ? [{ name: `${file} ${name}`, en: value.en, de: value.de }]
      : [],
  ),
);

test('the screens’ texts are found', () => {
  expect(bilingual.map(({ name }) => name)).toContain('./text.ts text');
});

test.each(bilingual)('$name says the same things in both languages', ({ en, de }) => {
  expect(faultsOf(en, de)).toEqual([]);
});

test.each([
  ['a key that German lacks', { a: { b: 'Play' } }, { a: {} }, 'a.b: missing in German'],
  ['a key that English lacks', {}, { b: 'Spielen' }, 'b: missing in English'],
  ['a text left empty', { b: 'Play' }, { b: ' ' }, 'b: empty'],
  ['a text not translated', { b: 'Play' }, { b: 'Play' }, 'b: “Play” in both languages'],
  [
    'a sentence of a number not translated',
    { b: (n: number) => `${n} takes` },
    { b: (n: number) => `${n} takes` },
    'b: “2 takes”',
  ],
  ['a function beside a text', { b: () => 'Play' }, { b: 'Spielen' }, 'b: not the same sort'],
])('%s is told', (_fault, en, de, told) => {
  expect(faultsOf(en, de).join()).toContain(told);
});

test('marks and names may be the same', () => {
  expect(faultsOf({ a: 'JAM', b: '→' }, { a: 'JAM', b: '→' })).toEqual([]);
});
