import type { BarScore, RoundRecord, RoundRow, Standing } from '@jamnet/groove';
import { expect, test } from 'vitest';
import { settlePerformance } from './settle-performance.ts';

const HITS = 12;
/** Losses of each host as shares of the house's, 1/1000. */
const SHARES = { a: 700, b: 750, plain: 1000 };

function scoreOf(permille: number, bar: number): BarScore {
  const loss = permille + (permille === 1000 ? 0 : bar % 7);
  return { timing: loss, velocity: loss, cells: loss, timingError: 100 * HITS, velocityError: 0, hits: HITS };
}

function rowOf(bar: number): RoundRow {
  const hosts = Object.entries(SHARES).map(([name, permille]) => {
    const score = scoreOf(permille, bar);
    return { node: `n-${name}`, void: null, commitment: null, score, nearMedian: 0 };
  });
  const house = scoreOf(1000, bar);
  return { bar, hits: HITS, nearGrid: 0, house1: house, house2: house, cellReference: 0, blend: null, hosts };
}

function recordOf(performerGroup: string): RoundRecord {
  return {
    performance: `played by ${performerGroup}`,
    task: 'announced',
    performerGroup,
    hosts: Object.keys(SHARES).map((name) => ({ node: `n-${name}`, ownerGroup: name })),
    rows: Array.from({ length: 120 }, (_, at) => rowOf(at + 1)),
  };
}

test('two groups of one payee make two contributions, the same whenever they are made again', () => {
  const settled = (performer: string, standings: readonly Standing[]) =>
    settlePerformance({
      record: recordOf(performer),
      standings: new Map(standings.map((standing) => [standing.ownerGroup, standing])),
      payeeOf: () => 'p-one',
      acceptedAtUs: 1n,
      evidenceSecret: new Uint8Array(32),
    });
  const { standings } = ['solo', 'duo', 'trio'].reduce(
    (before, performer) => settled(performer, before.standings),
    { standings: [] as readonly Standing[] },
  );
  const { contributions, reasons } = settled('band', standings);
  expect(contributions.map(({ ownerGroup }) => ownerGroup)).toEqual(['a', 'b']);
  expect(new Set(contributions.map(({ id }) => id)).size).toBe(2);
  for (const { subject } of contributions) expect(subject).toMatch(/^played by band\/[0-9a-f]{16}$/);
  expect(reasons.map(({ contribution }) => contribution)).toEqual(contributions.map(({ id }) => id));
  expect(settled('band', standings).contributions).toEqual(contributions);
});
