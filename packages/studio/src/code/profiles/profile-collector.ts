import { Session } from 'node:inspector/promises';
import { linesOfCpuProfile } from '@jamnet/attribution';
import type { ProfileFolder } from './profile-folder.ts';
import { TickSum } from './tick-sum.ts';

/**
 * V8 looks at the stack this often. A hundred times a second is enough for a month: runs with and without it differed by 0 to
 * 6 % of processor time on a busy machine.
 */
const SAMPLING_US = 10_000;
/** A recording is added up and let go this often, so that it stays small. */
const ADDED_UP_MS = 60_000;

export interface CollectorParts {
  /** Who pays for this process: all of its sessions count as theirs. */
  readonly principal: string;
  /** Full id of the commit that runs. */
  readonly revision: string;
  /** URL of the folder of that commit, without a slash at its end. */
  readonly rootUrl: string;
  readonly folder: ProfileFolder;
  /** UTC µs. */
  readonly nowUs: () => bigint;
  /** Told of a minute that could not be written down; what was seen in it is kept and written with the next. */
  readonly onFailure: (error: unknown) => void;
  /** For tests: default {@link SAMPLING_US}. */
  readonly samplingUs?: number;
}

/**
 * Samples the processor time of this process by line of our own code, for a principal who has opted in, and adds it up by
 * month. No arguments, no values, no files outside the folder leave the recording.
 */
export class ProfileCollector {
  readonly #parts: CollectorParts;
  readonly #session = new Session();
  readonly #timer: NodeJS.Timeout;
  #month: string;
  #sum: TickSum;
  #adding: Promise<void> = Promise.resolve();

  private constructor(parts: CollectorParts) {
    this.#parts = parts;
    this.#month = monthOf(parts.nowUs());
    this.#sum = this.#kept();
    this.#timer = setInterval(() => void this.addUp().catch(parts.onFailure), ADDED_UP_MS);
    // Recording keeps no studio from ending.
    this.#timer.unref();
  }

  static async start(parts: CollectorParts): Promise<ProfileCollector> {
    const collector = new ProfileCollector(parts);
    collector.#session.connect();
    await collector.#session.post('Profiler.enable');
    const interval = parts.samplingUs ?? SAMPLING_US;
    await collector.#session.post('Profiler.setSamplingInterval', { interval });
    await collector.#session.post('Profiler.start');
    return collector;
  }

  /** Ticks of this month so far, those of earlier runs included. */
  get ticks(): number {
    return this.#sum.ticks;
  }

  /** Adds what was recorded since the last time, and writes it down; a recording that spans two months counts in the first. */
  addUp(): Promise<void> {
    return this.#inTurn(true);
  }

  /** What cannot be written down any more is told and lost: a studio ends all the same. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#inTurn(false).catch(this.#parts.onFailure);
    this.#session.disconnect();
  }

  #inTurn(goesOn: boolean): Promise<void> {
    const added = this.#adding.then(() => this.#addUp(goesOn));
    this.#adding = added.catch(() => undefined);
    return added;
  }

  async #addUp(goesOn: boolean): Promise<void> {
    const { profile } = await this.#session.post('Profiler.stop');
    if (goesOn) await this.#session.post('Profiler.start');
    const { folder, principal, revision, rootUrl, nowUs } = this.#parts;
    this.#sum.add(linesOfCpuProfile(profile, rootUrl));
    if (this.#sum.ticks > 0) folder.write(this.#month, principal, revision, this.#sum);
    const month = monthOf(nowUs());
    if (month === this.#month) return;
    this.#month = month;
    this.#sum = this.#kept();
  }

  /** What earlier runs of this month have written. */
  #kept(): TickSum {
    const { folder, principal, revision } = this.#parts;
    const sum = new TickSum();
    const stored = folder.read(this.#month, principal, revision);
    const files = Object.entries(stored?.files ?? {});
    sum.add(new Map(files.map(([path, rows]) => [path, new Map(rows)])));
    return sum;
  }
}

/** The UTC month of a moment, as epochs are named. */
function monthOf(atUs: bigint): string {
  return new Date(Number(atUs / 1000n)).toISOString().slice(0, 7);
}
