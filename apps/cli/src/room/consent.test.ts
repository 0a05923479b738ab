import { expect, test } from 'vitest';
import { consentText, readConsent } from './consent.ts';

test('who consents to nothing is told that nothing is kept, and how that changes', () => {
  expect(consentText(readConsent('none'))).toBe(
    'Nobody keeps a recording of your sound, this machine neither; --consent record allows it.',
  );
});

test('who consents to more is told all of it', () => {
  expect(consentText(readConsent('record'))).toBe('Others may keep what they hear of you.');
  expect(consentText(readConsent('record,train,strangers'))).toBe(
    'Others may keep what they hear of you, and train models on it, and play excerpts to strangers.',
  );
});
