import { encodeUtf8, ok, type Result, refuse, toHex } from '@jamnet/base';
import type { EntryRequest } from '@jamnet/ledger';
import { sha256 } from '@noble/hashes/sha2.js';
import { ACCOUNTS } from '../core/epoch/journal.ts';
import { hashOf } from '../core/policy/policy.ts';
import {
  type Contribution,
  checkContribution,
  checkReceipt,
  checkUse,
  checkValuation,
  type Receipt,
  type Use,
  type Valuation,
} from '../core/records/records.ts';
import type { EconomyCode } from './codes.ts';
import { chunksOf, RECORDS_PER_CALL_MAX, type StoreContext } from './context.ts';
import { latestPolicy } from './policies.ts';
import type { ForeignRow } from './revenue/revenue-tables.ts';
import { usesOfPayers } from './revenue/seats.ts';
import { contributionColumns, kindOf, receiptColumns, useColumns, valuationColumns } from './rows-of.ts';

/** How many records were new, and how many had been there before, unchanged. */
export interface Added {
  readonly added: number;
  readonly repeated: number;
}

/** How far another machine's clock may run ahead of ours. */
export const CLOCK_SKEW_US = 300_000_000n;

/** Takes outside cash into the books: all receipts of the call or none. `foreign` is what they were before the conversion. */
export async function addReceipts(
  context: StoreContext,
  nowUs: bigint,
  receipts: readonly Receipt[],
  options: { foreign?: readonly ForeignRow[]; checkOnly?: boolean } = {},
): Promise<Result<Added, EconomyCode>> {
  const { tables } = context;
  const fault = firstFault(receipts, (receipt) => {
    const checked = checkReceipt(receipt);
    if (!checked.ok) return checked;
    return receipt.receivedAtUs > nowUs + CLOCK_SKEW_US
      ? refuse('in-the-future', `Receipt ${receipt.id} is dated in the future.`)
      : null;
  });
  if (fault) return fault;
  const fresh = await unknownOf(receipts.map(receiptColumns), 'receipt-differs', (ids) =>
    tables.selectFrom('economy_receipt').selectAll().where('id', 'in', ids).execute(),
  );
  if (!fresh.ok) return fresh;
  const refunds = await refundFault(context, receipts, new Set(fresh.value.map(({ id }) => id)));
  if (refunds) return refunds;
  const answer = { added: fresh.value.length, repeated: receipts.length - fresh.value.length };
  if (options.checkOnly) return ok(answer);
  await tables.transaction().execute(async (transaction) => {
    // Payments before refunds: a refund refers to its payment.
    const ordered = [...fresh.value].sort(
      (a, b) => Number(a.refund_of !== null) - Number(b.refund_of !== null),
    );
    for (const rows of chunksOf(ordered)) {
      await transaction
        .insertInto('economy_receipt')
        .values([...rows])
        .onConflict((c) => c.column('id').doNothing())
        .execute();
    }
    for (const rows of chunksOf(options.foreign ?? [])) {
      await transaction
        .insertInto('economy_foreign')
        .values([...rows])
        .onConflict((c) => c.column('receipt_id').doNothing())
        .execute();
    }
  });
  await postReceipts(context, nowUs);
  return ok(answer);
}

/** Posts the cash of receipts that are not in the ledger yet; their keys make a repeat harmless. */
export async function postReceipts({ tables, books }: StoreContext, nowUs: bigint): Promise<void> {
  const rows = await tables
    .selectFrom('economy_receipt')
    .selectAll()
    .where('posted', '=', 0n)
    .orderBy('received_at_us')
    .orderBy('id')
    .limit(2 * RECORDS_PER_CALL_MAX)
    .execute();
  const entries = rows.map(({ id, amount_cents, refund_of }): EntryRequest => {
    const amount = refund_of === null ? amount_cents : -amount_cents;
    const legs = [
      { account: ACCOUNTS.outsideUsd, amount: -amount },
      { account: ACCOUNTS.incomeUsd, amount },
    ];
    return { key: receiptKey(id), kind: refund_of === null ? 'receipt' : 'refund', legs };
  });
  await books.post(nowUs, entries);
  for (const chunk of chunksOf(rows.map(({ id }) => id))) {
    await tables
      .updateTable('economy_receipt')
      .set({ posted: 1n })
      .where('id', 'in', [...chunk])
      .execute();
  }
}

