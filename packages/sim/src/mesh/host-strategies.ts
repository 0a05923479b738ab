import type { Chance } from '@jamnet/base';
import { EVERY_CHUNK, type Lie, SIM_CHUNKS } from './sim-task.ts';

/** How a host behaves. */
export interface Strategy {
  readonly name: string;
  /** It cheats on purpose: it shall earn less than an honest host. */
  readonly cheats: boolean;
  /** Signal-to-noise ratio of its float chunks when it lies or computes poorly, milli-decibel. */
  readonly lieMilliDecibel: number;
  /** What a chunk it lies in costs it, as a share of the honest cost. */
  readonly lieCost: number;
  /** Takes a fresh key after so many tasks, before anybody finds out; it takes one in any case when it is banned. */
  readonly keyTasks: number;
  /** `null`: it does not answer at all. */
  lie(situation: Situation, chance: Chance): Lie | null;
}

export interface Situation {
  /** Tasks this key has returned. */
  readonly returned: number;
  /** The task's number: its replicas share it. */
  readonly number: number;
  readonly workUnits: bigint;
}

const INT8 = 40_000;
/** Measured for fp16 weights (94 dB): below the gate of 110, above the floor of 60. */
const FP16 = 94_000;

const LIAR = { cheats: true, lieMilliDecibel: INT8, lieCost: 0, keyTasks: Number.POSITIVE_INFINITY } as const;
const FAIR = { ...LIAR, cheats: false } as const;

function cheat(name: string, permille: number): Strategy {
  return { ...LIAR, name, lie: (_, chance) => (chance.below(1000) < permille ? EVERY_CHUNK : 0) };
}

/** Honest for so many tasks, then always lying; on a ban it sleeps anew under another key. */
function sleeper(returned: number): Strategy {
  return {
    ...LIAR,
    name: `sleeper ${returned}`,
    lie: (situation) => (situation.returned < returned ? 0 : EVERY_CHUNK),
  };
}

const oneChunk = (chance: Chance): Lie => 1 << chance.below(SIM_CHUNKS);

export const STRATEGIES: readonly Strategy[] = [
  { ...FAIR, name: 'honest', lie: () => 0 },
  cheat('cheats always', 1000),
  cheat('cheats 20 %', 200),
  cheat('cheats 5 %', 50),
  cheat('cheats 1 %', 10),
  sleeper(25),
  sleeper(150),
  sleeper(1500),
  { ...LIAR, name: 'one chunk of 8', lie: (_, chance) => oneChunk(chance) },
  { ...LIAR, name: 'one chunk, 5 %', lie: (_, chance) => (chance.below(20) === 0 ? oneChunk(chance) : 0) },
  { ...LIAR, name: 'lies when dear', lie: ({ workUnits }) => (workUnits > 1n ? EVERY_CHUNK : 0) },
  // Ten keys of one owner in turn: honest while all is checked, then false, and away before it is found out.
  {
    ...LIAR,
    name: 'sybil swarm',
    keyTasks: 200,
    lie: ({ returned }) => (returned < 190 ? 0 : EVERY_CHUNK),
  },
  // Both lie in the same fifth of all tasks and in the same way, so that their replicas agree with each other.
  { ...LIAR, name: 'colluding pair', lie: ({ number }) => (number % 5 === 0 ? EVERY_CHUNK : 0) },
  { ...FAIR, name: 'fp16 host', lieMilliDecibel: FP16, lieCost: 0.5, lie: () => EVERY_CHUNK },
  {
    ...LIAR,
    name: 'turns to fp16',
    lieMilliDecibel: FP16,
    lieCost: 0.5,
    lie: ({ returned }) => (returned < 150 ? 0 : EVERY_CHUNK),
  },
  { ...FAIR, name: 'vanishes 10 %', lie: (_, chance) => (chance.below(10) === 0 ? null : 0) },
];
