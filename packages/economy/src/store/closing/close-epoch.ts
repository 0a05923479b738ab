import { assert, canonicalJson, ok, present, type Result, refuse } from '@jamnet/base';
import { type Fence, leading } from '@jamnet/sql';
import { closeColumns } from '../../core/epoch/close-columns.ts';
import type { EpochStatement } from '../../core/epoch/close-epoch.ts';
import { ACCOUNTS, journalOf } from '../../core/epoch/journal.ts';
import { type OpenFigures, openFigures } from '../../core/epoch/open-figures.ts';
import { publicEpochDocument } from '../../core/public/public-epoch.ts';
import type { EconomyCode } from '../codes.ts';
import { chunksOf, type StoreContext, type Tables } from '../context.ts';
import { policyByHash } from '../policies.ts';
import type { EpochRow } from '../tables.ts';
import { decideBeside } from './decide-beside.ts';
import { type ClosePhase, type DecidedEpoch, decideEpoch } from './decide-epoch.ts';
import { CLOSING } from './duties.ts';
import { markCounted, markTaken } from './mark-taken.ts';
import { type CloseGiven, publicHeadOf, readEpoch, readRevenue } from './read-epoch.ts';
import { lastUse, markUses, takenThrough, usesThrough } from './uses-taken.ts';

/** A closed epoch in short. */
export interface ClosedEpoch {
  readonly epochId: string;
  readonly statementSha256: string;
  readonly revenueCents: bigint;
  readonly contributorShareCents: bigint;
  readonly issuedMicroJam: bigint;
  readonly cashCents: bigint;
  readonly contributors: number;
}

/** Told as a close goes on. `marking` and `storing` run beside the phases of deciding where a thread decides. */
export type OnClosePhase = (phase: ClosePhase | 'marking' | 'storing' | 'posting', seconds: number) => void;

/** Open records from which a thread of its own decides: below, starting it costs more than it gives. */
export const RECORDS_BESIDE_MIN = 100_000n;

export interface CloseOptions {
  readonly onPhase?: OnClosePhase;
  readonly recordsBesideMin?: bigint;
}

/**
 * Closes an epoch: decide and store in one transaction, post to the ledger under keys that derive from the epoch, mark
 * it closed. Called again after a stop at any point, it goes on; called again after the end, it answers the same.
 */
export async function close(
  context: StoreContext,
  nowUs: bigint,
  epochId: string,
  options: CloseOptions = {},
): Promise<Result<ClosedEpoch, EconomyCode>> {
  const { tables } = context;
  const known = await epochOf(tables, epochId);
  if (!known) return refuse('unknown-epoch', `There is no epoch ${epochId}: open it first.`);
  if (known.state === 'closed') return ok(await closedEpoch(tables, epochId));
  return leading(context.database, CLOSING, async (fence) => {
    // Read again: the leader before may have gone further.
    const epoch = present(await epochOf(tables, epochId), 'epoch');
    if (epoch.state === 'open') {
      const fault = await openFault(tables, epoch, nowUs);
      if (fault) return fault;
      const decided = await decide(context, epoch, fence, options);
      if (!decided.ok) return decided;
    }
    const started = performance.now();
    if (epoch.state !== 'closed') await settleInLedger(context, nowUs, epochId);
    options.onPhase?.('posting', (performance.now() - started) / 1_000);
    return ok(await closedEpoch(tables, epochId));
  });
}

/** What closing now would do, with nothing written. */
export async function dryRun(
  { tables, database, books, drawKey }: StoreContext,
  epochId: string,
): Promise<Result<EpochStatement, EconomyCode>> {
  const epoch = await epochOf(tables, epochId);
  if (!epoch) return refuse('unknown-epoch', `There is no epoch ${epochId}: open it first.`);
  const poolMicroJam = await books.balance(ACCOUNTS.poolJam);
  const given = { poolMicroJam, rowKey: drawKey(), usesThrough: await lastUse(tables) };
  const { terms, columns } = await readEpoch(database, tables, epoch, given);
  const closed = closeColumns(terms, columns);
  if (!closed.ok) return closed;
  const { sha256, head, shares, payments, linesOf, countedReceipts, pendingReceipts, rowReceipts } =
    closed.value;
  return ok({
    epochId,
    sha256,
    publicEpoch: { ...head, rows: [...shares.publicRows()] },
    payments: payments.map((payment) => ({ ...payment, lines: linesOf(payment) })),
    countedReceipts,
    pendingReceipts,
    rowReceipts: new Map(rowReceipts()),
  });
}

/** Of what {@link dryRun} says only what receipts decide: what it costs grows with them, and not with contributions and uses. */
export async function openFiguresOf(
  { tables, database }: StoreContext,
  epochId: string,
): Promise<Result<OpenFigures | null, EconomyCode>> {
  const transaction = tables.transaction();
  // One moment for all that is read, so that a close elsewhere is seen whole or not at all.
  const isolated =
    database.engine === 'sqlite' ? transaction : transaction.setIsolationLevel('repeatable read');
  return isolated.execute(async (inside) => {
    const epoch = await epochOf(inside, epochId);
    if (!epoch) return refuse('unknown-epoch', `There is no epoch ${epochId}: open it first.`);
    if (epoch.state !== 'open') return ok(null);
    const { policy } = await policyByHash(inside, epoch.policy_sha256);
    const window = { id: epoch.id, startUs: epoch.start_us, endUs: epoch.end_us };
    return openFigures({ policy, window, ...(await readRevenue(inside, epoch)) });
  });
}

