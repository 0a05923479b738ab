import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Failure, present, type Result } from '@jamnet/base';
import { openLedger } from '@jamnet/ledger';
import { openSqlite } from '@jamnet/sql';
import { ACCOUNTS } from '../core/epoch/journal.ts';
import { type Economy, openEconomy } from '../store/open-economy.ts';
import { BENCH_POOL_MICRO_JAM, type EpochSize } from './made-up-epoch.ts';

export interface EpochBench extends EpochSize {
  /**
   * Wall clock of the close: reading the records from the database's file, deciding, marking them, storing payments and
   * shares, posting to the ledger, writing the public file to disk. Making the records up and loading them came before.
   */
  readonly seconds: number;
  /** Processor time of the same, all threads: what to compare on a busy machine. */
  readonly cpuSeconds: number;
  /** Largest resident memory of the closing process. */
  readonly maxRssMb: number;
  /** Payments sum to what was issued and left the pool, and the lines of the payees looked at to their payments. */
  readonly sumExact: boolean;
  readonly payees: number;
  /** Lines of `explained` payees, spread evenly, and milliseconds for the wallet of one. */
  readonly explained: number;
  readonly lines: number;
  readonly walletMs: number;
  readonly publicFileMb: number;
  readonly databaseMb: number;
  readonly loadSeconds: number;
  /** Of the statement: two runs of one seed agree. */
  readonly checksum: string;
  /** Seconds of each. `marking` runs beside reading to blocks in a large epoch. */
  readonly phases: Readonly<Record<string, number>>;
}

export interface EpochBenchOptions {
  readonly seed?: string;
  readonly onPhase?: (phase: string, seconds: number) => void;
  /** As `CloseOptions` has it. */
  readonly recordsBesideMin?: bigint;
  /** A loaded database of this seed and size to close a copy of; it is made where there is none. */
  readonly loaded?: string;
}

/** Payees whose lines are computed again and summed. */
const EXPLAINED = 100;
const EPOCH = 'bench';

/** Closes a made-up epoch of the given size in an SQLite file of its own and measures it. */
export async function benchEpoch(size: EpochSize, options: EpochBenchOptions = {}): Promise<EpochBench> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-bench-epoch-'));
  try {
    return await closeIn(directory, size, options);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function closeIn(directory: string, size: EpochSize, options: EpochBenchOptions): Promise<EpochBench> {
  const file = join(directory, 'bench.sqlite');
  const { seed = 'bench', onPhase = () => undefined } = options;
  const loading = performance.now();
  await bringLoaded(file, seed, size, options.loaded);
  const loadSeconds = (performance.now() - loading) / 1_000;
  onPhase('loading (not counted)', loadSeconds);
  const database = openSqlite({ file });
  try {
    const ledger = await openLedger(database);
    const economy = await openEconomy(database, ledger, { drawKey: () => new Uint8Array(32) });
    const phases: Record<string, number> = {};
    const told = (phase: string, seconds: number): void => {
      phases[phase] = seconds;
      onPhase(phase, seconds);
    };
    const cpuBefore = process.cpuUsage();
    const started = performance.now();
    const { recordsBesideMin } = options;
    const beside = recordsBesideMin === undefined ? {} : { recordsBesideMin };
    const closed = must(await economy.close(2n, EPOCH, { onPhase: told, ...beside }));
    const published = performance.now();
    const publicFile = join(directory, 'bench.json');
    const sha256 = await publish(economy, publicFile);
    told('publishing', (performance.now() - published) / 1_000);
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpuBefore);
    const maxRssMb = Math.round(process.resourceUsage().maxRSS / 1_024);
    const { payments } = must(await economy.statement(EPOCH));
    const paid = payments.reduce((sum, { microJam }) => sum + microJam, 0n);
    const left = BENCH_POOL_MICRO_JAM - ((await ledger.balance(ACCOUNTS.poolJam)) ?? 0n);
    const looked = await explainSome(economy, payments);
    return {
      ...size,
      seconds,
      cpuSeconds: (user + system) / 1_000_000,
      maxRssMb,
      sumExact:
        paid === closed.issuedMicroJam && left === paid && looked.exact && sha256 === closed.statementSha256,
      payees: payments.length,
      explained: looked.payees,
      lines: looked.lines,
      walletMs: looked.walletMs,
      publicFileMb: megabytes(publicFile),
      databaseMb: megabytes(file),
      loadSeconds,
      checksum: closed.statementSha256,
      phases,
    };
  } finally {
    await database.close();
  }
}

async function bringLoaded(file: string, seed: string, size: EpochSize, loaded?: string): Promise<void> {
  if (loaded === undefined) return load(file, seed, size);
  if (!existsSync(loaded)) {
    // Under its name only when it is whole.
    await load(`${loaded}.part`, seed, size);
    renameSync(`${loaded}.part`, loaded);
  }
  copyFileSync(loaded, file);
}

/** In a process of its own, so that its memory is not the close's. */
async function load(file: string, seed: string, size: EpochSize): Promise<void> {
  const main = fileURLToPath(new URL('./load-epoch-main.ts', import.meta.url));
  const { contributors, contributions, receipts, uses } = size;
  const sizes = [contributors, contributions, receipts, uses].map(String);
  await promisify(execFile)(process.execPath, [main, file, seed, ...sizes]);
}

/** Writes the public file as the studio does and answers its hash. */
async function publish(economy: Economy, file: string): Promise<string> {
  const [epoch] = await economy.publishedEpochs();
  const hash = createHash('sha256');
  const descriptor = openSync(file, 'w');
  try {
    for (const piece of await present(epoch, 'closed epoch').pieces()) {
      hash.update(piece);
      writeSync(descriptor, piece);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return hash.digest('hex');
}

async function explainSome(
  economy: Economy,
  payments: readonly { payee: string; microJam: bigint }[],
): Promise<{ exact: boolean; payees: number; lines: number; walletMs: number }> {
  const step = Math.max(1, Math.floor(payments.length / EXPLAINED));
  const chosen = payments.filter((_, place) => place % step === 0);
  const started = performance.now();
  let [lines, exact] = [0, true];
  for (const { payee, microJam } of chosen) {
    const wallet = await economy.wallet(3n, payee);
    const sum = wallet.lines.reduce((total, line) => total + line.microJam, 0n);
    if (sum !== microJam || wallet.balanceMicroJam !== microJam) exact = false;
    lines += wallet.lines.length;
  }
  const walletMs = (performance.now() - started) / Math.max(1, chosen.length);
  return { exact, payees: chosen.length, lines, walletMs };
}

function megabytes(file: string): number {
  return Math.round(statSync(file).size / 1_048_576);
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Failure('bench-refused', `${result.code}: ${result.message}`);
  return result.value;
}
