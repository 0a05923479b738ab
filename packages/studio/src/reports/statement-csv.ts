import { csvText, isoTimeOf, type PayeeStatement } from '@jamnet/economy';
import { decimal } from './words.ts';

/** A payee's statement for spreadsheets: one line of it a row, each with what explains it. */
export function statementCsv({ epoch, payee, paid, lines }: PayeeStatement): string {
  const head = [
    'epoch',
    'closed_at',
    'payee',
    'kind',
    'rule',
    'contribution',
    'subject',
    'evidence_sha256',
    'row_id',
    'receipts',
    'jam',
    'statement_jam',
    'statement_cash_usd',
    'statement_sha256',
  ];
  const rows = lines.map((line) => [
    epoch.epochId,
    isoTimeOf(epoch.closedAtUs),
    payee,
    line.kind,
    line.rule,
    line.contribution,
    line.subject,
    line.evidence,
    line.rowId,
    line.receipts.join(' '),
    decimal(line.microJam, 6),
    decimal(paid.microJam, 6),
    decimal(paid.cents, 2),
    epoch.sha256,
  ]);
  return csvText([head, ...rows]);
}