function epochOf(tables: Tables, epochId: string): Promise<EpochRow | undefined> {
  return tables.selectFrom('economy_epoch').selectAll().where('id', '=', epochId).executeTakeFirst();
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

/** A refusal that was found after something had been marked: the transaction is given up for it. */
class Refused extends Error {
  readonly refusal: Extract<Result<never, EconomyCode>, { ok: false }>;

  constructor(refusal: Refused['refusal']) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/** Freezes the epoch's records, computes, and stores the statement: all or nothing. */
async function decide(
  context: StoreContext,
  epoch: EpochRow,
  fence: Fence,
  options: CloseOptions,
): Promise<Result<null, EconomyCode>> {
  const { tables, books, drawKey } = context;
  const given = {
    poolMicroJam: await books.balance(ACCOUNTS.poolJam),
    rowKey: drawKey(),
    usesThrough: await usesThrough(context),
  };
  const { policy } = await policyByHash(tables, epoch.policy_sha256);
  const beside = await fileToReadBeside(context, given, options);
  const transaction = tables.transaction();
  // One moment for everything that is read: on PostgreSQL what comes in meanwhile is not of this epoch's.
  const isolated =
    context.database.engine === 'sqlite' ? transaction : transaction.setIsolationLevel('repeatable read');
  try {
    await isolated.execute(async (inside) => {
      await fence(inside);
      const onPhase = options.onPhase ?? (() => undefined);
      const clock = stopwatch(onPhase);
      const marking = async (): Promise<void> => {
        await markTaken(context.database, inside, epoch, policy);
      };
      let decided: Result<DecidedEpoch, EconomyCode>;
      if (beside === null) {
        decided = await decideEpoch(context.database, inside, epoch, given, clock);
        if (decided.ok) await marking();
        clock('marking');
      } else {
        const thread = decideBeside({ file: beside, epoch, given }, onPhase);
        // Marked meanwhile, in this thread: the other reads what was committed before.
        const marked = marking().then(() => clock('marking'));
        // Both have ended before the transaction does, however they end.
        const [decision, mark] = await Promise.allSettled([thread, marked]);
        if (decision.status === 'rejected') throw decision.reason;
        if (mark.status === 'rejected') throw mark.reason;
        decided = decision.value;
      }
      if (!decided.ok) throw new Refused(decided);
      const stored = stopwatch(onPhase);
      await markUses(inside, epoch.id, given.usesThrough, decided.value.waitingUses);
      await storeDecided(inside, epoch, decided.value);
      stored('storing');
    });
    return ok(null);
  } catch (cause) {
    if (cause instanceof Refused) return cause.refusal;
    throw cause;
  }
}

function stopwatch(onPhase: OnClosePhase): (phase: Parameters<OnClosePhase>[0]) => void {
  let before = performance.now();
  return (phase) => {
    const now = performance.now();
    onPhase(phase, (now - before) / 1_000);
    before = now;
  };
}

/** The database's file when there is so much to read that a second thread is worth its start, else `null`. */
async function fileToReadBeside(
  { database, tables }: StoreContext,
  given: CloseGiven,
  { recordsBesideMin = RECORDS_BESIDE_MIN }: CloseOptions,
): Promise<string | null> {
  if (database.engine !== 'sqlite') return null;
  const uses = given.usesThrough - (await takenThrough(tables));
  return uses > recordsBesideMin ? database.sqlite.location() : null;
}

async function storeDecided(tables: Tables, epoch: EpochRow, decided: DecidedEpoch): Promise<void> {
  await markCounted(tables, epoch.id, decided.countedReceipts);
  const payments = decided.payments.map(({ payee, microJam, cents, escrowed }) => ({
    epoch_id: epoch.id,
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
  for (const { part, number, bytes } of decided.blocks)
    await tables
      .insertInto('economy_block')
      .values({ epoch_id: epoch.id, part, number: BigInt(number), bytes })
      .execute();
  const publicJson = canonicalJson(publicEpochDocument({ ...decided.head, rows: [] }));
  const changed = await tables
    .updateTable('economy_epoch')
    .set({ state: 'settling', statement_sha256: decided.sha256, public_json: publicJson })
    .where('id', '=', epoch.id)
    .where('state', '=', 'open')
    .executeTakeFirst();
  assert(changed.numUpdatedRows === 1n, 'an epoch is decided once');
}

async function settleInLedger(
  { tables, books }: StoreContext,
  nowUs: bigint,
  epochId: string,
): Promise<void> {
  const epoch = present(await epochOf(tables, epochId), 'epoch');
  const sha256 = present(epoch.statement_sha256, 'statement of a decided epoch');
  const payments = await paymentsOf(tables, epochId);
  const publicEpoch = publicHeadOf(present(epoch.public_json, 'public epoch'));
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
  const epoch = present(await epochOf(tables, epochId), 'epoch');
  const head = publicHeadOf(present(epoch.public_json, 'public epoch'));
  const { revenueCents, contributorShareCents, issuedMicroJam, cashCents } = head;
  const counted = await tables
    .selectFrom('economy_payment')
    .select(({ fn }) => fn.countAll<bigint>().as('contributors'))
    .where('epoch_id', '=', epochId)
    .executeTakeFirstOrThrow();
  return {
    epochId,
    statementSha256: present(epoch.statement_sha256, 'statement'),
    revenueCents,
    contributorShareCents,
    issuedMicroJam,
    cashCents,
    contributors: Number(counted.contributors),
  };
}
