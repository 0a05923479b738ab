import { present } from '@jamnet/base';
import { clampBig, divideRoundingBig } from './integers.ts';
import type { HostRow, RoundRecord, RoundRow } from './round-types.ts';
import type { BarScore } from './score.ts';
import {
  addTallies,
  type Loss,
  NO_SKILL,
  PPM,
  type SkillTally,
  skillLowerPpm,
  skillPpm,
  tallyOfBlock,
} from './skill.ts';

/** Decided before the epoch it governs. Defaults with their reasons: {@link SETTLEMENT_POLICY}. */
export interface SettlementPolicy {
  /** Scored bars of an owner group, over all its performances, before anything is paid. */
  readonly barsMin: number;
  /** Consecutive bars that count as one observation. */
  readonly blockBars: number;
  /** k: credit per skill. */
  readonly skillFactor: number;
  /** Credit per leave-one-out gain, which is measured and shown either way. */
  readonly leaveOneOutFactor: number;
  /** Largest credit or debit, in 1/1 000 000 of the work. */
  readonly capPpm: number;
  /** A median closer than this to what was played, on the mean, is withheld and looked at. 0.1 ms. */
  readonly errorTenthMsMin: number;
  /** Share of hits that may lie within 1 ms of the grid or of a revealed median, in 1/1000. */
  readonly nearPermilleMax: number;
  /** Hits from which on the two rules above judge. */
  readonly hitsMin: number;
}

/**
 * 100 bars, because 58 to 65 bars show the best measured skill at 80 % power; blocks of 8 bars, because errors within a
 * phrase are alike; k = 10 and a cap of the whole work, because the best forecasters measured reach 8 to 12 %;
 * nothing for leave-one-out gain, because in a blend of equal weights a jittered copy of the leader pulls the mean towards
 * the leader and so gains; 6 ms and 10 %: below and above what any of 383 human performances shows.
 */
export const SETTLEMENT_POLICY: SettlementPolicy = {
  barsMin: 100,
  blockBars: 8,
  skillFactor: 10,
  leaveOneOutFactor: 0,
  capPpm: 1_000_000,
  errorTenthMsMin: 60,
  nearPermilleMax: 100,
  hitsMin: 100,
};

/** What an owner group carries from performance to performance. */
export interface Standing {
  readonly ownerGroup: string;
  readonly tally: SkillTally;
  /** Signed sum of all credits, 1/1 000 000 work unit. */
  readonly creditMicroWork: bigint;
  readonly paidMicroWork: bigint;
}

/** Why a performance gave a group no credit, or its credit is not paid yet. */
export type SettlementCode =
  | 'performer-group'
  | 'no-hits'
  | 'on-grid'
  | 'impossible-precision'
  | 'too-few-bars'
  | 'not-proven'
  | 'nothing-due';

export interface GroupSettlement {
  readonly ownerGroup: string;
  /** Of the group, in the order of the round. */
  readonly nodes: readonly string[];
  readonly bars: number;
  readonly voidBars: number;
  /** On this performance, over house-1, 1/1 000 000. */
  readonly skillPpm: bigint | null;
  /** Over the mean of the other groups, none of which counts below the house. */
  readonly excessPpm: bigint | null;
  /** What the group adds to the mean of all forecasts. */
  readonly leaveOneOutPpm: bigint;
  readonly creditMicroWork: bigint;
  readonly payMicroWork: bigint;
  /** `null`: paid. */
  readonly code: SettlementCode | null;
  readonly standing: Standing;
}

export function newStanding(ownerGroup: string): Standing {
  return { ownerGroup, tally: NO_SKILL, creditMicroWork: 0n, paidMicroWork: 0n };
}

export interface SettlementRequest {
  readonly record: RoundRecord;
  /** Fixed work units of forecasting this whole performance once, from the task catalogue; a group does it once. */
  readonly workUnits: bigint;
  /** Of the groups that have one; see {@link newStanding}. */
  readonly standings: ReadonlyMap<string, Standing>;
}

/** Settles one finished round: pure, integers only, the same on every machine. One answer per owner group. */
export function settle(policy: SettlementPolicy, request: SettlementRequest): GroupSettlement[] {
  const { record } = request;
  const groups = groupsOf(record);
  const onGrid =
    sharePermille(record.rows, (row) => row.nearGrid) > policy.nearPermilleMax &&
    hitsOf(record) >= policy.hitsMin;
  return groups.map((group) => {
    const others = groups.filter((other) => other !== group && other.ownerGroup !== record.performerGroup);
    const barred = barredBy(policy, record, group, onGrid);
    return settleGroup(policy, request, group, { others, barred });
  });
}

interface Group {
  readonly ownerGroup: string;
  readonly nodes: readonly string[];
  readonly tally: SkillTally;
  readonly blocksOf: (blockBars: number) => SkillTally;
  readonly rows: readonly (readonly HostRow[])[];
}

function groupsOf(record: RoundRecord): Group[] {
  const names = [...new Set(record.hosts.map((host) => host.ownerGroup))];
  return names.map((ownerGroup) => {
    const nodes = record.hosts.filter((host) => host.ownerGroup === ownerGroup).map((host) => host.node);
    const rows = record.rows.map((row) => row.hosts.filter((host) => nodes.includes(host.node)));
    const losses = record.rows.map((row, index) =>
      lossesOf(record, row, present(rows[index], 'rows of a bar')),
    );
    const blocksOf = (blockBars: number) => tallyOf(losses, blockBars);
    return { ownerGroup, nodes, rows, blocksOf, tally: blocksOf(Math.max(1, losses.length)) };
  });
}

