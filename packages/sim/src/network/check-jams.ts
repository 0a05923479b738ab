import { checkJam, type JamVerdict } from './check-jam.ts';

export interface JamSummary {
  readonly seeds: number;
  readonly failed: readonly string[];
  /** The most that an ear was behind the speaker's card once all was healed, and what most ears stay below, ms. */
  readonly behindMsMost: number;
  readonly behindMsP99: number;
  readonly behindMsP50: number;
  /** Packets that ears missed while faults lasted. */
  readonly missed: number;
}

/** Plays every seed, those after a failure too; `tell` hears of each. */
export function checkJams(
  seeds: readonly string[],
  tell: (verdict: JamVerdict, done: number) => void,
): JamSummary {
  const failed: string[] = [];
  const behind: number[] = [];
  let missed = 0;
  for (const seed of seeds) {
    const verdict = checkJam(seed);
    if (verdict.faults.length > 0) failed.push(seed);
    behind.push(verdict.behindMs);
    missed += verdict.missed;
    tell(verdict, behind.length);
  }
  behind.sort((a, b) => a - b);
  const at = (share: number): number =>
    behind[Math.min(behind.length - 1, Math.floor(share * behind.length))] ?? 0;
  return {
    seeds: seeds.length,
    failed,
    behindMsMost: at(1),
    behindMsP99: at(0.99),
    behindMsP50: at(0.5),
    missed,
  };
}

export function summaryText(summary: JamSummary): string {
  const { seeds, failed, missed, behindMsP50, behindMsP99, behindMsMost } = summary;
  const outcome =
    failed.length === 0
      ? 'everybody heard everybody within a second of healing, in one beat, no note hung'
      : `${failed.length} FAILED: ${failed.join(' ')}`;
  return `${seeds} seeds, ${outcome}; ears missed ${missed} packets under the faults; worst ear of a room after healing: ${behindMsP50.toFixed(1)} ms behind (median), ${behindMsP99.toFixed(1)} (99 %), ${behindMsMost.toFixed(1)} (most)`;
}
