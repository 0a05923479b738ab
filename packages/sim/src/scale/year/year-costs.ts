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

/** Measured sizes times what happens in a year. Work of hosts becomes one contribution a task; each payment is one leaf; each member is paid by twelve epochs. */
export function yearCosts(plan: YearPlan, sizes: readonly MeasuredSize[]): readonly YearCost[] {
  const tasks = plan.hosts * plan.tasksADay * 365;
  const sessions = Math.round((plan.members * plan.sessionsAMonth * 12) / PLAYERS);
  const payments = plan.members * plan.paymentsAMonth * 12;
  const counts: Readonly<Record<MeasuredSize['thing'], number>> = {
    payment: payments,
    contribution: sessions + tasks,
    use: plan.members * plan.usesAMonth * 12,
    task: tasks,
    'log leaf': payments,
    'payee paid': plan.members * 12,
  };
  return sizes.map(({ thing, rows, bytes, processorUs }) => {
    const count = counts[thing];
    return {
      thing,
      count,
      rows: Math.round(count * rows),
      bytes: count * bytes,
      cores: Math.round((1e4 * count * processorUs) / YEAR_US) / 1e4,
    };
  });
}
