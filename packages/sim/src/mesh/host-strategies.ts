import type { Chance } from '@jamnet/base';

/** Chunks of a result in which a host lies; empty: an honest one. */
export type Lie = readonly number[];

/** How a host behaves. `null` from `lie`: it does not answer at all. */
export interface Strategy {
  readonly name: string;
  /** Signal-to-noise ratio of its float chunks when it lies or computes poorly, milli-decibel. */
  readonly lieMilliDecibel: number;
  /** Comes back with a fresh key when it is banned. */
  readonly reborn: boolean;
  lie(situation: Situation, chance: Chance): Lie | null;
}

export interface Situation {
  /** Tasks this key has returned. */
  readonly returned: number;
  readonly chunkCount: number;
  readonly workUnits: bigint;
}

const INT8 = 40_000;
/** Measured for fp16 weights (94 dB): below the gate of 110, above the floor of 60. */
const FP16 = 94_000;

function allChunks({ chunkCount }: Situation): Lie {
  return Array.from({ length: chunkCount }, (_, chunk) => chunk);
}

function cheat(name: string, permille: number): Strategy {
  return {
    name,
    lieMilliDecibel: INT8,
    reborn: true,
    lie: (situation, chance) => (chance.below(1000) < permille ? allChunks(situation) : []),
  };
}

/** Honest for so many tasks, then always lying; on a ban it sleeps anew under another key. */
function sleeper(returned: number): Strategy {
  return {
    name: `sleeper ${returned}`,
    lieMilliDecibel: INT8,
    reborn: true,
    lie: (situation) => (situation.returned < returned ? [] : allChunks(situation)),
  };
}

/** Behaviours of issue 7. Colluders agree with each other in every lie, which helps nobody where no vote is counted. */
export const STRATEGIES: readonly Strategy[] = [
  { name: 'honest', lieMilliDecibel: INT8, reborn: false, lie: () => [] },
  cheat('cheats always', 1000),
  cheat('cheats 20 %', 200),
  cheat('cheats 5 %', 50),
  cheat('cheats 1 %', 10),
  sleeper(25),
  sleeper(150),
  {
    name: 'one chunk of 8',
    lieMilliDecibel: INT8,
    reborn: true,
    lie: ({ chunkCount }, chance) => [chance.below(chunkCount)],
  },
  {
    name: 'lies when dear',
    lieMilliDecibel: INT8,
    reborn: true,
    lie: (situation) => (situation.workUnits > 1n ? allChunks(situation) : []),
  },
  {
    name: 'colluding pair',
    lieMilliDecibel: INT8,
    reborn: true,
    lie: (s) => (s.returned % 2 === 0 ? [] : allChunks(s)),
  },
  { name: 'fp16 host', lieMilliDecibel: FP16, reborn: false, lie: allChunks },
  {
    name: 'vanishes 10 %',
    lieMilliDecibel: INT8,
    reborn: false,
    lie: (_, chance) => (chance.below(10) === 0 ? null : []),
  },
];
