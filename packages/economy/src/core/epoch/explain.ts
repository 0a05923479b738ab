import { present } from '@jamnet/base';
import { apportion } from '../money/apportion.ts';
import type { ContributionKind } from '../records/kinds.ts';
import type { RowRule } from '../records/rows.ts';
import type { RowHead } from './epoch-shares.ts';
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

/** One share of a row: by which contribution, and how much of 10¹⁸. */
export interface OwnShare {
  readonly row: RowHead;
  readonly contribution: string;
  readonly weight: bigint;
}

/** The lines of one payment from all shares of its payee: what each row weighs in the epoch × the share, rounded once. */
export function explain(
  shares: readonly OwnShare[],
  weightOf: Settlement['weightOf'],
  epochId: string,
  microJam: bigint,
): PaymentLine[] {
  const own = shares
    .map(({ row, contribution, weight }) => ({ row, contribution, weight: weightOf(row) * weight }))
    .filter(({ weight }) => weight > 0n)
    .sort(byRowThenContribution);
  if (own.length === 0) return [];
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

function byRowThenContribution(a: OwnShare, b: OwnShare): number {
  if (a.row.rowId !== b.row.rowId) return a.row.rowId < b.row.rowId ? -1 : 1;
  return a.contribution < b.contribution ? -1 : 1;
}
