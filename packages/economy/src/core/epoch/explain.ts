import { present } from '@jamnet/base';
import { apportion } from '../money/apportion.ts';
import type { ContributionKind } from '../records/kinds.ts';
import type { RowRule } from '../records/rows.ts';
import type { RowColumns } from './row-columns.ts';
import type { Payment, Settlement } from './settle.ts';

/** Why an amount: this row of money, by this rule, for this contribution. */
export interface PaymentLine {
  readonly rowId: string;
  readonly rule: RowRule;
  readonly kind: ContributionKind;
  readonly contribution: string;
  readonly microJam: bigint;
}

export interface ExplainedPayment extends Payment {
  readonly escrowed: boolean;
  /** Sum exactly to `microJam`; ordered by row, then contribution. */
  readonly lines: readonly PaymentLine[];
}

/** The lines of one payment: what each row weighs in the epoch × the contribution's share of it, rounded once. */
export function explain(
  rows: RowColumns,
  { weightOf }: Pick<Settlement, 'weightOf'>,
  epochId: string,
  { payee, microJam }: Payment,
): PaymentLine[] {
  const own = rows
    .sharesOf(payee)
    .map(({ row, contribution, weight }) => ({ row, contribution, weight: weightOf(row) * weight }))
    .filter(({ weight }) => weight > 0n);
  const amounts = apportion(
    microJam,
    own.map(({ weight }) => weight),
    (index) => {
      const part = present(own[index], 'part');
      return `${part.row.rowId}/${part.contribution}`;
    },
    epochId,
  );
  const lines = own.map(({ row: { rowId, rule, kind }, contribution }, index) => ({
    rowId,
    rule,
    kind,
    contribution,
    microJam: present(amounts[index], 'amount'),
  }));
  return lines.filter((line) => line.microJam > 0n);
}
