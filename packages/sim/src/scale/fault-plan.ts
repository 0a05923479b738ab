import type { Chance } from '@jamnet/base';

const HOUR_US = 3_600_000_000;
export const DAY_US = 24 * HOUR_US;

/** Something that goes wrong. `atUs` counts from the simulation's first day. */
export type Fault = { readonly atUs: number } & (
  | {
      /** Hosts whose number falls into `share` of a hundred cannot reach the studio. */
      readonly kind: 'partition';
      readonly forUs: number;
      readonly share: number;
      readonly salt: number;
    }
  /** The process dies at this many statements from now, and starts again over the same database. */
  | { readonly kind: 'coordinator-loss'; readonly afterStatements: number }
  /** The database rolls the transaction back at this many statements from now; the process lives on. */
  | { readonly kind: 'rolled-back'; readonly afterStatements: number }
  /** A commit takes place, and nobody hears of it; `dies`: the process with it. */
  | { readonly kind: 'answer-lost'; readonly afterCommits: number; readonly dies: boolean }
  /** The studio's clock is wrong by this much. */
  | { readonly kind: 'clock'; readonly forUs: number; readonly offsetUs: number }
  /** Messages to the bank, its answers, or both are lost. */
  | { readonly kind: 'rail-outage'; readonly forUs: number; readonly loses: 'request' | 'reply' | 'all' }
  /** The process dies at this many writes of the published log from now. */
  | { readonly kind: 'log-loss'; readonly afterWrites: number }
);

/** About a fault a day, of every kind in turn and of each kind's sizes by chance. */
export function planFaults(chance: Chance, days: number): readonly Fault[] {
  const faults: Fault[] = [];
  const first = chance.below(DRAWS.length);
  for (let n = 0; n < days; n++) {
    const atUs = chance.below(days) * DAY_US + chance.below(24) * HOUR_US + chance.below(HOUR_US);
    const draw = DRAWS[(first + n) % DRAWS.length];
    if (draw) faults.push({ atUs, ...draw(chance) } as Fault);
  }
  return faults.sort((a, b) => a.atUs - b.atUs);
}

type Drawn = { [Kind in Fault['kind']]: Omit<Extract<Fault, { kind: Kind }>, 'atUs'> }[Fault['kind']];

const hours = (chance: Chance, most: number): number => (1 + chance.below(most)) * HOUR_US;

const DRAWS: readonly ((chance: Chance) => Drawn)[] = [
  (chance) => ({
    kind: 'partition',
    forUs: hours(chance, 36),
    share: 10 + chance.below(91),
    salt: chance.below(100),
  }),
  (chance) => ({ kind: 'coordinator-loss', afterStatements: 1 + chance.below(60) }),
  (chance) => ({ kind: 'rolled-back', afterStatements: 1 + chance.below(60) }),
  (chance) => ({ kind: 'answer-lost', afterCommits: 1 + chance.below(8), dies: chance.below(2) === 0 }),
  (chance) => ({
    kind: 'clock',
    forUs: hours(chance, 24),
    offsetUs: Math.round((chance.unit() - 0.5) * 4 * HOUR_US),
  }),
  (chance) => ({
    kind: 'rail-outage',
    forUs: hours(chance, 72),
    loses: (['request', 'reply', 'all'] as const)[chance.below(3)] ?? 'all',
  }),
  (chance) => ({ kind: 'log-loss', afterWrites: 1 + chance.below(12) }),
];

/** One line for a person. */
export function faultText(fault: Fault): string {
  const { atUs, kind, ...more } = fault;
  const sizes = Object.entries(more).map(([name, value]) => `${name} ${value}`);
  return `day ${(atUs / DAY_US).toFixed(2)} ${kind} ${sizes.join(', ')}`;
}
