import { present } from '@jamnet/base';
import { divideRoundingBig } from './integers.ts';
import type { HostRow, RoundRecord, RoundRow } from './round-types.ts';
import type { BarScore } from './score.ts';
import { addTallies, type Loss, NO_SKILL, type SkillTally, tallyOfBlock } from './skill.ts';

/** One owner's hosts in one round, as one. */
export interface Group {
  readonly ownerGroup: string;
  readonly nodes: readonly string[];
  readonly tally: SkillTally;
  /** By bar, then by quantity: the mean of its hosts' losses, so that ten keys weigh what one does. */
  readonly losses: readonly (readonly Loss[])[];
  readonly blocksOf: (blockBars: number) => SkillTally;
  readonly rows: readonly (readonly HostRow[])[];
}

export function groupsOf(record: RoundRecord): Group[] {
  const names = [...new Set(record.hosts.map((host) => host.ownerGroup))];
  return names.map((ownerGroup) => {
    const nodes = record.hosts.filter((host) => host.ownerGroup === ownerGroup).map((host) => host.node);
    const rows = record.rows.map((row) => row.hosts.filter((host) => nodes.includes(host.node)));
    const losses = record.rows.map((row, index) =>
      lossesOf(record, row, present(rows[index], 'rows of a bar')),
    );
    const blocksOf = (blockBars: number) => tallyOf(losses, blockBars);
    return { ownerGroup, nodes, rows, losses, blocksOf, tally: blocksOf(Math.max(1, losses.length)) };
  });
}

function lossesOf(record: RoundRecord, row: RoundRow, hosts: readonly HostRow[]): Loss[] {
  const mean = (of: (score: BarScore) => number): bigint =>
    divideRoundingBig(BigInt(hosts.reduce((sum, host) => sum + of(host.score), 0)), BigInt(hosts.length));
  const isHarder = record.task === 'live' && referenceLoss(record) < houseCells(record);
  return quantitiesOf(record).map((of) => ({
    own: mean(of),
    house: BigInt(isHarder ? row.cellReference : of(row.house1)),
  }));
}

/** What the reference for cells lost over a whole round. */
export function referenceLoss({ rows }: RoundRecord): bigint {
  return BigInt(rows.reduce((sum, row) => sum + row.cellReference, 0));
}

function houseCells({ rows }: RoundRecord): bigint {
  return BigInt(rows.reduce((sum, row) => sum + row.house1.cells, 0));
}

/** What a task is scored on. */
export function quantitiesOf(record: RoundRecord): ((score: BarScore) => number)[] {
  return record.task === 'announced'
    ? [(score) => score.timing, (score) => score.velocity]
    : [(score) => score.cells];
}

function tallyOf(losses: readonly (readonly Loss[])[], blockBars: number): SkillTally {
  let tally = NO_SKILL;
  for (let start = 0; start < losses.length; start += blockBars) {
    const block = losses.slice(start, start + blockBars);
    const width = present(block[0], 'first bar of a block').length;
    const sums = Array.from(
      { length: width },
      (_, quantity): Loss => ({
        own: block.reduce((sum, bar) => sum + (bar[quantity]?.own ?? 0n), 0n),
        house: block.reduce((sum, bar) => sum + (bar[quantity]?.house ?? 0n), 0n),
      }),
    );
    tally = addTallies(tally, tallyOfBlock(sums, block.length));
  }
  return tally;
}
