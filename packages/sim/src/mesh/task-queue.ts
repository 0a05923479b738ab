import type { Chance } from '@jamnet/base';
import type { Tolerance } from '@jamnet/mesh';
import type { SimTask } from './sim-task.ts';

const FLOAT: Tolerance = { rule: 'snr', decibelMin: 110 };
const EXACT: Tolerance = { rule: 'exact' };
const DEAR_UNITS = 16n;

/** What a host may take. */
export interface Wish {
  /** The coordinator's `affordableUnits`. */
  readonly workUnitsMax: bigint;
  readonly exactOnly: boolean;
}

/** Waiting tasks of one size and tolerance, in the order in which they came. */
interface Line {
  readonly workUnits: bigint;
  readonly tolerance: Tolerance;
  readonly waiting: { readonly arrival: number; readonly task: SimTask }[];
  /** Index of the first that still waits. */
  head: number;
}

/** Taken entries at a line's front are cut off at so many. */
const HEAD_MAX = 1000;

/**
 * One queue for all hosts: one task in ten costs 16 units and the others 1, four of five in float, one of ten is asked
 * for twice. Tasks that were taken back or not returned go to its end.
 */
export class TaskQueue {
  readonly #name: string;
  readonly #chance: Chance;
  readonly #lines: readonly Line[] = [1n, DEAR_UNITS].flatMap((workUnits) =>
    [FLOAT, EXACT].map((tolerance): Line => ({ workUnits, tolerance, waiting: [], head: 0 })),
  );
  #uncreated: number;
  #created = 0;
  #arrivals = 0;

  constructor(name: string, chance: Chance, tasks: number) {
    this.#name = name;
    this.#chance = chance;
    this.#uncreated = tasks;
  }

  put(task: SimTask): void {
    const line = this.#lines.find(
      ({ workUnits, tolerance }) => workUnits === task.workUnits && tolerance === task.tolerance,
    );
    line?.waiting.push({ arrival: this.#arrivals++, task });
  }

  /** The oldest that the host's stake covers, else the oldest it can run; `null` when there is none. */
  take(wish: Wish): SimTask | null {
    const runnable = this.#lines.filter((line) => !wish.exactOnly || line.tolerance.rule === 'exact');
    const covered = runnable.filter((line) => line.workUnits <= wish.workUnitsMax);
    return this.#takeFrom(covered) ?? this.#takeFrom(runnable);
  }

  #takeFrom(lines: readonly Line[]): SimTask | null {
    for (;;) {
      const line = oldest(lines);
      if (line) return shift(line);
      if (this.#uncreated === 0) return null;
      this.#create();
    }
  }

  #create(): void {
    const number = this.#created++;
    const workUnits = this.#chance.below(10) === 0 ? DEAR_UNITS : 1n;
    const tolerance = this.#chance.below(5) === 0 ? EXACT : FLOAT;
    const replicas = Math.min(this.#uncreated, this.#chance.below(10) === 0 ? 2 : 1);
    for (let replica = 0; replica < replicas; replica++)
      this.put({ id: `${this.#name}/${number}-${replica}`, number, workUnits, tolerance });
    this.#uncreated -= replicas;
  }
}

function oldest(lines: readonly Line[]): Line | null {
  let first: Line | null = null;
  let earliest = Number.POSITIVE_INFINITY;
  for (const line of lines) {
    const arrival = line.waiting[line.head]?.arrival ?? Number.POSITIVE_INFINITY;
    if (arrival >= earliest) continue;
    earliest = arrival;
    first = line;
  }
  return first;
}

function shift(line: Line): SimTask | null {
  const task = line.waiting[line.head]?.task ?? null;
  line.head++;
  if (line.head < HEAD_MAX) return task;
  line.waiting.splice(0, line.head);
  line.head = 0;
  return task;
}
