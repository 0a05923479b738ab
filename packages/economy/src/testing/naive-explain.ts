import { present } from '@jamnet/base';
import type { ExplainedPayment, PaymentLine } from '../core/epoch/explain.ts';
import type { PublicRow, Settlement } from '../core/epoch/settle.ts';
import { apportion } from '../core/money/apportion.ts';
import type { Row } from './naive-rows.ts';

interface NamedRow {
  readonly row: Row;
  readonly publicRow: PublicRow;
}

/** The lines of every payment: what each row weighs in the epoch × the contribution's share of it, rounded once per payee. */
export function explain(
  named: readonly NamedRow[],
  settled: Settlement,
  epochId: string,
  verified: ReadonlySet<string>,
): ExplainedPayment[] {
  const parts = collectParts(named, settled);
  return settled.payments.map((payment) => {
    const own = present(parts.get(payment.payee), 'parts of a paid payee').sort(byRowThenContribution);
    const key = (index: number): string => {
      const part = present(own[index], 'part');
      return `${part.rowId}/${part.contribution}`;
    };
    const amounts = apportion(
      payment.microJam,
      own.map(({ weight }) => weight),
      key,
      epochId,
    );
    const lines = own.map(({ weight: _, ...line }, index) => ({
      ...line,
      microJam: present(amounts[index], 'amount'),
    }));
    return {
      ...payment,
      escrowed: !verified.has(payment.payee),
      lines: lines.filter(({ microJam }) => microJam > 0n),
    };
  });
}

type Part = Omit<PaymentLine, 'microJam'> & { readonly weight: bigint };

function collectParts(named: readonly NamedRow[], settled: Settlement): Map<string, Part[]> {
  const parts = new Map<string, Part[]>();
  for (const { row, publicRow } of named) {
    const rowWeight = settled.weightOf(publicRow);
    for (const { contribution, payee, weight } of row.shares) {
      if (weight === 0n || rowWeight === 0n) continue;
      const part = {
        rowId: publicRow.rowId,
        rule: row.rule,
        kind: row.kind,
        contribution,
        weight: rowWeight * weight,
      };
      const own = parts.get(payee);
      if (own) own.push(part);
      else parts.set(payee, [part]);
    }
  }
  return parts;
}

function byRowThenContribution(a: Part, b: Part): number {
  if (a.rowId !== b.rowId) return a.rowId < b.rowId ? -1 : 1;
  return a.contribution < b.contribution ? -1 : 1;
}
