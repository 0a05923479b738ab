import { assert, canonicalJson, ok, present, type Result, refuse } from '@jamnet/base';
import { closeEpoch, type EpochInput, type EpochStatement } from '../core/epoch/close-epoch.ts';
import { ACCOUNTS, journalOf } from '../core/epoch/journal.ts';
import { parsePublicEpoch } from '../core/public/parse-public-epoch.ts';
import { type PublicEpoch, publicEpochDocument } from '../core/public/public-epoch.ts';
import { byKind } from '../core/records/kinds.ts';
import type { EconomyCode } from './codes.ts';
import { chunksOf, type StoreContext, type Tables } from './context.ts';
import { policyByHash } from './policies.ts';
import { contributionOf, receiptOf, useOf, valuationOf } from './rows-of.ts';
import type { EpochRow } from './tables.ts';

/** A closed epoch in short, with the file to publish. */
export interface ClosedEpoch {
  readonly epochId: string;
  readonly statementSha256: string;
  readonly revenueCents: bigint;
  readonly contributorShareCents: bigint;
  readonly issuedMicroJam: bigint;
  readonly cashCents: bigint;
  readonly contributors: number;
  readonly file: PublicFile;
}

/** A file anybody may read: canonical JSON whose SHA-256 the log holds. */
export interface PublicFile {
  readonly epochId: string;
  /** Relative path for publishing. */
  readonly path: string;
  readonly sha256: string;
  readonly content: string;
}

/**
 * Closes an epoch: decide and store in one transaction, post to the ledger under keys that derive from the epoch, mark
 * it closed. Called again after a stop at any point, it goes on; called again after the end, it answers the same.
 */
export async function close(
  context: StoreContext,
  nowUs: bigint,
  epochId: string,
): Promise<Result<ClosedEpoch, EconomyCode>> {
  const { tables } = context;
  const epoch = await tables
    .selectFrom('economy_epoch')
    .selectAll()
    .where('id', '=', epochId)
    .executeTakeFirst();
  if (!epoch) return refuse('unknown-epoch', `There is no epoch ${epochId}: open it first.`);
  if (epoch.state === 'open') {
    const fault = await openFault(tables, epoch, nowUs);
    if (fault) return fault;
    const decided = await decide(context, epoch);
    if (!decided.ok) return decided;
  }
  if (epoch.state !== 'closed') await settleInLedger(context, nowUs, epochId);
  return ok(await closedEpoch(tables, epochId));
}

/** What closing now would do, with nothing written. */
export async function dryRun(
  { tables, books, drawKey }: StoreContext,
  epochId: string,
): Promise<Result<EpochStatement, EconomyCode>> {
  const epoch = await tables
    .selectFrom('economy_epoch')
    .selectAll()
    .where('id', '=', epochId)
    .executeTakeFirst();
  if (!epoch) return refuse('unknown-epoch', `There is no epoch ${epochId}: open it first.`);
  const poolMicroJam = await books.balance(ACCOUNTS.poolJam);
  return closeEpoch(await inputOf(tables, epoch, poolMicroJam, drawKey()));
}

async function openFault(tables: Tables, epoch: EpochRow, nowUs: bigint) {
  const policy = await policyByHash(tables, epoch.policy_sha256);
  if (!policy.policy.sample && nowUs < epoch.end_us) {
    return refuse<EconomyCode>('epoch-not-over', `Epoch ${epoch.id} is not over yet.`);
  }
  const before = await tables
    .selectFrom('economy_epoch')
    .select('id')
    .where('sequence', '<', epoch.sequence)
    .where('state', '!=', 'closed')
    .limit(1)
    .executeTakeFirst();
  return before
    ? refuse<EconomyCode>(
        'previous-epoch-open',
        `Close epoch ${before.id} first: it may carry something over.`,
      )
    : null;
}

/** Freezes the epoch's records, computes, and stores the statement: all or nothing. */
async function decide(
  { tables, books, drawKey }: StoreContext,
  epoch: EpochRow,
): Promise<Result<null, EconomyCode>> {
  const poolMicroJam = await books.balance(ACCOUNTS.poolJam);
  return tables.transaction().execute(async (transaction) => {
    const closed = closeEpoch(await inputOf(transaction, epoch, poolMicroJam, drawKey()));
    if (!closed.ok) return closed;
    await markTaken(transaction, epoch, closed.value);
    await storeStatement(transaction, closed.value);
    return ok(null);
  });
}

