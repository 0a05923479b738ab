import type { PayeeDocument } from './wallet-api.ts';

/** What the form holds; empty text is what is to stay as it was. */
export const EMPTY_PAYEE = {
  legalName: '',
  birthDate: '',
  email: '',
  country: '',
  townName: '',
  postCode: '',
  streetName: '',
  buildingNumber: '',
  kind: 'iban',
  accountName: '',
  iban: '',
  bic: '',
  routingNumber: '',
  accountNumber: '',
  type: 'checking',
  accountId: '',
  form: '',
  taxCountry: '',
  taxId: '',
  signedOn: '',
};
export type PayeeFields = typeof EMPTY_PAYEE;

/** What was filled in, as the studio takes it; null where nothing was. What it may be is the studio's to say. */
export function payeeDocumentOf(fields: PayeeFields): PayeeDocument | null {
  const { legalName, birthDate, email, country, townName, postCode, streetName, buildingNumber } = fields;
  const address = filled({ country: country.toUpperCase(), townName, postCode, streetName, buildingNumber });
  const account = accountOf(fields);
  const name = fields.accountName.trim();
  const tax = filled({
    form: fields.form,
    country: fields.taxCountry.toUpperCase(),
    taxId: fields.taxId,
    signedOn: fields.signedOn,
  });
  const destination = account && { name, account, ...(address && { address }) };
  const document = {
    ...filled({ legalName, birthDate, email }),
    ...(address && { address }),
    ...(destination && { destination }),
    ...(tax && { tax }),
  };
  return Object.keys(document).length === 0 ? null : document;
}

function accountOf({ kind, iban, bic, routingNumber, accountNumber, type, accountId }: PayeeFields) {
  if (kind === 'us') {
    const numbers = filled({ routingNumber, accountNumber });
    return numbers && { kind, ...numbers, type };
  }
  const numbers =
    kind === 'stripe' ? filled({ accountId }) : filled({ iban: iban.replaceAll(/\s/g, ''), bic });
  return numbers && { kind, ...numbers };
}

/** The members that were filled in, without spaces around them; null where none was. */
function filled(members: Readonly<Record<string, string>>): Record<string, string> | null {
  const kept = Object.entries(members)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== '');
  return kept.length === 0 ? null : Object.fromEntries(kept);
}
