import { expect, test } from 'vitest';
import { EMPTY_PAYEE, payeeDocumentOf } from './payee-document.ts';

test('a form that nobody filled in hands in nothing', () => {
  expect(payeeDocumentOf(EMPTY_PAYEE)).toBeNull();
  expect(payeeDocumentOf({ ...EMPTY_PAYEE, legalName: '  ' })).toBeNull();
});

test('only what was filled in is handed in, so that the rest stays', () => {
  expect(payeeDocumentOf({ ...EMPTY_PAYEE, email: 'ann@example.org' })).toEqual({ email: 'ann@example.org' });
});

test('an account goes with its name and address, an IBAN without its spaces', () => {
  const fields = {
    ...EMPTY_PAYEE,
    legalName: ' Ann Example ',
    country: 'fr',
    townName: 'Lyon',
    accountName: 'Ann Example',
    iban: 'FR14 2004 1010',
  };
  const address = { country: 'FR', townName: 'Lyon' };
  expect(payeeDocumentOf(fields)).toEqual({
    legalName: 'Ann Example',
    address,
    destination: { name: 'Ann Example', account: { kind: 'iban', iban: 'FR1420041010' }, address },
  });
});

test('an account in the United States has its type, a tax form its country in capitals', () => {
  const account = { kind: 'us', routingNumber: '011000015', accountNumber: '42', accountName: 'Ann' };
  const tax = { form: 'W-9', taxCountry: 'us', taxId: '123-45-6789', signedOn: '2026-11-01' };
  expect(payeeDocumentOf({ ...EMPTY_PAYEE, ...account, ...tax })).toEqual({
    destination: {
      name: 'Ann',
      account: { kind: 'us', routingNumber: '011000015', accountNumber: '42', type: 'checking' },
    },
    tax: { form: 'W-9', country: 'US', taxId: '123-45-6789', signedOn: '2026-11-01' },
  });
});