/** Open records of known meters, accepted before the epoch's end; late ones wait for the next. */
async function inputOf(
  tables: Tables,
  epoch: EpochRow,
  poolMicroJam: bigint,
  rowKey: Uint8Array,
): Promise<EpochInput> {
  const { policy } = await policyByHash(tables, epoch.policy_sha256);
  const meters = Object.keys(policy.meters);
  const contributions = await tables
    .selectFrom('economy_contribution')
    .selectAll()
    .where('epoch_id', 'is', null)
    .where('accepted_at_us', '<', epoch.end_us)
    .where('meter', 'in', meters)
    .execute();
  const allUses = await tables
    .selectFrom('economy_use')
    .selectAll()
    .where('epoch_id', 'is', null)
    .where('meter', 'in', meters)
    .execute();
  const own = new Set(contributions.map(({ id }) => id));
  const elsewhere = [...new Set(allUses.map((use) => use.contribution))].filter((id) => !own.has(id));
  const earlier = [];
  for (const ids of chunksOf(elsewhere)) {
    const rows = await tables
      .selectFrom('economy_contribution')
      .selectAll()
      .where('id', 'in', [...ids])
      .execute();
    // A contribution that waits for a later epoch cannot be used in this one, nor one whose meter the policy dropped.
    earlier.push(...rows.filter(({ epoch_id, meter }) => epoch_id !== null && meters.includes(meter)));
  }
  const known = new Set([...own, ...earlier.map(({ id }) => id)]);
  const payees = await tables.selectFrom('economy_payee').selectAll().execute();
  const carried = await carriedFrom(tables, epoch);
  return {
    policy,
    window: { id: epoch.id, startUs: epoch.start_us, endUs: epoch.end_us },
    receipts: (
      await tables.selectFrom('economy_receipt').selectAll().where('epoch_id', 'is', null).execute()
    ).map(receiptOf),
    contributions: contributions.map(contributionOf),
    earlierContributions: earlier.map(contributionOf),
    uses: allUses.filter((use) => known.has(use.contribution)).map(useOf),
    valuation: await lastValuation(tables, epoch.end_us),
    verifiedPayees: new Set(payees.map(({ payee }) => payee)),
    payeeGroups: new Map(payees.map(({ payee, owner_group }) => [payee, owner_group])),
    ...carried,
    poolMicroJam,
    rowKey,
  };
}

async function lastValuation(tables: Tables, beforeUs: bigint) {
  const row = await tables
    .selectFrom('economy_valuation')
    .selectAll()
    .where('dated_at_us', '<', beforeUs)
    .orderBy('dated_at_us', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? valuationOf(row) : null;
}

async function carriedFrom(
  tables: Tables,
  epoch: EpochRow,
): Promise<Pick<EpochInput, 'deficitInCents' | 'carriedInCents'>> {
  const before = await tables
    .selectFrom('economy_epoch')
    .select('public_json')
    .where('sequence', '<', epoch.sequence)
    .where('state', '=', 'closed')
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!before) return { deficitInCents: 0n, carriedInCents: byKind(() => 0n) };
  const { deficitOutCents, carriedOutCents } = publicEpochOf(present(before.public_json, 'public epoch'));
  return { deficitInCents: deficitOutCents, carriedInCents: carriedOutCents };
}

export function publicEpochOf(json: string): PublicEpoch {
  const parsed = parsePublicEpoch(JSON.parse(json));
  assert(parsed.ok, 'the store holds valid public epochs');
  return parsed.value;
}

async function markTaken(tables: Tables, epoch: EpochRow, statement: EpochStatement): Promise<void> {
  const { policy } = statement.publicEpoch;
  const meters = Object.keys(policy.meters);
  await tables
    .updateTable('economy_contribution')
    .set({ epoch_id: epoch.id })
    .where('epoch_id', 'is', null)
    .where('accepted_at_us', '<', epoch.end_us)
    .where('meter', 'in', meters)
    .execute();
  const taken = tables.selectFrom('economy_contribution').select('id').where('epoch_id', 'is not', null);
  await tables
    .updateTable('economy_use')
    .set({ epoch_id: epoch.id })
    .where('epoch_id', 'is', null)
    .where('meter', 'in', meters)
    .where('contribution', 'in', taken)
    .execute();
  for (const ids of chunksOf(statement.countedReceipts)) {
    await tables
      .updateTable('economy_receipt')
      .set({ epoch_id: epoch.id })
      .where('id', 'in', [...ids])
      .execute();
  }
}

