import { join } from 'node:path';
import { type Chance, Failure, type Result, seededChance, unreachable } from '@jamnet/base';
import { verifyCheckpoint, verifyDirectory } from '@jamnet/ledger';
import { CrashingFiles, type FileBug, SimulatedCrash } from '../ledger/crashing-files.ts';
import { EventQueue } from '../network/event-queue.ts';
import { FailingDatabase } from './failing-database.ts';
import type { Fault } from './fault-plan.ts';
import { nothingKnown } from './known.ts';
import { People } from './people.ts';
import { hold, ScaleBroken } from './scale-broken.ts';
import type { ScaleSize } from './scale-size.ts';
import { SimBank } from './sim-bank.ts';
import { type Between, type StudioProcess, startStudio } from './studio-process.ts';
import { Trace } from './trace.ts';

/** 2027-01-01T00:00:00Z, UTC µs: day 0. */
export const DAY_ZERO_US = 1_798_761_600_000_000n;
/** Tries of one wish: each fault strikes once, so that more would be a fault of ours. */
const TRIES_MAX = 12;
/** Leaves up to which a published log is looked through at each checkpoint; a longer one once, at the end. */
const LOOKED_THROUGH_MAX = 1_000n;
/** Of a hundred messages between a host and the studio. */
const LOST_PERCENT = 1;

export interface WorldOptions {
  readonly seed: string;
  readonly size: ScaleSize;
  readonly directory: string;
  readonly between?: Between;
  readonly fileBug?: FileBug;
}

/** One studio's process and everybody around it, in simulated time. Work runs one piece after the other. */
export class ScaleWorld {
  readonly size: ScaleSize;
  readonly people: People;
  readonly chance: Chance;
  readonly bank: SimBank;
  readonly known = nothingKnown();
  readonly trace = new Trace();
  readonly struck: Record<string, number> = {};
  readonly #seed: string;
  readonly #queue = new EventQueue();
  readonly #due: (() => Promise<void>)[] = [];
  readonly #database: FailingDatabase;
  readonly #files: CrashingFiles;
  readonly #network: Chance;
  readonly #rowKeys: Chance;
  readonly #between: Between;
  #partition: { share: number; salt: number } | null = null;
  #clockOffsetUs = 0;
  #studio: StudioProcess | null = null;
  #starts = 0;

  constructor(options: WorldOptions) {
    const { seed, size, directory, between = {}, fileBug = null } = options;
    this.#seed = seed;
    this.size = size;
    this.people = new People(seed, size);
    this.chance = seededChance(`scale/${seed}`);
    this.#network = this.chance.fork('network');
    this.#rowKeys = this.chance.fork('row keys');
    this.#between = between;
    this.bank = new SimBank(this.chance.fork('bank'));
    this.#database = new FailingDatabase(join(directory, 'studio.sqlite'), between.statement);
    this.#files = new CrashingFiles(this.chance.fork('files'), fileBug);
    this.#files.onCheckpoint = (note) => this.#seeCheckpoint(note);
  }

  get studio(): StudioProcess {
    if (!this.#studio) throw new Failure('not-started', 'The studio has not started yet.');
    return this.#studio;
  }

  get files(): CrashingFiles {
    return this.#files;
  }

  /** Times the studio's process has started. */
  get starts(): number {
    return this.#starts;
  }

  /** Simulated µs since day 0. */
  get nowUs(): number {
    return this.#queue.nowUs;
  }

  /** What the studio's clock says, UTC µs. */
  get clockUs(): bigint {
    return DAY_ZERO_US + BigInt(this.nowUs + this.#clockOffsetUs);
  }

  async start(): Promise<void> {
    this.#starts++;
    this.#studio = await startStudio({
      seed: this.#seed,
      database: this.#database,
      files: this.#files,
      bank: this.bank,
      rowKeys: this.#rowKeys,
      between: this.#between,
    });
  }

  close(): Promise<void> {
    return this.#database.close();
  }

  at(atUs: number, work: () => Promise<void>): void {
    this.#queue.at(atUs, () => void this.#due.push(work));
  }

