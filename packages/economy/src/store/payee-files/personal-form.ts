import { type CanonicalValue, ok, type Result, refuse } from '@jamnet/base';
import Type from 'typebox';
import { Check, Errors } from 'typebox/value';
import { sepaOrderFault } from '../../rails/iso20022/pain001.ts';
import { nachaOrderFault } from '../../rails/nacha/nacha-file.ts';
import type { Destination } from '../../rails/payment.ts';
import type { PersonalData, TaxForm } from './personal-data.ts';

const closed = { additionalProperties: false } as const;
const text = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const Country = Type.String({ pattern: '^[A-Z]{2}$' });
const Day = Type.String({ pattern: '^(19|20)\\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$' });
const Address = Type.Object(
  {
    country: Country,
    townName: text(35),
    postCode: Type.Optional(text(16)),
    streetName: Type.Optional(text(70)),
    buildingNumber: Type.Optional(text(16)),
    lines: Type.Optional(Type.Array(text(70), { maxItems: 2 })),
  },
  closed,
);
const Account = Type.Union([
  Type.Object({ kind: Type.Literal('iban'), iban: text(34), bic: Type.Optional(text(11)) }, closed),
  Type.Object(
    {
      kind: Type.Literal('us'),
      routingNumber: Type.String({ pattern: '^\\d{9}$' }),
      accountNumber: text(17),
      type: Type.Union([Type.Literal('checking'), Type.Literal('savings')]),
    },
    closed,
  ),
  Type.Object(
    { kind: Type.Literal('stripe'), accountId: Type.String({ pattern: '^acct_[A-Za-z0-9_]{1,64}$' }) },
    closed,
  ),
]);
const DestinationForm = Type.Object(
  { name: text(70), account: Account, address: Type.Optional(Address) },
  closed,
);

/** What a payee hands in; members that are not there stay as they were. */
const PersonalForm = Type.Object(
  {
    legalName: Type.Optional(text(140)),
    email: Type.Optional(Type.String({ pattern: '^[^\\s@]{1,64}@[^\\s@]{1,190}$' })),
    birthDate: Type.Optional(Day),
    address: Type.Optional(Address),
    destination: Type.Optional(DestinationForm),
    tax: Type.Optional(
      Type.Object(
        {
          form: Type.Enum(['W-9', 'W-8BEN', 'W-8BEN-E', 'DAC7'] as const),
          country: Country,
          taxId: Type.String({ pattern: '^[A-Za-z0-9./ -]{2,32}$' }),
          signedOn: Day,
        },
        closed,
      ),
    ),
  },
  closed,
);

export type PersonalFormCode = 'personal-data-malformed' | 'account-unfit' | 'tax-form-incomplete';

/** Schema and sense of what a payee hands in. Messages name members, never what is in them. */
export function readPersonalForm(document: unknown): Result<Partial<PersonalData>, PersonalFormCode> {
  if (!Check(PersonalForm, document)) {
    const [first] = Errors(PersonalForm, document);
    const where = first?.instancePath || '/';
    return refuse('personal-data-malformed', `The data is not valid at ${where}: ${first?.message ?? '?'}.`);
  }
  return document.destination ? (accountFault(document.destination) ?? ok(document)) : ok(document);
}

/** Reads the studio's own account, as a settings file gives it. */
export function readDestination(document: unknown): Result<Destination, PersonalFormCode> {
  if (!Check(DestinationForm, document))
    return refuse('personal-data-malformed', 'An account needs a name and an account of a known kind.');
  return accountFault(document) ?? ok(document);
}

function accountFault(to: Destination) {
  const order = { payoutId: 'destination', to, amountCents: 1n };
  const fault =
    to.account.kind === 'iban'
      ? sepaOrderFault(order)
      : to.account.kind === 'us'
        ? nachaOrderFault(order)
        : null;
  return fault && refuse<PersonalFormCode>('account-unfit', fault.message);
}

/** What is missing for the tax form to be one, in view of all that is kept; `null` when nothing is. */
export function taxFormFault({ tax, birthDate, address, legalName }: PersonalData) {
  if (!tax) return null;
  const missing = TAX_FORM_NEEDS[tax.form]
    .filter((member) => ({ birthDate, address, legalName })[member] === null)
    .join(', ');
  if (missing !== '')
    return refuse<PersonalFormCode>('tax-form-incomplete', `A ${tax.form} needs ${missing}.`);
  if (tax.form !== 'W-9') return null;
  return tax.country === 'US' && /^\d{9}$/.test(tax.taxId.replaceAll('-', ''))
    ? null
    : refuse<PersonalFormCode>(
        'tax-form-incomplete',
        'A W-9 has country US and a tax number of nine digits.',
      );
}

/** IRS forms W-9, W-8BEN, W-8BEN-E; Council Directive (EU) 2021/514 (DAC7), Annex V, Section II B. */
const TAX_FORM_NEEDS: Readonly<Record<TaxForm['form'], readonly ('birthDate' | 'address' | 'legalName')[]>> =
  {
    'W-9': ['legalName', 'address'],
    'W-8BEN': ['legalName', 'address', 'birthDate'],
    'W-8BEN-E': ['legalName', 'address'],
    DAC7: ['legalName', 'address', 'birthDate'],
  };

/** The parts that are judged one by one, as documents to commit to; `null` while there is nothing to judge. */
export function judgedParts(
  data: PersonalData,
): Readonly<Record<'identity' | 'taxForm' | 'bank', CanonicalValue>> {
  const { legalName, birthDate, address, tax, destination } = data;
  return {
    identity: legalName === null ? null : plain({ legalName, birthDate, address }),
    taxForm: tax === null ? null : plain(tax),
    bank: destination === null ? null : plain(destination),
  };
}

/** JSON of it without members that are undefined. */
function plain(value: object): CanonicalValue {
  return JSON.parse(JSON.stringify(value)) as CanonicalValue; // JSON in, JSON out
}