async function storeStatement(tables: Tables, statement: EpochStatement): Promise<void> {
  const { epochId } = statement;
  const payments = statement.payments.map(({ payee, microJam, cents, escrowed }) => ({
    epoch_id: epochId,
    payee,
    micro_jam: microJam,
    cents,
    escrowed: escrowed ? 1n : 0n,
  }));
  for (const rows of chunksOf(payments))
    await tables
      .insertInto('economy_payment')
      .values([...rows])
      .execute();
  const lines = statement.payments.flatMap(({ payee, lines: own }) =>
    own.map((line, index) => ({
      epoch_id: epochId,
      payee,
      line_number: BigInt(index),
      row_id: line.rowId,
      rule: line.rule,
      kind: line.kind,
      contribution: line.contribution,
      micro_jam: line.microJam,
    })),
  );
  for (const rows of chunksOf(lines))
    await tables
      .insertInto('economy_line')
      .values([...rows])
      .execute();
  const sources = [...statement.rowReceipts].flatMap(([row_id, ids]) =>
    ids.map((receipt_id) => ({ row_id, receipt_id })),
  );
  for (const rows of chunksOf(sources))
    await tables
      .insertInto('economy_row_receipt')
      .values([...rows])
      .execute();
  const publicJson = canonicalJson(publicEpochDocument(statement.publicEpoch));
  await tables
    .updateTable('economy_epoch')
    .set({ state: 'settling', statement_sha256: statement.sha256, public_json: publicJson })
    .where('id', '=', epochId)
    .where('state', '=', 'open')
    .execute();
}

async function settleInLedger(
  { tables, books }: StoreContext,
  nowUs: bigint,
  epochId: string,
): Promise<void> {
  const epoch = await tables
    .selectFrom('economy_epoch')
    .selectAll()
    .where('id', '=', epochId)
    .executeTakeFirstOrThrow();
  const sha256 = present(epoch.statement_sha256, 'statement of a decided epoch');
  const payments = await paymentsOf(tables, epochId);
  const publicEpoch = publicEpochOf(present(epoch.public_json, 'public epoch'));
  await books.post(nowUs, [
    { key: `epoch:${epochId}:statement`, record: { kind: 'epoch-statement', sha256 } },
    ...journalOf({ epochId, sha256, publicEpoch, payments }),
  ]);
  await tables.updateTable('economy_epoch').set({ state: 'closed' }).where('id', '=', epochId).execute();
}

export interface StoredPayment {
  readonly payee: string;
  readonly microJam: bigint;
  readonly cents: bigint;
  readonly escrowed: boolean;
}

export async function paymentsOf(tables: Tables, epochId: string): Promise<StoredPayment[]> {
  const rows = await tables
    .selectFrom('economy_payment')
    .selectAll()
    .where('epoch_id', '=', epochId)
    .orderBy('payee')
    .execute();
  return rows.map(({ payee, micro_jam, cents, escrowed }) => ({
    payee,
    microJam: micro_jam,
    cents,
    escrowed: escrowed === 1n,
  }));
}

async function closedEpoch(tables: Tables, epochId: string): Promise<ClosedEpoch> {
  const epoch = await tables
    .selectFrom('economy_epoch')
    .selectAll()
    .where('id', '=', epochId)
    .executeTakeFirstOrThrow();
  const content = present(epoch.public_json, 'public epoch');
  const { revenueCents, contributorShareCents, issuedMicroJam, cashCents } = publicEpochOf(content);
  const statementSha256 = present(epoch.statement_sha256, 'statement');
  const contributors = (await paymentsOf(tables, epochId)).length;
  const file = fileOf(epochId, statementSha256, content);
  return {
    epochId,
    statementSha256,
    revenueCents,
    contributorShareCents,
    issuedMicroJam,
    cashCents,
    contributors,
    file,
  };
}

export function fileOf(epochId: string, sha256: string, content: string): PublicFile {
  return { epochId, path: `epochs/${epochId}.json`, sha256, content };
}
