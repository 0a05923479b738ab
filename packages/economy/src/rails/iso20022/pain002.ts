import { ok, type Result, refuse } from '@jamnet/base';
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
export function outcomesOf(report: StatusReport): (endToEndId: string) => StatusOf {
  const named = new Map<string, StatusOf>();
  for (const block of report.blocks)
    for (const payment of block.payments) {
      if (payment.endToEndId === null || named.has(payment.endToEndId)) continue;
      const whole = block.outcome === 'unknown' ? report.group : block;
      named.set(payment.endToEndId, payment.outcome === 'unknown' ? whole : payment);
    }
  const [only] = report.blocks;
  const rest = only && report.blocks.length === 1 && only.outcome !== 'unknown' ? only : report.group;
  return (endToEndId) => named.get(endToEndId) ?? rest;
}
