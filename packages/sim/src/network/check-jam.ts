import { VirtualJam } from './virtual-jam.ts';

const PLAYERS = 3;
/** After the faults are healed everybody must hear everybody within this time. */
const HEAL_US = 1_000_000;
const LISTEN_US = 300_000;

export interface JamVerdict {
  readonly seed: string;
  /** The faults that the seed drew, as JSON. */
  readonly plan: string;
  /** What went wrong; empty for a run as it should be. */
  readonly faults: readonly string[];
}

/** Plays one seed: faults, healing, and what every ear must have by then. */
export function checkJam(seed: string): JamVerdict {
  const jam = new VirtualJam(seed, PLAYERS);
  const during = jam.runUntil(jam.plan.healedUs);
  jam.runUntil(jam.plan.healedUs + HEAL_US);
  const healed = jam.runUntil(jam.plan.healedUs + HEAL_US + LISTEN_US);
  const faults: string[] = [];
  if (healed.size !== PLAYERS * (PLAYERS - 1)) faults.push(`${healed.size} links are heard after healing`);
  for (const [link, count] of healed)
    if (count.missing > 0) faults.push(`${link} misses ${count.missing} packets after healing`);
  for (const [link, count] of [...during, ...healed])
    if (count.wrong > 0) faults.push(`${link} heard ${count.wrong} wrong packets`);
  return { seed, plan: JSON.stringify(jam.plan), faults };
}
