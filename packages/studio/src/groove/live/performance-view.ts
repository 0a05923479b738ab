import type { RoundProgress } from './live-performance.ts';
import type { EndCode, Performance } from './live-types.ts';

/** What anybody may know of a performance. Whom it is forecast by shows once it is being played. */
export interface PerformanceView extends RoundProgress {
  readonly performance: string;
  readonly room: string;
  readonly state: Performance['state'];
  readonly bars: number;
  readonly task: 'announced' | 'live';
  readonly startsAtUs: number | null;
  readonly hosts: readonly string[] | null;
  readonly code: EndCode | null;
  readonly results:
    | readonly {
        nodes: readonly string[];
        skillPpm: string | null;
        paidWorkUnits: string;
        code: string | null;
      }[]
    | null;
}

export function viewOf(performance: Performance, progress: RoundProgress): PerformanceView {
  const { performance: id, room, state, bars, announced, startsAtUs, draw, outcome } = performance;
  const settled = outcome && 'settled' in outcome ? outcome.settled : null;
  return {
    performance: id,
    room,
    state,
    bars,
    ...progress,
    task: announced ? 'announced' : 'live',
    startsAtUs,
    hosts: startsAtUs !== null && draw ? draw.hosts.map(({ node }) => node) : null,
    code: outcome && 'code' in outcome ? outcome.code : null,
    results:
      settled?.map(({ nodes, skillPpm, paidWorkUnits, code }) => ({
        nodes,
        skillPpm,
        paidWorkUnits,
        code,
      })) ?? null,
  };
}
