import { ok, type Result, refuse } from '@jamnet/base';
import { centsOf } from '../payment.ts';
import { all, attributeOf, type Element, parseXml, textAt, type XmlCode } from './xml.ts';

export type ReportCode = XmlCode | 'report-unknown' | 'report-malformed';

/** What a status of a bank means for a payment. `pending` promises nothing yet. */
export type BankOutcome = 'settled' | 'accepted' | 'pending' | 'rejected' | 'unknown';

/** ISO 20022 external code sets: payment transaction, payment information and group status. */
const OUTCOMES: Readonly<Record<string, BankOutcome>> = {
  ACCC: 'settled',
  ACSC: 'settled',
  ACCP: 'accepted',
  ACSP: 'accepted',
  ACWC: 'accepted',
  ACTC: 'accepted',
  ACPT: 'accepted',
  ACFC: 'accepted',
  RCVD: 'pending',
  PDNG: 'pending',
  PART: 'pending',
  PATC: 'pending',
  RJCT: 'rejected',
  CANC: 'rejected',
};

export interface StatusReason {
  readonly code: string | null;
  readonly text: string;
}

export interface StatusOf {
  readonly outcome: BankOutcome;
  /** The code as written, or `null` when there is none. */
  readonly status: string | null;
  readonly reasons: readonly StatusReason[];
}

export interface PaymentStatus extends StatusOf {
  readonly endToEndId: string | null;
  readonly instructionId: string | null;
}

/** An answer to a payment file. Each level may be silent; {@link outcomeOf} says which one decides. */
export interface StatusReport {
  readonly schema: string;
  readonly messageId: string | null;
  readonly originalMessageId: string | null;
  readonly group: StatusOf;
  readonly blocks: readonly (StatusOf & {
    readonly blockId: string | null;
    readonly payments: readonly PaymentStatus[];
  })[];
}

/** Reads pain.002 of any version, from .001.03 on, also where the namespace is written `Xmlns`. */
export function readPain002(xml: string): Result<StatusReport, ReportCode> {
  const parsed = parseXml(xml);
  if (!parsed.ok) return parsed;
  const [document] = all(parsed.value, 'Document');
  const [report] = document ? all(document, 'CstmrPmtStsRpt') : [];
  if (!document || !report)
    return refuse('report-unknown', 'The file is no payment status report (pain.002).');
  const [original] = all(report, 'OrgnlGrpInfAndSts');
  if (!original) return refuse('report-malformed', 'The report does not say which message it answers.');
  return ok({
    schema: (attributeOf(document, 'xmlns') ?? attributeOf(document, 'Xmlns') ?? '').split(':').at(-1) ?? '',
    messageId: textAt(report, 'GrpHdr', 'MsgId'),
    originalMessageId: textAt(original, 'OrgnlMsgId'),
    group: statusAt(original, 'GrpSts'),
    blocks: all(report, 'OrgnlPmtInfAndSts').map((block) => ({
      blockId: textAt(block, 'OrgnlPmtInfId'),
      ...statusAt(block, 'PmtInfSts'),
      payments: all(block, 'TxInfAndSts').map((payment) => ({
        endToEndId: textAt(payment, 'OrgnlEndToEndId'),
        instructionId: textAt(payment, 'OrgnlInstrId'),
        ...statusAt(payment, 'TxSts'),
      })),
    })),
  });
}

function statusAt(element: Element, name: string): StatusOf {
  const status = textAt(element, name);
  return {
    outcome: OUTCOMES[status ?? ''] ?? 'unknown',
    status,
    reasons: all(element, 'StsRsnInf').map((reason) => ({
      code: textAt(reason, 'Rsn', 'Cd') ?? textAt(reason, 'Rsn', 'Prtry'),
      text: all(reason, 'AddtlInf')
        .map((line) => String(line['#'] ?? ''))
        .join(' '),
    })),
  };
}

/**
 * What a report says of one payment: its own status, else its block's, else the group's. A part that is rejected rejects
 * what it holds; a part that is accepted without naming the payment only says that the file was understood.
 */
export function outcomeOf(report: StatusReport, endToEndId: string): StatusOf {
  for (const block of report.blocks) {
    const payment = block.payments.find((one) => one.endToEndId === endToEndId);
    if (payment && payment.outcome !== 'unknown') return payment;
    if (payment) return block.outcome === 'unknown' ? report.group : block;
  }
  const [only] = report.blocks;
  return only && report.blocks.length === 1 && only.outcome !== 'unknown' ? only : report.group;
}

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
