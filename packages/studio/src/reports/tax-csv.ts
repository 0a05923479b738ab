import { csvText, type TaxYear } from '@jamnet/economy';
import { decimal } from './words.ts';

/** Who is behind a pseudonym, as the forms ask for it; members that are not known stay empty. */
export interface TaxPerson {
  readonly name?: string;
  readonly tin?: string;
  readonly birthDate?: string;
  readonly address?: string;
  readonly country?: string;
}

/** Yearly totals by payee: what 1099-NEC and DAC7 ask for, amounts in dollars. */
export function taxCsv(year: TaxYear, personOf: (payee: string) => TaxPerson | null = () => null): string {
  const head = [
    'year',
    'basis',
    'payee',
    'name',
    'tin',
    'birth_date',
    'address',
    'country',
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
    const person = personOf(line.payee);
    const quarters = line.paidCents.flatMap((cents, quarter) => [
      decimal(cents, 2),
      line.payouts[quarter] ?? 0,
      decimal(line.feeCents[quarter] ?? 0n, 2),
    ]);
    return [
      year.year,
      year.basis,
      line.payee,
      person?.name ?? null,
      person?.tin ?? null,
      person?.birthDate ?? null,
      person?.address ?? null,
      person?.country ?? null,
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
