import { assert, ok, present, type Result, refuse } from '@jamnet/base';
import { unitPrice } from '../money/unit-price.ts';
import { publicBytes } from '../public/public-bytes.ts';
import { type PublicHead, rowNames, sha256OfPieces } from '../public/public-epoch.ts';
import type { Receipt } from '../records/records.ts';
import { buildRows } from './build-rows.ts';
import type { EpochColumns } from './epoch-columns.ts';
import { type EpochShares, headOf, weightAt } from './epoch-shares.ts';
import type { EpochCode, EpochTerms } from './epoch-terms.ts';
import { explain, type PaymentLine } from './explain.ts';
import { priceFault } from './open-figures.ts';
import { groupPayees } from './owner-groups.ts';
import { countRevenue } from './revenue.ts';
import { type Payment, settle } from './settle.ts';

/** A closed epoch whose rows and lines are made when they are asked for: millions of them are never there at once. */
export interface ClosedColumns {
  readonly epochId: string;
  /** Hash of the public epoch's canonical JSON: the evidence of every entry that pays. */
  readonly sha256: string;
  readonly head: PublicHead;
  /** Sorted by payee. */
  readonly payments: readonly (Payment & { readonly escrowed: boolean })[];
  readonly countedReceipts: readonly string[];
  readonly pendingReceipts: readonly string[];
  readonly shares: EpochShares;
  /** Canonical JSON of the public epoch, UTF-8, piece by piece. */
  publicPieces(): Iterable<Uint8Array>;
  /** Lines of one payment: they sum to it; ordered by row, then contribution. */
  linesOf(payment: Payment): readonly PaymentLine[];
  /** Which receipts stand behind each use row: for its payees and the operator, never public. */
  rowReceipts(): Iterable<readonly [rowId: string, receipts: readonly string[]]>;
}

/** Told after each phase of a close. */
export type OnPhase = (phase: 'revenue' | 'rows' | 'settle' | 'hash') => void;

/** What must be true before a record is looked at. */
export function termsFault(terms: EpochTerms) {
  const fault = priceFault(terms);
  if (fault) return fault;
  return terms.rowKey.length === 32
    ? null
    : refuse<EpochCode>('row-key-malformed', 'The row key is 32 random bytes.');
}

/** DESIGN §5, steps 1 to 5, over columns. Pure; the order of records does not matter. */
export function closeColumns(
  terms: EpochTerms,
  columns: EpochColumns,
  onPhase: OnPhase = () => undefined,
): Result<ClosedColumns, EpochCode> {
  const fault = termsFault(terms);
  if (fault) return fault;
  const price = unitPrice(terms.policy, terms.valuation);
  if (!price.ok) return price;
  const { policy, deficitInCents, carriedInCents, poolMicroJam } = terms;
  const epochId = terms.window.id;
  const revenue = countRevenue(policy, epochId, terms.window.endUs, terms.receipts, deficitInCents);
  if (!revenue.ok) return revenue;
  onPhase('revenue');
  const { paid, shortfallCents, streamCents, countedReceipts, pendingReceipts } = revenue.value;
  const nameOf = rowNames(terms.rowKey, epochId, terms.hmacOf);
  const shares = buildRows({ policy, epochId, paid, columns, carriedCents: carriedInCents, nameOf });
  onPhase('rows');
  const everybody = shares.shares.payees;
  const groups = groupPayees(everybody, columns.owners(), terms.payeeGroups ?? new Map());
  const groupOf = (payee: string): string => present(groups.get(payee), 'group');
  const amounts = { streamCents, shortfallCents, deficitInCents };
  const carried = { carriedInCents, poolMicroJam };
  const input = { policy, epochId, price: price.value, ...amounts, ...carried, groupOf };
  const settled = settle({ ...input, rows: shares });
  assert(settled.revenueCents === revenue.value.revenueCents, 'one revenue');
  onPhase('settle');
  const { payments, cappedGroups, weightOf: _, ...figures } = settled;
  const head: PublicHead = {
    schema: 'jamnet/public-epoch/v1',
    epochId,
    policy,
    valuation: terms.valuation,
    ...amounts,
    ...carried,
    ...figures,
    capped: cappedGroups.map((group) => everybody.filter((payee) => groupOf(payee) === group)),
    escrowed: payments.map(({ payee }) => payee).filter((payee) => !terms.verifiedPayees.has(payee)),
  };
  const sha256 = sha256OfPieces(publicBytes(head, shares), terms.newSha256);
  onPhase('hash');
  return ok({
    epochId,
    sha256,
    head,
    payments: payments.map((payment) => ({ ...payment, escrowed: !terms.verifiedPayees.has(payment.payee) })),
    countedReceipts,
    pendingReceipts,
    shares,
    publicPieces: () => publicBytes(head, shares),
    linesOf: ({ payee, microJam }) =>
      explain(ownShares(columns, shares, payee), settled.weightOf, epochId, microJam),
    rowReceipts: () => receiptsOfRows(columns, shares, terms.receipts, new Set(countedReceipts)),
  });
}

function ownShares(columns: EpochColumns, { rows, shares }: EpochShares, payee: string) {
  const number = placeIn(shares.payees, payee);
  const [start, end] = number < 0 ? [0, 0] : [shares.starts[number] ?? 0, shares.starts[number + 1] ?? 0];
  return Array.from({ length: end - start }, (_, k) => ({
    row: headOf(rows, shares.rows[start + k] ?? 0),
    contribution: columns.contributions.text(shares.contributions[start + k] ?? 0),
    weight: weightAt(shares, start + k),
  }));
}

/** Place of a text in a list in code-unit order, or −1. */
function placeIn(sorted: readonly string[], text: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === text ? low : -1;
}

function* receiptsOfRows(
  columns: EpochColumns,
  epoch: EpochShares,
  receipts: readonly Receipt[],
  counted: ReadonlySet<string>,
): Generator<readonly [string, readonly string[]]> {
  const byPrincipal = new Map<string, string[]>();
  for (const { id, principal } of receipts) {
    if (!counted.has(id)) continue;
    const own = byPrincipal.get(principal);
    if (own) own.push(id);
    else byPrincipal.set(principal, [id]);
  }
  for (const own of byPrincipal.values()) own.sort();
  for (const { rowId, principal } of epoch.heads())
    if (principal >= 0) yield [rowId, byPrincipal.get(columns.principals.text(principal)) ?? []];
}
