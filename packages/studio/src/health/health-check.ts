/** Parts of a studio that are looked at, in the order they are told. */
export const CHECK_NAMES = ['store', 'log', 'relays', 'mesh', 'gateway', 'disk'] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** What may be wrong, and what to do about it. Nothing here tells of paths, addresses or people: whoever asks may read it. */
export const FAULTS = {
  'store-silent':
    'The database does not answer: look whether its server runs and its disk is whole, then start the studio again.',
  'log-unreadable':
    'The log’s checkpoint cannot be read, or this studio did not sign it: stop the studio and bring public/log back from a backup.',
  'log-unwritable':
    'The log’s directory cannot be written, so that nothing new can be published: give the studio’s user the right to write to public/log.',
  'relays-gone':
    'No relay of this studio runs: rooms are closed until one is up again, which is tried by itself. If it lasts, look whether another program has its UDP port.',
  'relays-some-gone':
    'Some relays of this studio do not run: their rooms go on at the others, and they are started again by themselves.',
  'mesh-closed': 'Hosts cannot connect yet: the studio is still starting.',
  'mesh-silent':
    'The desk that gives tasks to hosts does not answer: look at the database, then start the studio again.',
  'gateway-gone':
    'The bridge for browsers does not answer: it is started again by itself. Players without a browser go on.',
  'disk-full': 'Less than 1 GB is free where the studio keeps its data: make room.',
  'disk-unreadable':
    'The free space where the studio keeps its data cannot be told: look whether the disk is there.',
  'check-too-slow':
    'The answer did not come within two seconds: the machine is overloaded, or this part hangs.',
} as const satisfies Readonly<Record<string, string>>;
export type HealthCode = keyof typeof FAULTS;

/** Faults that the rest works on with, also of a part that is needed. */
const MILD: ReadonlySet<HealthCode> = new Set(['relays-some-gone']);

export interface HealthCheck {
  readonly name: CheckName;
  /** Whether the studio is not ready without it. */
  readonly isNeeded: boolean;
  /** What is wrong; null when nothing is. What it throws counts as `onThrow`. */
  readonly look: () => Promise<HealthCode | null>;
  readonly onThrow: HealthCode;
}

/** How one part was found. */
export interface CheckResult {
  readonly name: CheckName;
  /** `degraded`: the studio works on without it. */
  readonly state: 'ok' | 'degraded' | 'failed';
  readonly code: HealthCode | null;
  /** What is wrong and what to do; null when nothing is. */
  readonly sentence: string | null;
  readonly tookMs: number;
}

/** Time as checks need it; both tests and the studio give it. */
export interface HealthClock {
  /** Monotonic. */
  readonly nowMs: () => number;
  /** Runs `task` once after so long; what it answers takes that back. */
  readonly later: (task: () => void, afterMs: number) => () => void;
}

/** A part that has not answered by then counts as failed. */
export const CHECK_MS_MAX = 2_000;

/** Looks at one part again and again, never twice at a time: a part that hangs gathers no questions. */
export class CheckRunner {
  readonly #check: HealthCheck;
  readonly #clock: HealthClock;
  #pending: Promise<HealthCode | null> | null = null;

  constructor(check: HealthCheck, clock: HealthClock) {
    this.#check = check;
    this.#clock = clock;
  }

  async run(): Promise<CheckResult> {
    const begunMs = this.#clock.nowMs();
    const code = await withinMs(this.#clock, CHECK_MS_MAX, this.#look(), 'check-too-slow' as const);
    const { name, isNeeded } = this.#check;
    const tookMs = Math.max(0, this.#clock.nowMs() - begunMs);
    if (code === null) return { name, state: 'ok', code, sentence: null, tookMs };
    const state = isNeeded && !MILD.has(code) ? 'failed' : 'degraded';
    return { name, state, code, sentence: FAULTS[code], tookMs };
  }

  #look(): Promise<HealthCode | null> {
    this.#pending ??= this.#check
      .look()
      .catch(() => this.#check.onThrow)
      .finally(() => {
        this.#pending = null;
      });
    return this.#pending;
  }
}

/** What `work` comes to, or `late` when that takes longer. */
export function withinMs<T, L>(
  clock: HealthClock,
  limitMs: number,
  work: Promise<T>,
  late: L,
): Promise<T | L> {
  return new Promise((resolve, reject) => {
    const cancel = clock.later(() => resolve(late), limitMs);
    work.then(resolve, reject).finally(cancel);
  });
}
