import { expect, test } from 'vitest';
import { GERMAN_REFUSALS } from '../api/refusals/german-refusals.ts';
import { sentencesOf } from '../language/check-texts.ts';
import { GERMAN_WORDS, twinsIn } from './german-words.ts';

const files = import.meta.glob<Record<string, unknown>>('../**/text.ts', { eager: true });
const screens = Object.entries(files).flatMap(([file, exported]) =>
  Object.values(exported).flatMap((value) =>
    typeof value === 'object' && value !== null && 'de' in value ? [[file, value.de] as const] : [],
  ),
);

test('the screens’ texts are found, with the sentences that are made of values', () => {
  expect(screens.length).toBeGreaterThan(25);
  expect(
    sentencesOf({ a: { b: 'Eins' }, c: (n: number) => `${n} Takte`, d: (name: string) => name.trim() }),
  ).toEqual(['Eins', '2 Takte', '2']);
});

test.each([...screens, ['the refusals', GERMAN_REFUSALS] as const])(
  '%s has one word for one thing',
  (_file, german) => {
    expect(sentencesOf(german).flatMap((text) => twinsIn(text).map((twin) => `${twin} in: ${text}`))).toEqual(
      [],
    );
  },
);

test('a twin is found, as a whole word only, and not where it is quoted', () => {
  expect(twinsIn('Die Satzung nennt es.')).toEqual(['“Satzung”: write Regeln']);
  expect(twinsIn('Die Besatzung, ein Taktstock, „jamnet policy template“ und „Wallet“.')).toEqual([]);
  for (const [word, twins] of Object.entries(GERMAN_WORDS)) expect(word).not.toMatch(twins);
});
