import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert } from '@jamnet/base';
import { type Database, openPostgres, openSqlite } from '@jamnet/sql';
import { type BareBooks, openBareBooks } from './bare-books.ts';
import { openJamnetBooks } from './jamnet-books.ts';

export interface BenchOptions {
  /** Entries per commit. Default 1,000. */
  readonly batch?: number;
  /** Entries per side and engine. Default 50,000. */
  readonly entries?: number;
  /** Accounts that receive; every entry debits one pool. Default 10,000. */
  readonly accounts?: number;
  /** An empty database that the bench may fill; without it PostgreSQL is not run. */
  readonly postgresUrl?: string;
  /** Where SQLite files and log directories are made; default the system's temporary directory. */
  readonly directory?: string;
}

/** One engine's row. `bare…` is the same work by hand-written SQL on the same engine in the same run, turn by turn. */
export interface BenchRow {
  readonly batch: number;
  readonly entries: number;
  readonly entriesPerSecond: number;
  readonly bareEntriesPerSecond: number;
  readonly ratio: number;
  readonly p99Ms: number;
  readonly bareP99Ms: number;
  /** Processor time of this process per entry, µs; a PostgreSQL server's own is not in it. */
  readonly cpuUsPerEntry: number;
  readonly bareCpuUsPerEntry: number;
  /** Sum of balances that both sides must agree on: shows that the work was done. */
  readonly checksum: string;
}

export interface BenchReport {
  readonly sqlite: BenchRow;
  /** `null` where no PostgreSQL was given. */
  readonly postgres: BenchRow | null;
}

/** Posts the same transfers to the ledger (balances, floors, idempotency, log published per batch) and to bare SQL. */
export async function benchLedger(options: BenchOptions = {}): Promise<BenchReport> {
  const directory = mkdtempSync(join(options.directory ?? tmpdir(), 'jamnet-bench-'));
  try {
    const sqlite = await benchEngine(options, directory, (side) =>
      openSqlite({ file: join(directory, `${side}.sqlite`) }),
    );
    const { postgresUrl } = options;
    const postgres = postgresUrl
      ? await benchEngine(options, directory, () => openPostgres({ url: postgresUrl }))
      : null;
    return { sqlite, postgres };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function benchEngine(
  options: BenchOptions,
  directory: string,
  open: (side: 'jamnet' | 'bare') => Database,
): Promise<BenchRow> {
  const { batch = 1_000, entries = 50_000, accounts = 10_000 } = options;
  const [ours, bare] = [open('jamnet'), open('bare')];
  try {
    const books = await openJamnetBooks(ours, join(directory, `log-${ours.engine}`), accounts);
    const baseline = await openBareBooks(bare, accounts);
    const times = { ours: new Stopwatch(), bare: new Stopwatch() };
    const turns = turnsOf(options);
    for (const turn of turns) {
      // Turn by turn, so that a slow moment of the machine hits both.
      for (const transfers of turn) await times.bare.time(() => baseline.post(transfers));
      for (const transfers of turn) await times.ours.time(() => books.post(transfers));
      // The turn counts as done when its leaves are published; that wait is no batch.
      await times.ours.timeApart(() => books.finish());
    }
    const checksum = await checksumOf(books, baseline);
    await books.verify();
    return rowOf(batch, entries, times, checksum);
  } finally {
    await ours.close();
    await bare.close();
  }
}

/** Batches per turn: long enough for publishing to run behind posting, short enough to share the machine's moods. */
const TURN_BATCHES = 10;

function turnsOf({ batch = 1_000, entries = 50_000, accounts = 10_000 }: BenchOptions): BenchTransfer[][][] {
  const turns: BenchTransfer[][][] = [];
  for (let at = 0; at < entries; at += batch) {
    const transfers = transfersOf(at, Math.min(batch, entries - at), accounts);
    const open = turns.at(-1);
    if (open && open.length < TURN_BATCHES) open.push(transfers);
    else turns.push([transfers]);
  }
  return turns;
}

/** One transfer of the bench: from the pool to the account with this number. */
export interface BenchTransfer {
  readonly key: string;
  readonly account: number;
  readonly amount: bigint;
}

function transfersOf(from: number, count: number, accounts: number): BenchTransfer[] {
  return Array.from({ length: count }, (_, i) => {
    const serial = from + i;
    // A multiplicative walk (Knuth's 2654435761) visits the accounts in no order, the same in each run.
    const account = Math.imul(serial + 1, 2_654_435_761) >>> 0;
    return {
      key: `bench:${String(serial).padStart(9, '0')}`,
      account: account % accounts,
      amount: BigInt(1 + (serial % 97)),
    };
  });
}

async function checksumOf(books: { poolBalance(): Promise<bigint> }, baseline: BareBooks): Promise<string> {
  const [ours, bare] = [await books.poolBalance(), await baseline.poolBalance()];
  assert(ours === bare, `both sides did the same work: ${ours} and ${bare}`);
  return String(ours);
}

/** Wall clock per batch and processor time in all. */
class Stopwatch {
  readonly batchMs: number[] = [];
  cpuUs = 0;
  totalMs = 0;

  async time(work: () => Promise<void>): Promise<void> {
    this.batchMs.push(await this.#measure(work));
  }

  /** Counts towards the total, but is no batch. */
  async timeApart(work: () => Promise<void>): Promise<void> {
    await this.#measure(work);
  }

  async #measure(work: () => Promise<void>): Promise<number> {
    const cpu = process.cpuUsage();
    const start = performance.now();
    await work();
    const tookMs = performance.now() - start;
    const used = process.cpuUsage(cpu);
    this.cpuUs += used.user + used.system;
    this.totalMs += tookMs;
    return tookMs;
  }

  p99Ms(): number {
    const sorted = this.batchMs.toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.99))] ?? 0;
  }
}

function rowOf(
  batch: number,
  entries: number,
  times: { ours: Stopwatch; bare: Stopwatch },
  checksum: string,
): BenchRow {
  const rate = (watch: Stopwatch) => Math.round((entries * 1_000) / watch.totalMs);
  const tenth = (value: number) => Math.round(value * 10) / 10;
  const [entriesPerSecond, bareEntriesPerSecond] = [rate(times.ours), rate(times.bare)];
  return {
    batch,
    entries,
    entriesPerSecond,
    bareEntriesPerSecond,
    ratio: Math.round((100 * entriesPerSecond) / bareEntriesPerSecond) / 100,
    p99Ms: tenth(times.ours.p99Ms()),
    bareP99Ms: tenth(times.bare.p99Ms()),
    cpuUsPerEntry: tenth(times.ours.cpuUs / entries),
    bareCpuUsPerEntry: tenth(times.bare.cpuUs / entries),
    checksum,
  };
}
