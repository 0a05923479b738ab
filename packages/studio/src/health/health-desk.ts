import type { CheckpointFigures } from './checkpoint-figures.ts';
import {
  CHECK_MS_MAX,
  type CheckResult,
  CheckRunner,
  type HealthCheck,
  type HealthClock,
  withinMs,
} from './health-check.ts';
import type { SchemaStep } from './schema-steps.ts';
import { SharedAnswer } from './shared-answer.ts';

/** Whether the studio can do its work. */
export interface Readiness {
  /** `degraded`: all that is needed works, something else does not. */
  readonly state: 'ready' | 'degraded' | 'not-ready';
  readonly checks: readonly CheckResult[];
}

/** What the studio's stores tell of its load and its books. */
export interface StudioFigures {
  readonly schemas: readonly SchemaStep[];
  /** Tasks of hosts by state. */
  readonly meshQueue: {
    readonly queued: number;
    readonly running: number;
    readonly checking: number;
    readonly accepted: number;
    readonly failed: number;
  };
  /** Rounds of groove that are played, and those that are over and not yet settled. */
  readonly grooveRounds: { readonly playing: number; readonly unsettled: number };
  /** Repositories whose code is not filed for the epoch that is on; null where none can be filed. */
  readonly unfiledCode: { readonly epoch: string; readonly repositories: number } | null;
  /** The epoch closed last; null before the first. */
  readonly lastEpoch: { readonly epoch: string; readonly closedAtUs: string } | null;
  readonly checkpoint: CheckpointFigures | null;
}

/** What runs, in figures that are there at once. */
export interface StudioRun {
  readonly jamnet: string;
  readonly node: string;
  readonly engine: 'sqlite' | 'postgres';
  readonly upSeconds: number;
  readonly relays: readonly { readonly id: string; readonly rooms: number; readonly players: number }[];
}

export interface StudioStatus extends Readiness, StudioRun {
  /** When it was looked at, UTC µs, decimal. */
  readonly atUs: string;
  /** Null while a store does not answer. */
  readonly figures: StudioFigures | null;
}

export interface HealthParts {
  readonly checks: readonly HealthCheck[];
  readonly run: () => StudioRun;
  readonly figures: () => Promise<StudioFigures>;
  readonly clock: HealthClock;
  readonly nowUs: () => bigint;
}

/** How the studio is, for monitors, for people and for `jamnet status`. Asking costs one look a second, however many ask. */
export class HealthDesk {
  readonly #parts: HealthParts;
  readonly #readiness: SharedAnswer<Readiness>;
  readonly #status: SharedAnswer<StudioStatus>;

  constructor(parts: HealthParts) {
    const { checks, clock } = parts;
    const runners = checks.map((check) => new CheckRunner(check, clock));
    this.#parts = parts;
    this.#readiness = new SharedAnswer(() => look(runners), clock);
    this.#status = new SharedAnswer(() => this.#look(), clock);
  }

  readiness(): Promise<Readiness> {
    return this.#readiness.ask();
  }

  status(): Promise<StudioStatus> {
    return this.#status.ask();
  }

  async #look(): Promise<StudioStatus> {
    const { nowUs, clock } = this.#parts;
    const readiness = await this.readiness();
    // A store that failed its check would only be waited for once more.
    const isStoreWell = readiness.checks.every(({ name, state }) => name !== 'store' || state === 'ok');
    const asked = isStoreWell ? this.#parts.figures().catch(() => null) : Promise.resolve(null);
    const figures = await withinMs(clock, CHECK_MS_MAX, asked, null);
    return { ...readiness, ...this.#parts.run(), atUs: nowUs().toString(), figures };
  }
}

async function look(runners: readonly CheckRunner[]): Promise<Readiness> {
  const checks = await Promise.all(runners.map((runner) => runner.run()));
  const state = checks.some((check) => check.state === 'failed')
    ? 'not-ready'
    : checks.some((check) => check.state === 'degraded')
      ? 'degraded'
      : 'ready';
  return { state, checks };
}