/** The published key of a receipt: its hash, so that the log does not name it. */
export function receiptKey(id: string): string {
  return `receipt:${toHex(sha256(encodeUtf8(`jamnet/receipt/v1\0${id}`)))}`;
}

async function refundFault(
  { tables }: StoreContext,
  receipts: readonly Receipt[],
  fresh: ReadonlySet<string>,
) {
  const asked = new Map<string, bigint>();
  const inCall = new Map(receipts.map((receipt) => [receipt.id, receipt]));
  for (const refund of receipts) {
    if (refund.refundOf === null || !fresh.has(refund.id)) continue;
    const stored = await tables
      .selectFrom('economy_receipt')
      .selectAll()
      .where('id', '=', refund.refundOf)
      .executeTakeFirst();
    const own = inCall.get(refund.refundOf);
    const original = stored ?? (own && receiptColumns(own));
    if (!original || original.refund_of !== null) {
      return refuse<EconomyCode>(
        'refund-of-unknown-receipt',
        `Refund ${refund.id}: there is no payment ${refund.refundOf}.`,
      );
    }
    if (original.principal !== refund.principal || original.stream !== refund.stream) {
      return refuse<EconomyCode>(
        'refund-of-other-payer',
        `Refund ${refund.id} has another principal or stream than its payment.`,
      );
    }
    const before = await tables
      .selectFrom('economy_receipt')
      .select('amount_cents')
      .where('refund_of', '=', original.id)
      .execute();
    const total = before.reduce(
      (sum, row) => sum + row.amount_cents,
      (asked.get(original.id) ?? 0n) + refund.amountCents,
    );
    if (total > original.amount_cents) {
      return refuse<EconomyCode>('refund-too-large', `Refunds of ${original.id} would exceed what was paid.`);
    }
    asked.set(original.id, (asked.get(original.id) ?? 0n) + refund.amountCents);
  }
  return null;
}

/** Keeps a board-approved valuation and fixes its hash in the ledger. */
export async function addValuation(
  { tables, books }: StoreContext,
  nowUs: bigint,
  valuation: Valuation,
): Promise<Result<Added, EconomyCode>> {
  const checked = checkValuation(valuation);
  if (!checked.ok) return checked;
  if (valuation.datedAtUs > nowUs)
    return refuse('in-the-future', `Valuation ${valuation.id} is dated in the future.`);
  const fresh = await unknownOf([valuationColumns(valuation)], 'valuation-differs', (ids) =>
    tables.selectFrom('economy_valuation').selectAll().where('id', 'in', ids).execute(),
  );
  if (!fresh.ok) return fresh;
  const hash = hashOf({ ...valuation });
  await books.post(nowUs, [{ key: `valuation:${hash}`, record: { kind: 'valuation', sha256: hash } }]);
  for (const row of fresh.value) {
    await tables
      .insertInto('economy_valuation')
      .values(row)
      .onConflict((c) => c.column('id').doNothing())
      .execute();
  }
  return ok({ added: fresh.value.length, repeated: 1 - fresh.value.length });
}

/** Takes verified contributions, idempotent by id: all of the call or none. The epoch they earn in is decided at its close. */
export async function addContributions(
  { tables }: StoreContext,
  nowUs: bigint,
  contributions: readonly Contribution[],
): Promise<Result<Added, EconomyCode>> {
  const latest = await latestPolicy(tables);
  if (!latest) return refuse('no-policy', 'Publish a policy first: it names the meters.');
  const { meters } = latest.policy;
  const fault = firstFault(contributions, (contribution) => {
    const checked = checkContribution(contribution);
    if (!checked.ok) return checked;
    const { id, meter, kind } = contribution;
    const rule = meters[meter];
    if (!rule) return refuse('unknown-meter', `Contribution ${id}: the policy has no meter ${meter}.`);
    if (rule.kind !== kind)
      return refuse(
        'meter-of-other-kind',
        `Contribution ${id}: ${meter} measures ${rule.kind}, not ${kind}.`,
      );
    return contribution.acceptedAtUs > nowUs + CLOCK_SKEW_US
      ? refuse('in-the-future', `Contribution ${id} is dated in the future.`)
      : null;
  });
  if (fault) return fault;
  const fresh = await unknownOf(contributions.map(contributionColumns), 'contribution-differs', (ids) =>
    tables.selectFrom('economy_contribution').selectAll().where('id', 'in', ids).execute(),
  );
  if (!fresh.ok) return fresh;
  await tables.transaction().execute(async (transaction) => {
    for (const rows of chunksOf(fresh.value)) {
      await transaction
        .insertInto('economy_contribution')
        .values([...rows])
        .onConflict((c) => c.column('id').doNothing())
        .execute();
    }
  });
  return ok({ added: fresh.value.length, repeated: contributions.length - fresh.value.length });
}

