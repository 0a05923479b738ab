import { present } from '@jamnet/base';
import type { ContributionKind } from '../core/records/kinds.ts';
import type { RowRule } from '../core/records/rows.ts';
import { type StoredLine, storedLines } from './closing/explain-payment.ts';
import { chunksOf, type Tables } from './context.ts';

/** Why a wallet holds what it holds. */
export interface WalletLine {
  readonly epochId: string;
  readonly rule: RowRule;
  readonly kind: ContributionKind;
  readonly contribution: string;
  readonly subject: string;
  readonly evidence: string;
  readonly rowId: string;
  /** The payments behind a use row; empty for merit, which many payers share. */
  readonly receipts: readonly string[];
  readonly microJam: bigint;
}

/** A line among the others of its epoch. */
export interface NumberedLine extends WalletLine {
  /** From 0. */
  readonly number: number;
}

/** Where a page of lines ended. */
export type LinePlace = Pick<NumberedLine, 'epochId' | 'number'>;

export interface LinesAfter {
  /** Null for the newest. */
  readonly after: LinePlace | null;
  readonly limit: number;
}

/** What closed epochs paid a payee, the newest first. */
export function closedPayments(tables: Tables, payee: string) {
  return tables
    .selectFrom('economy_payment')
    .innerJoin('economy_epoch', 'economy_epoch.id', 'economy_payment.epoch_id')
    .select(['epoch_id', 'micro_jam', 'cents', 'escrowed'])
    .where('payee', '=', payee)
    .where('state', '=', 'closed')
    .orderBy('sequence', 'desc');
}

/** The lines of a payee behind a place, the newest epochs first; behind an epoch that is none there are none. Only epochs of the page are computed. */
export async function walletLines(
  tables: Tables,
  payee: string,
  { after, limit }: LinesAfter,
): Promise<NumberedLine[]> {
  const sequenceOf = tables
    .selectFrom('economy_epoch')
    .select('sequence')
    .where('id', '=', after?.epochId ?? '');
  const paid = await closedPayments(tables, payee)
    .$if(after !== null, (query) => query.where('sequence', '<=', sequenceOf))
    .execute();
  const lines: NumberedLine[] = [];
  for (const payment of paid) {
    if (lines.length >= limit) break;
    const from = payment.epoch_id === after?.epochId ? after.number + 1 : 0;
    const more = await linesOf(tables, payee, payment, from, limit - lines.length);
    lines.push(...more.map((line, place) => ({ ...line, number: from + place })));
  }
  return lines;
}

/** Why one closed epoch paid a payee what it paid. */
export async function epochLines(tables: Tables, payee: string, epochId: string): Promise<WalletLine[]> {
  const paid = await closedPayments(tables, payee).where('epoch_id', '=', epochId).executeTakeFirst();
  return paid ? linesOf(tables, payee, paid) : [];
}

/** Computed again for this payee alone, from what the close kept. */
async function linesOf(
  tables: Tables,
  payee: string,
  { epoch_id: epochId, micro_jam }: { readonly epoch_id: string; readonly micro_jam: bigint },
  from = 0,
  limit = Number.POSITIVE_INFINITY,
): Promise<WalletLine[]> {
  const stored = (await storedLines(tables, epochId, payee, micro_jam)).slice(from, from + limit);
  const works = await contributionsOf(tables, stored);
  const receipts = await receiptsOf(tables, epochId, stored);
  return stored.map(({ principal, ...line }) => {
    const { subject, evidence } = present(works.get(line.contribution), 'contribution of a line');
    const behind = principal === null ? [] : (receipts.get(principal) ?? []);
    return { epochId, ...line, subject, evidence, receipts: behind };
  });
}

async function contributionsOf(tables: Tables, lines: readonly StoredLine[]) {
  const works = new Map<string, { subject: string; evidence: string }>();
  for (const ids of chunksOf([...new Set(lines.map(({ contribution }) => contribution))])) {
    const rows = await tables
      .selectFrom('economy_contribution')
      .select(['id', 'subject', 'evidence'])
      .where('id', 'in', [...ids])
      .execute();
    for (const { id, ...work } of rows) works.set(id, work);
  }
  return works;
}

/** What the payers behind the lines paid and the epoch counted: told to those who earned from it, without the payer. */
async function receiptsOf(tables: Tables, epochId: string, lines: readonly StoredLine[]) {
  const payers = lines.flatMap(({ principal }) => (principal === null ? [] : [principal]));
  const receipts = new Map<string, string[]>();
  for (const principals of chunksOf([...new Set(payers)])) {
    const rows = await tables
      .selectFrom('economy_receipt')
      .select(['id', 'principal'])
      .where('principal', 'in', [...principals])
      .where('epoch_id', '=', epochId)
      .orderBy('id')
      .execute();
    for (const { id, principal } of rows) {
      const own = receipts.get(principal);
      if (own) own.push(id);
      else receipts.set(principal, [id]);
    }
  }
  return receipts;
}
