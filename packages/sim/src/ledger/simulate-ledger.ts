import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Chance, equalBytes, seededChance } from '@jamnet/base';
import {
  type Answer,
  type Ledger,
  nativeSigner,
  openLedger,
  type Request,
  TileTree,
  TransparencyLog,
  verifyCheckpoint,
  verifyDirectory,
} from '@jamnet/ledger';
import { NaiveLedger } from '@jamnet/ledger/testing';
import { checkBooks } from './check-books.ts';
import { CrashingDatabase, type DatabaseBug } from './crashing-database.ts';
import { CrashingFiles, type FileBug } from './crashing-files.ts';
import { LedgerBroken } from './ledger-broken.ts';
import { ACCOUNTS, Workload } from './workload.ts';

export type PlantedBug = FileBug | DatabaseBug;

export interface LedgerSimulation {
  readonly seed: string;
  readonly leaves: bigint;
  readonly crashes: number;
  /** Checkpoints that a reader could have seen, each checked when it appeared and again against the last. */
  readonly checkpoints: number;
}

const STEPS = 40;
const ORIGIN = 'simulation.invalid/log';
const signer = nativeSigner(ORIGIN, new Uint8Array(32).fill(3));

/**
 * Runs one seed: posts, publishes, crashes at write boundaries, restarts, steps the clock, repeats and reorders requests;
 * then heals all faults and demands that everything is in order and published. Throws {@link LedgerBroken} where not.
 */
export async function simulateLedger(seed: string, bug: PlantedBug | null = null): Promise<LedgerSimulation> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-sim-ledger-'));
  const world = new World(seed, join(directory, 'books.sqlite'), bug);
  try {
    await world.start();
    for (let step = 0; step < STEPS; step++) await world.step();
    return await world.finish();
  } finally {
    await world.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

class World {
  readonly #seed: string;
  readonly #chance: Chance;
  readonly #workload: Workload;
  readonly #files: CrashingFiles;
  readonly #database: CrashingDatabase;
  readonly #naive = new NaiveLedger();
  readonly #seen: { size: bigint; root: Uint8Array }[] = [];
  #ledger: Ledger | null = null;
  #log: TransparencyLog | null = null;
  #nowUs = 1_000_000n;
  #crashes = 0;

  constructor(seed: string, file: string, bug: PlantedBug | null) {
    this.#seed = seed;
    this.#chance = seededChance(seed);
    this.#workload = new Workload(this.#chance.fork('workload'));
    this.#files = new CrashingFiles(this.#chance.fork('files'), bug);
    this.#database = new CrashingDatabase(file, bug);
    this.#files.onCheckpoint = (note) => this.#observe(note);
  }

  async start(): Promise<void> {
    await this.#boot();
    await this.#books().openAccounts(this.#nowUs, ACCOUNTS);
    this.#naive.openAccounts(this.#nowUs, ACCOUNTS);
  }

  async step(): Promise<void> {
    // The clock mostly runs on, sometimes jumps ahead, sometimes back.
    const draw = this.#chance.below(10);
    this.#nowUs += draw === 0 ? -40n : draw === 1 ? 200n : BigInt(this.#chance.below(12));
    const fault = this.#chance.below(6);
    if (fault === 0) this.#database.crashAfter(1 + this.#chance.below(30));
    if (fault === 1) this.#files.crashAfter(1 + this.#chance.below(12));
    const batch = this.#workload.batch(this.#nowUs);
    if (!(await this.#post(batch))) return;
    // The answer is lost on its way: the process dies after the commit, before anything is published.
    if (fault === 2) return this.#crash();
    if (this.#chance.below(3) === 0) await this.#publish();
  }

  async finish(): Promise<LedgerSimulation> {
    await this.#crash();
    await this.#post([]);
    await this.#publish();
    const ledger = this.#books();
    await checkBooks(ledger, this.#naive);
    const verified = await verifyDirectory(this.#files.read, { vkey: this.#transparency().vkey });
    if (!verified.ok) throw new LedgerBroken(`the published log does not verify: ${verified.code}`);
    const { size } = verified.value.checkpoint;
    if (size !== (await ledger.size())) throw new LedgerBroken('leaves are missing from the healed log');
    for (const earlier of this.#seen) await this.#mustBePrefix(earlier);
    return { seed: this.#seed, leaves: size, crashes: this.#crashes, checkpoints: this.#seen.length };
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  /** Posts to the ledger and the model; false when the process died. */
  async #post(batch: readonly Request[]): Promise<boolean> {
    const ledger = this.#books();
    let answers: readonly Answer[];
    try {
      answers = await ledger.post(this.#nowUs, batch);
    } catch {
      await this.#crash();
      if ((await this.#books().size()) !== this.#naive.size)
        throw new LedgerBroken('a crash left half a transaction');
      return false;
    }
    const expected = this.#naive.post(this.#nowUs, batch);
    const [got, wanted] = [answers.map(shape).join(), expected.map(shape).join()];
    if (got !== wanted)
      throw new LedgerBroken(`the answers differ from the model: ${got} instead of ${wanted}`);
    return true;
  }

  async #publish(): Promise<void> {
    try {
      await this.#transparency().publish(this.#nowUs);
    } catch (cause) {
      if (cause instanceof LedgerBroken) throw cause;
      await this.#crash();
    }
  }

  async #crash(): Promise<void> {
    this.#crashes++;
    this.#files.restart();
    await this.#boot();
  }

  async #boot(): Promise<void> {
    this.#ledger = await openLedger(await this.#database.restart());
    this.#log = new TransparencyLog({ ledger: this.#ledger, origin: ORIGIN, signer, files: this.#files });
    try {
      await this.#log.publish(this.#nowUs);
    } catch (cause) {
      if (cause instanceof LedgerBroken) throw cause;
      throw new LedgerBroken(
        `the log does not start again: ${cause instanceof Error ? cause.message : cause}`,
      );
    }
  }

  /** Whoever looks at the directory the moment a checkpoint appears must find a whole log. */
  async #observe(note: Uint8Array): Promise<void> {
    const vkey = this.#transparency().vkey;
    const checkpoint = verifyCheckpoint(note, vkey);
    if (!checkpoint.ok) throw new LedgerBroken(`an unreadable checkpoint was published: ${checkpoint.code}`);
    const verified = await verifyDirectory(this.#files.read, { vkey });
    if (!verified.ok)
      throw new LedgerBroken(`a checkpoint was published over a log that fails: ${verified.code}`);
    this.#seen.push({ size: checkpoint.value.size, root: checkpoint.value.root });
  }

  async #mustBePrefix(earlier: { size: bigint; root: Uint8Array }): Promise<void> {
    const tree = new TileTree();
    for (const { bytes } of await this.#books().entries(0n, Number(earlier.size))) tree.append(bytes);
    if (!equalBytes(tree.root(), earlier.root))
      throw new LedgerBroken(`the checkpoint of ${earlier.size} leaves was abandoned`);
  }

  #books(): Ledger {
    if (!this.#ledger) throw new Error('the simulation has booted');
    return this.#ledger;
  }

  #transparency(): TransparencyLog {
    if (!this.#log) throw new Error('the simulation has booted');
    return this.#log;
  }
}

function shape(answer: Answer | string | { index: bigint; repeated: boolean }): string {
  if (typeof answer === 'string') return answer;
  if ('ok' in answer && !answer.ok) return answer.code;
  return `${answer.index}${answer.repeated ? ' again' : ''}`;
}