/** Loss of a group in a bar: the mean of its hosts', so that ten keys weigh what one does. */
function lossesOf(record: RoundRecord, row: RoundRow, hosts: readonly HostRow[]): Loss[] {
  const mean = (of: (score: BarScore) => number): bigint =>
    divideRoundingBig(BigInt(hosts.reduce((sum, host) => sum + of(host.score), 0)), BigInt(hosts.length));
  return quantitiesOf(record).map((of) => ({ own: mean(of), house: BigInt(of(row.house1)) }));
}

/** What a task is scored on. */
function quantitiesOf(record: RoundRecord): ((score: BarScore) => number)[] {
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

function barredBy(
  policy: SettlementPolicy,
  record: RoundRecord,
  group: Group,
  onGrid: boolean,
): SettlementCode | null {
  if (group.ownerGroup === record.performerGroup) return 'performer-group';
  if (skillPpm(group.tally) === null) return 'no-hits';
  if (onGrid) return 'on-grid';
  const precise = group.nodes.some((_, host) => tooPrecise(policy, record.rows, group.rows, host));
  return precise ? 'impossible-precision' : null;
}

function tooPrecise(
  policy: SettlementPolicy,
  rows: readonly RoundRow[],
  hostRows: readonly (readonly HostRow[])[],
  host: number,
): boolean {
  let [error, hits, near] = [0, 0, 0];
  rows.forEach((row, bar) => {
    const own = hostRows[bar]?.[host];
    if (!own || own.void) return;
    error += own.score.timingError;
    near += own.nearMedian;
    hits += row.hits;
  });
  if (hits < policy.hitsMin) return false;
  return error < policy.errorTenthMsMin * hits || near * 1000 > policy.nearPermilleMax * hits;
}

function settleGroup(
  policy: SettlementPolicy,
  { record, workUnits, standings }: SettlementRequest,
  group: Group,
  { others, barred }: { others: readonly Group[]; barred: SettlementCode | null },
): GroupSettlement {
  const before = standings.get(group.ownerGroup) ?? newStanding(group.ownerGroup);
  const skill = skillPpm(group.tally);
  const excess = skill === null ? null : skill - meanOfOthers(others);
  const gain = leaveOneOutPpm(record, group.ownerGroup);
  const cap = BigInt(policy.capPpm);
  const merit = BigInt(policy.skillFactor) * (excess ?? 0n) + BigInt(policy.leaveOneOutFactor) * gain;
  const credit = barred ? 0n : workUnits * clampBig(merit, -cap, cap);
  const tally = barred ? before.tally : addTallies(before.tally, group.blocksOf(policy.blockBars));
  const earned = before.creditMicroWork + credit;
  const due = earned - before.paidMicroWork;
  const code = barred ?? unpaidBecause(policy, tally, due);
  const pay = code === null ? due : 0n;
  return {
    ownerGroup: group.ownerGroup,
    nodes: group.nodes,
    bars: record.rows.length,
    voidBars: group.rows.filter((hosts) => hosts.some((host) => host.void)).length,
    skillPpm: skill,
    excessPpm: excess,
    leaveOneOutPpm: gain,
    creditMicroWork: credit,
    payMicroWork: pay,
    code,
    standing: { ...before, tally, creditMicroWork: earned, paidMicroWork: before.paidMicroWork + pay },
  };
}

function unpaidBecause(policy: SettlementPolicy, tally: SkillTally, due: bigint): SettlementCode | null {
  if (tally.bars < BigInt(policy.barsMin)) return 'too-few-bars';
  if ((skillLowerPpm(tally) ?? 0n) <= 0n) return 'not-proven';
  return due > 0n ? null : 'nothing-due';
}

/** A group below the house counts as the house: nobody's excess grows by forecasts made bad on purpose. */
function meanOfOthers(others: readonly Group[]): bigint {
  const skills = others.map((other) => skillPpm(other.tally) ?? 0n).map((skill) => (skill > 0n ? skill : 0n));
  if (skills.length === 0) return 0n;
  return divideRoundingBig(
    skills.reduce((sum, skill) => sum + skill, 0n),
    BigInt(skills.length),
  );
}

/** (loss of the blend without the group − loss of the blend) / loss of house-1, the mean over the quantities. */
function leaveOneOutPpm(record: RoundRecord, ownerGroup: string): bigint {
  const shares = quantitiesOf(record).map((of) => {
    let [gain, house] = [0n, 0n];
    for (const { blend, house1 } of record.rows) {
      house += BigInt(of(house1));
      const without = blend?.without.find((other) => other.ownerGroup === ownerGroup);
      if (blend && without) gain += BigInt(of(without.score) - of(blend.all));
    }
    return house === 0n ? 0n : divideRoundingBig(gain * PPM, house);
  });
  const sum = shares.reduce((total, share) => total + share, 0n);
  return divideRoundingBig(sum, BigInt(shares.length));
}

function hitsOf(record: RoundRecord): number {
  return record.rows.reduce((sum, row) => sum + row.hits, 0);
}

function sharePermille(rows: readonly RoundRow[], count: (row: RoundRow) => number): number {
  const hits = rows.reduce((sum, row) => sum + row.hits, 0);
  return hits === 0 ? 0 : Math.floor((1000 * rows.reduce((sum, row) => sum + count(row), 0)) / hits);
}
