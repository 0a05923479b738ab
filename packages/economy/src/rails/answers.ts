import { ok, type Result, refuse } from '@jamnet/base';
import { type BankEntry, readCamt054 } from './iso20022/camt054.ts';
import {
  type BankOutcome,
  outcomesOf,
  type ReportCode,
  readPain002,
  type StatusReport,
} from './iso20022/pain002.ts';
import { type NachaAnswer, type NachaReadCode, readNachaAnswer } from './nacha/nacha-returns.ts';
import type { RailReport } from './rail.ts';

/** Whatever a bank sends back. */
export type BankAnswer =
  | { readonly kind: 'pain.002'; readonly report: StatusReport }
  | { readonly kind: 'camt.054'; readonly entries: readonly BankEntry[] }
  | { readonly kind: 'nacha'; readonly answer: NachaAnswer };

export type AnswerCode = ReportCode | NachaReadCode;

/** Tells by its content what kind of answer a file is, and reads it. */
export function readBankAnswer(text: string): Result<BankAnswer, AnswerCode> {
  if (/^\s*1\d\d[ \d]/.test(text)) {
    const answer = readNachaAnswer(text);
    return answer.ok ? ok({ kind: 'nacha', answer: answer.value }) : answer;
  }
  const report = readPain002(text);
  if (report.ok) return ok({ kind: 'pain.002', report: report.value });
  if (report.code !== 'report-unknown') return report;
  const entries = readCamt054(text);
  if (entries.ok) return ok({ kind: 'camt.054', entries: entries.value });
  if (entries.code !== 'report-unknown') return entries;
  return refuse('report-unknown', 'The file is no pain.002, no camt.054 and no NACHA return file.');
}

/** How an answer's names are found among payouts. */
export interface NamedPayouts {
  /** The payout that a file named so, or `null`: the name is its id or, in a NACHA file, how the id begins. */
  named(name: string): string | null;
  /** All payouts of a batch. */
  inBatch(batchId: string): readonly string[];
}

/** What an answer says of the payouts it names; those it says nothing new of are left out. */
export function reportsOf(answer: BankAnswer, payouts: NamedPayouts): RailReport[] {
  switch (answer.kind) {
    case 'pain.002':
      return statusReports(answer.report, payouts);
    case 'camt.054':
      return answer.entries.flatMap((entry) => entryReport(entry, payouts));
    case 'nacha':
      return answer.answer.returns.flatMap(({ id, code, cents }) => {
        const payoutId = payouts.named(id);
        const amount = { cents, currency: 'USD' };
        return payoutId === null ? [] : [{ payoutId, outcome: 'returned' as const, reason: code, amount }];
      });
  }
}

/** Names in an answer, for whoever must look them up first. */
export function namesIn(answer: BankAnswer): { names: string[]; batchId: string | null } {
  switch (answer.kind) {
    case 'pain.002': {
      const payments = answer.report.blocks.flatMap((block) => block.payments);
      const names = payments.flatMap(({ endToEndId }) => (endToEndId === null ? [] : [endToEndId]));
      return { names, batchId: answer.report.originalMessageId };
    }
    case 'camt.054':
      return {
        names: answer.entries.flatMap(({ endToEndId }) => (endToEndId === null ? [] : [endToEndId])),
        batchId: null,
      };
    case 'nacha':
      return {
        names: [...answer.answer.returns, ...answer.answer.changes].map(({ id }) => id),
        batchId: null,
      };
  }
}

/** A pending or unknown status says nothing new. */
const MEANINGS: Readonly<Partial<Record<BankOutcome, RailReport['outcome']>>> = {
  accepted: 'accepted',
  settled: 'settled',
  rejected: 'rejected',
};

/** Reasons of ISO 20022's external code set: duplicate (AM05), of a message, a block, a transaction, a name (DU01 to DU05). */
const DUPLICATES: ReadonlySet<string> = new Set(['AM05', 'DU01', 'DU02', 'DU03', 'DU04', 'DU05']);

function statusReports(report: StatusReport, payouts: NamedPayouts): RailReport[] {
  const { names, batchId } = namesIn({ kind: 'pain.002', report });
  const outcomeOf = outcomesOf(report);
  const reports = new Map<string, RailReport>();
  const tell = (payoutId: string, name: string): void => {
    const { outcome, reasons } = outcomeOf(name);
    const reason = reasons[0]?.code ?? null;
    // The bank has this already and refuses to take it twice, which says nothing of the first.
    if ((reason !== null && DUPLICATES.has(reason)) || reports.has(payoutId)) return;
    const said = MEANINGS[outcome];
    if (said !== undefined) reports.set(payoutId, { payoutId, outcome: said, reason });
  };
  for (const name of names) {
    const payoutId = payouts.named(name);
    if (payoutId !== null) tell(payoutId, name);
  }
  for (const payoutId of batchId === null ? [] : payouts.inBatch(batchId)) tell(payoutId, payoutId);
  return [...reports.values()];
}

function entryReport(entry: BankEntry, payouts: NamedPayouts): RailReport[] {
  const payoutId = entry.endToEndId === null ? null : payouts.named(entry.endToEndId);
  if (payoutId === null || !entry.booked) return [];
  const outcome = entry.isReturn ? 'returned' : 'settled';
  return [
    { payoutId, outcome, reason: entry.reason, amount: { cents: entry.cents, currency: entry.currency } },
  ];
}
