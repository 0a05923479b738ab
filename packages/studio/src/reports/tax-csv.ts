import { csvText, type PayeeExport, type TaxYear } from '@jamnet/economy';
import { decimal } from './words.ts';

/** Who is behind a pseudonym, from the sealed payee files. */
export type Person = PayeeExport['personal'];

/** Yearly totals by payee: what 1099-NEC and DAC7 ask for, amounts in dollars. The columns of who it is stay empty for payees that `people` lacks. */
export function taxCsv(year: TaxYear, people: ReadonlyMap<string, Person>): string {
  const head = [
    'year',
    'basis',
    'payee',
    'name',
    'tax_form',
    'tin',
    'tin_country',
    'birth_date',
    'address',
    'paid_q1_usd',
    'payouts_q1',
    'fees_q1_usd',
    'paid_q2_usd',
    'payouts_q2',
    'fees_q2_usd',
    'paid_q3_usd',
    'payouts_q3',
    'fees_q3_usd',
    'paid_q4_usd',
    'payouts_q4',
    'fees_q4_usd',
    'withheld_usd',
    'perks_usd',
    'jam_issued',
    'issued_value_usd',
    'cash_claims_usd',
    'jam_redeemed',
    'redeemed_usd',
    'reportable_usd',
    'reaches_1099_nec',
  ];
  const rows = year.lines.map((line) => {
    const person = people.get(line.payee);
    const quarters = line.paidCents.flatMap((cents, quarter) => [
      decimal(cents, 2),
      line.payouts[quarter] ?? 0,
      decimal(line.feeCents[quarter] ?? 0n, 2),
    ]);
    return [
      year.year,
      year.basis,
      line.payee,
      person?.legalName ?? null,
      person?.tax?.form ?? null,
      person?.tax?.taxId ?? null,
      person?.tax?.country ?? null,
      person?.birthDate ?? null,
      person?.address ? addressText(person.address) : null,
      ...quarters,
      decimal(line.withheldCents, 2),
      decimal(line.perkCents, 2),
      decimal(line.issuedMicroJam, 6),
      decimal(line.issuedValueCents, 2),
      decimal(line.claimCents, 2),
      decimal(line.redeemedMicroJam, 6),
      decimal(line.redeemedCents, 2),
      decimal(line.reportableCents, 2),
      line.reaches1099 ? 'yes' : 'no',
    ];
  });
  return csvText([head, ...rows]);
}

function addressText(address: NonNullable<Person['address']>): string {
  const { country, townName, postCode, streetName, buildingNumber, lines = [] } = address;
  const street = [streetName, buildingNumber].filter(Boolean).join(' ');
  const town = [postCode, townName].filter(Boolean).join(' ');
  return [...lines, street, town, country].filter(Boolean).join(', ');
}