  /** Does everything that is due before the instant. */
  async runUntil(untilUs: number): Promise<void> {
    while (this.#queue.nextUs < untilUs) {
      this.#queue.runUntil(this.#queue.nextUs + 1);
      for (let work = this.#due.shift(); work !== undefined; work = this.#due.shift()) await work();
    }
    this.#queue.runUntil(untilUs);
  }

  /** One try, `null` where a fault struck: then nobody outside knows whether it was done. */
  async attempt<T>(what: string, work: (studio: StudioProcess) => Promise<T>): Promise<T | null> {
    const failures = this.#database.failures;
    let answer: T | null = null;
    try {
      answer = await work(this.studio);
    } catch (cause) {
      if (cause instanceof ScaleBroken) throw cause;
      const isCrash = hasCrash(cause);
      if (this.#database.failures === failures && !isCrash)
        throw new ScaleBroken('errors', `${what}: ${messageOf(cause)}`, { cause });
      this.trace.add(this.nowUs, `${what} failed`);
      if (isCrash) await this.start();
    }
    if (!this.#database.isDead) return answer;
    await this.start();
    return null;
  }

  /** Asks again until somebody hears the answer, as a client with an idempotency key does. */
  async insist<T>(what: string, work: (studio: StudioProcess) => Promise<T>): Promise<T> {
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const answer = await this.attempt(what, work);
      if (answer !== null) return answer;
    }
    throw new ScaleBroken('errors', `${what} failed ${TRIES_MAX} times`);
  }

  /** What an account holds; 0 where it is not open. */
  balance(code: string): Promise<bigint> {
    return this.insist('balance', async ({ ledger }) => (await ledger.balance(code)) ?? 0n);
  }

  /** The value of an answer that may not be refused. */
  demand<T>(what: string, answer: Result<T>): T {
    if (answer.ok) return answer.value;
    throw new ScaleBroken('errors', `${what} was refused: ${answer.code}: ${answer.message}`);
  }

  /** A message of a host: `null` where it or its answer is lost; some are heard twice. */
  async message<T>(
    host: number,
    what: string,
    work: (studio: StudioProcess) => Promise<T>,
  ): Promise<T | null> {
    const fate = this.#network.below(100);
    if (this.#isApart(host) || fate < LOST_PERCENT) return null;
    const answer = await this.attempt(what, work);
    if (fate < 2 * LOST_PERCENT) return null;
    return fate < 3 * LOST_PERCENT ? this.attempt(what, work) : answer;
  }

  strike(fault: Fault): void {
    this.struck[fault.kind] = (this.struck[fault.kind] ?? 0) + 1;
    const end = (work: () => void, forUs: number): void => this.at(this.nowUs + forUs, async () => work());
    switch (fault.kind) {
      case 'partition': {
        const partition = { share: fault.share, salt: fault.salt };
        this.#partition = partition;
        end(() => {
          if (this.#partition === partition) this.#partition = null;
        }, fault.forUs);
        break;
      }
      case 'clock':
        this.#clockOffsetUs = fault.offsetUs;
        end(() => {
          this.#clockOffsetUs = 0;
        }, fault.forUs);
        break;
      case 'rail-outage':
        this.bank.loses = fault.loses;
        end(() => {
          this.bank.loses = null;
        }, fault.forUs);
        break;
      case 'coordinator-loss':
        this.#database.failAfter(fault.afterStatements, true);
        break;
      case 'rolled-back':
        this.#database.failAfter(fault.afterStatements, false);
        break;
      case 'answer-lost':
        this.#database.loseAnswerAfter(fault.afterCommits, fault.dies);
        break;
      case 'log-loss':
        this.#files.crashAfter(fault.afterWrites);
        break;
      default:
        unreachable(fault);
    }
  }

  /** All faults are over, but for what they did; the process starts once more. */
  async heal(): Promise<void> {
    this.#partition = null;
    this.#clockOffsetUs = 0;
    this.bank.loses = null;
    await this.start();
  }

  #isApart(host: number): boolean {
    const { share, salt } = this.#partition ?? { share: 0, salt: 0 };
    return (host * 37 + salt) % 100 < share;
  }

  /** Whoever looks at the files the moment a checkpoint appears must find a whole log. */
  async #seeCheckpoint(note: Uint8Array): Promise<void> {
    const { vkey } = this.studio.log;
    const checkpoint = verifyCheckpoint(note, vkey);
    hold('log', checkpoint.ok, () => 'an unreadable checkpoint was published');
    const { size, root } = checkpoint.value;
    this.known.checkpoints.push({ size, root });
    if (size > LOOKED_THROUGH_MAX) return;
    const whole = await verifyDirectory(this.#files.read, { vkey });
    hold('log', whole.ok, () => `a checkpoint stood over a log that fails: ${whole.ok ? '' : whole.code}`);
  }
}

/** Whether the process died while it wrote the log. */
function hasCrash(cause: unknown): boolean {
  for (let at = cause; at instanceof Error; at = at.cause) if (at instanceof SimulatedCrash) return true;
  return false;
}

function messageOf(cause: unknown): string {
  const causes: string[] = [];
  for (let at = cause; at instanceof Error; at = at.cause) causes.push(at.message);
  return causes.join(' <- ');
}
