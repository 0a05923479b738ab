import type { RoundRecord } from '@jamnet/groove';
import type { GrooveView } from '../live/studio-state.ts';
import type { ArchivedPerformance } from './forecast-session.ts';

/** Skill over the house, percent. */
export interface Skills {
  readonly timing: number | null;
  readonly velocity: number | null;
}

/** 1 − loss/house-1 over all bars, in percent. */
export function skillsOf(record: RoundRecord): Skills {
  const skill = (of: (score: RoundRecord['rows'][number]['house1']) => number): number | null => {
    const house = record.rows.reduce((sum, row) => sum + of(row.house1), 0);
    const own = record.rows.reduce((sum, row) => sum + (row.hosts[0] ? of(row.hosts[0].score) : 0), 0);
    return house === 0 ? null : Math.round(1000 * (1 - own / house)) / 10;
  };
  return { timing: skill((score) => score.timing), velocity: skill((score) => score.velocity) };
}

export function grooveView(
  performance: ArchivedPerformance,
  tally: { readonly done: number; readonly void: number },
  node: string,
  skills?: Skills,
): GrooveView {
  const host = {
    node: node.slice(0, 12),
    // What a node plays unless its owner chose another.
    forecaster: 'groove-1',
    committed: tally.done - tally.void,
    late: tally.void,
    timingSkillPercent: skills?.timing ?? null,
    velocitySkillPercent: skills?.velocity ?? null,
  };
  return {
    performance: performance.name,
    bars: performance.bars.length,
    barsDone: tally.done,
    hosts: [host],
  };
}
