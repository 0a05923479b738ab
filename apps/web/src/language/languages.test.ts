import { expect, test } from 'vitest';
import { formatsOf } from './formats.ts';
import { chooseLanguage, localeOf } from './languages.ts';
import { countOf } from './plural.ts';

test.each([
  ['de', ['en-GB'], 'de'],
  [null, ['fr', 'de-AT', 'en'], 'de'],
  [null, ['EN-us'], 'en'],
  [null, ['den', 'deutsch'], 'en'],
  [null, [], 'en'],
  ['xx', ['de'], 'de'],
])('chosen %s with readers’ languages %j comes to %s', (stored, wanted, language) => {
  expect(chooseLanguage(stored, wanted)).toBe(language);
});

test('numbers follow the reader’s own country where it speaks the language', () => {
  expect(localeOf('de', ['en-GB', 'de-CH'])).toBe('de-CH');
  expect(localeOf('de', ['en-GB'])).toBe('de');
});

const plain = (shown: string): string => shown.replace(/[\u00a0\u202f]/g, ' ');

test.each([
  [
    'en-US',
    '1,234,567,890,123,456.789012 JAM',
    '-$1,234.50',
    '3.4%',
    '1,235 ms',
    '< 0.1%',
    'bar 3, beat 2',
    '3:07',
    '1.5 MB',
  ],
  [
    'de-DE',
    '1.234.567.890.123.456,789012 JAM',
    '-1.234,50 $',
    '3,4 %',
    '1.235 ms',
    '< 0,1 %',
    'Takt 3, Schlag 2',
    '3:07',
    '1,5 MB',
  ],
] as const)(
  '%s: amounts stay exact, dates and bars are written as read there',
  (locale, jam, dollars, percent, ms, little, bar, length, bytes) => {
    const formats = formatsOf(locale === 'en-US' ? 'en' : 'de', [locale]);
    expect(plain(formats.jam('1234567890123456789012'))).toBe(jam);
    expect(plain(formats.dollars(-123450n))).toBe(dollars);
    expect(plain(formats.percent(0.0341))).toBe(percent);
    expect(plain(formats.percent(0.00001))).toBe(little);
    expect(plain(formats.milliseconds(1234.6))).toBe(ms);
    expect(formats.bar(3, 2)).toBe(bar);
    expect(formats.duration(187.9)).toBe(length);
    expect(plain(formats.bytes(1_500_000))).toBe(bytes);
  },
);

test('a gain carries its sign', () => {
  const [english, german] = [formatsOf('en', ['en-US']), formatsOf('de', ['de-DE'])];
  expect([0.0341, -0.5, 0].map((part) => english.gain(part))).toEqual(['+3.4%', '-50.0%', '0.0%']);
  expect(plain(german.gain(0.0341))).toBe('+3,4 %');
});

test('a day is written in the order of the language', () => {
  const noon = Date.UTC(2026, 10, 3, 12);
  expect(formatsOf('en', ['en-US']).day(noon)).toBe('Nov 3, 2026');
  expect(formatsOf('de', []).day(noon)).toBe('03.11.2026');
});

test.each([
  ['en', 1, '1 take'],
  ['en', 0, '0 takes'],
  ['de', 1, '1 Aufnahme'],
  ['de', 1200, '1.200 Aufnahmen'],
] as const)('%s: %d', (language, count, said) => {
  const forms = { en: { one: 'take', other: 'takes' }, de: { one: 'Aufnahme', other: 'Aufnahmen' } };
  expect(countOf(language, count, forms[language])).toBe(said);
});
