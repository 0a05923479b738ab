import type { MeasuredSize } from './measure-sizes.ts';

/** What a studio of this size does in a year, for each thing that is measured. */
export interface YearPlan {
  readonly members: number;
  /** Of each member, a month. */
  readonly paymentsAMonth: number;
  readonly usesAMonth: number;
  /** Rooms' reports that name the member among three players, a month. */
  readonly sessionsAMonth: number;
  readonly hosts: number;
  /** Of each host, a day. */
  readonly tasksADay: number;
  /** Of each member, a year: redeemed and sent to a bank. */
  readonly cashOutsAYear: number;
  /** Of a session. */
  readonly minutesASession: number;
  /** Of a hundred sessions: everybody has agreed, and somebody records. */
  readonly recordedPercent: number;
}

export interface YearCost {
  readonly thing: MeasuredSize['thing'];
  readonly count: number;
  readonly rows: number;
  readonly bytes: number;
  /** Of one core, all year. */
  readonly cores: number;
}

const YEAR_US = 365 * 86_400 * 1e6;
const PLAYERS = 3;

/** Tracks of a take: one's own as sent, the two others' as heard. */
const TRACKS = 3;

/**
 * Measured sizes times what happens in a year. Work of hosts becomes one contribution a task; each member is paid by twelve epochs; leaves are those that
 * everything else puts into the log; of a recorded session each player keeps a take.
 */
export function yearCosts(plan: YearPlan, sizes: readonly MeasuredSize[]): readonly YearCost[] {
  const tasks = plan.hosts * plan.tasksADay * 365;
  const played = plan.members * plan.sessionsAMonth * 12;
  const recorded = Math.round((played * plan.recordedPercent) / 100);
  const counts: Readonly<Record<Exclude<MeasuredSize['thing'], 'log leaf'>, number>> = {
    payment: plan.members * plan.paymentsAMonth * 12,
    contribution: Math.round(played / PLAYERS) + tasks,
    use: plan.members * plan.usesAMonth * 12,
    task: tasks,
    'payee paid': plan.members * 12,
    'cash out': plan.members * plan.cashOutsAYear,
    'take minute': recorded * plan.minutesASession * TRACKS,
  };
  const timesOf = (thing: MeasuredSize['thing']): number => (thing === 'log leaf' ? leaves : counts[thing]);
  const leaves = Math.round(
    sizes.reduce(
      (sum, { thing, leaves: each }) => (thing === 'log leaf' ? sum : sum + each * counts[thing]),
      0,
    ),
  );
  return sizes.map(({ thing, rows, bytes, processorUs }) => {
    const count = timesOf(thing);
    return {
      thing,
      count,
      rows: Math.round(count * rows),
      bytes: count * bytes,
      cores: Math.round((1e4 * count * processorUs) / YEAR_US) / 1e4,
    };
  });
}
