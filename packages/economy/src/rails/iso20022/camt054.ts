import { ok, type Result, refuse } from '@jamnet/base';
import { centsOf } from '../payment.ts';
import type { ReportCode } from './pain002.ts';
import { all, attributeOf, type Element, parseXml, textAt } from './xml.ts';

/** One booked movement on the account, as camt.054 tells it. */
export interface BankEntry {
  readonly endToEndId: string | null;
  readonly cents: bigint;
  readonly currency: string;
  readonly direction: 'debit' | 'credit';
  readonly booked: boolean;
  /** A credit that brings back an earlier debit, or a reversal. */
  readonly isReturn: boolean;
  readonly reason: string | null;
}

/** Reads a debit and credit notification (camt.054, any version). */
export function readCamt054(xml: string): Result<readonly BankEntry[], ReportCode> {
  const parsed = parseXml(xml);
  if (!parsed.ok) return parsed;
  const notes = all(parsed.value, 'Document', 'BkToCstmrDbtCdtNtfctn', 'Ntfctn');
  if (notes.length === 0) return refuse('report-unknown', 'The file is no notification (camt.054).');
  const entries: BankEntry[] = [];
  for (const entry of notes.flatMap((note) => all(note, 'Ntry'))) {
    const details = all(entry, 'NtryDtls', 'TxDtls');
    for (const detail of details.length > 0 ? details : [entry]) {
      const read = entryOf(entry, detail);
      if (!read) return refuse('report-malformed', 'An entry has no amount or no direction.');
      entries.push(read);
    }
  }
  return ok(entries);
}

function entryOf(entry: Element, detail: Element): BankEntry | null {
  const amount = all(detail, 'Amt')[0] ?? all(entry, 'Amt')[0];
  const cents = centsOf(String(amount?.['#'] ?? ''));
  const sign = textAt(detail, 'CdtDbtInd') ?? textAt(entry, 'CdtDbtInd');
  const currency = amount ? attributeOf(amount, 'Ccy') : null;
  if (cents === null || currency === null || (sign !== 'DBIT' && sign !== 'CRDT')) return null;
  const reason = textAt(detail, 'RtrInf', 'Rsn', 'Cd') ?? textAt(detail, 'RtrInf', 'Rsn', 'Prtry');
  const reversal = textAt(entry, 'RvslInd') === 'true';
  return {
    endToEndId: textAt(detail, 'Refs', 'EndToEndId'),
    cents,
    currency,
    direction: sign === 'DBIT' ? 'debit' : 'credit',
    booked: (textAt(entry, 'Sts', 'Cd') ?? textAt(entry, 'Sts')) === 'BOOK',
    isReturn: reversal || all(detail, 'RtrInf').length > 0,
    reason,
  };
}