/** Takes what principals used, a seat's as its tenant's, idempotent by row: all of the call or none. */
export async function addUses(
  { tables }: StoreContext,
  uses: readonly Use[],
): Promise<Result<Added, EconomyCode>> {
  const latest = await latestPolicy(tables);
  if (!latest) return refuse('no-policy', 'Publish a policy first: it names the meters.');
  const kinds = new Map<string, string>();
  for (const ids of chunksOf(
    [...new Set(uses.map((use) => use.contribution))].slice(0, RECORDS_PER_CALL_MAX),
  )) {
    const rows = await tables
      .selectFrom('economy_contribution')
      .select(['id', 'kind'])
      .where('id', 'in', [...ids])
      .execute();
    for (const { id, kind } of rows) kinds.set(id, kindOf(kind));
  }
  const fault = firstFault(uses, (use) => {
    const checked = checkUse(use);
    if (!checked.ok) return checked;
    const kind = kinds.get(use.contribution);
    const rule = latest.policy.meters[use.meter];
    if (!kind)
      return refuse(
        'use-of-unknown-contribution',
        `Use ${use.row}: contribution ${use.contribution} is not known.`,
      );
    if (!rule) return refuse('unknown-meter', `Use ${use.row}: the policy has no meter ${use.meter}.`);
    return rule.kind === kind
      ? null
      : refuse('meter-of-other-kind', `Use ${use.row}: ${use.meter} measures ${rule.kind}, not ${kind}.`);
  });
  if (fault) return fault;
  const ofPayers = await usesOfPayers(tables, uses);
  const rows = ofPayers.map((use) => ({ id: use.row, ...useColumns(use) }));
  const fresh = await unknownOf(rows, 'use-differs', async (ids) => {
    const stored = await tables.selectFrom('economy_use').selectAll().where('row_id', 'in', ids).execute();
    return stored.map((row) => ({ id: row.row_id, ...row }));
  });
  if (!fresh.ok) return fresh;
  await tables.transaction().execute(async (transaction) => {
    for (const chunk of chunksOf(fresh.value)) {
      const values = chunk.map(({ id: _, ...row }) => row);
      await transaction
        .insertInto('economy_use')
        .values(values)
        .onConflict((c) => c.column('row_id').doNothing())
        .execute();
    }
  });
  return ok({ added: fresh.value.length, repeated: uses.length - fresh.value.length });
}

type Fault = Extract<Result<never, EconomyCode>, { ok: false }>;

function firstFault<T>(records: readonly T[], faultOf: (record: T) => Fault | null): Fault | null {
  if (records.length > RECORDS_PER_CALL_MAX) {
    return refuse(
      'too-many-records',
      `${records.length} records in one call; send at most ${RECORDS_PER_CALL_MAX}.`,
    );
  }
  for (const record of records) {
    const fault = faultOf(record);
    if (fault) return fault;
  }
  return null;
}

/**
 * Members that change after a record came in, or that only say when: they do not tell whether it is the same record. A
 * contribution brought again later, as after a crash, is the same one, and its first acceptance stands.
 */
const CHANGING = new Set(['epoch_id', 'posted', 'accepted_at_us']);

/** The records not stored yet, each once; a stored one with other content refuses the call. */
async function unknownOf<Row extends { id: string }>(
  rows: readonly Row[],
  code: EconomyCode,
  stored: (ids: string[]) => Promise<readonly Row[]>,
): Promise<Result<Row[], EconomyCode>> {
  const known = new Map<string, Row>();
  for (const chunk of chunksOf(rows))
    for (const row of await stored(chunk.map(({ id }) => id))) known.set(row.id, row);
  const fresh: Row[] = [];
  for (const row of rows) {
    const before = known.get(row.id);
    if (before === undefined) fresh.push(row);
    else if (fingerprint(before) !== fingerprint(row))
      return refuse(code, `${row.id} is stored with other content; an id is used once.`);
    known.set(row.id, row);
  }
  return ok(fresh);
}

function fingerprint(row: object): string {
  const members = Object.entries(row).filter(([name]) => !CHANGING.has(name));
  return members
    .map(([name, value]) => `${name}=${String(value)}`)
    .sort()
    .join('\0');
}
