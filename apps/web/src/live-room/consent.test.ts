import { expect, test } from 'vitest';
import { CONSENT_KINDS, consentOf, kindsOf, withKind } from './consent.ts';

test('nothing is allowed until it is, and training or showing needs a recording', () => {
  expect(consentOf([])).toBe(0);
  expect(withKind([], 'train', true)).toEqual(['record', 'train']);
  expect(withKind(['record', 'train', 'strangers'], 'train', false)).toEqual(['record', 'strangers']);
  expect(withKind(['record', 'train', 'strangers'], 'record', false)).toEqual([]);
});

test('what travels says what was chosen', () => {
  for (let consent = 0; consent < 8; consent++) expect(consentOf(kindsOf(consent))).toBe(consent);
  expect(kindsOf(7)).toEqual(CONSENT_KINDS);
});
