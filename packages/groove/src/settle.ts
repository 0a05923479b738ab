import { blendGainPpm } from './blend-gain.ts';
import { clampBig, divideRoundingBig } from './integers.ts';
import { type PerformerCredit, trimmedCredit } from './performer-credit.ts';
import type { HostRow, RoundRecord, RoundRow } from './round-types.ts';
import { type Group, groupsOf, referenceLoss } from './settle-groups.ts';
import {
  type GroupSettlement,
  type LivePolicy,
  newStanding,
  OTHER_PERFORMERS,
  PERFORMERS_MAX,
  type PerformerRule,
  type SettlementCode,
  type SettlementPolicy,
  type SettlementRequest,
} from './settle-types.ts';
import { addTallies, type SkillTally, skillLowerPpm, skillPpm, tallyOfBlock } from './skill.ts';

/** Settles one finished round: pure, integers only, the same on every machine. One answer per owner group. */
export function settle(policy: SettlementPolicy, request: SettlementRequest): GroupSettlement[] {
  const { record } = request;
  const groups = groupsOf(record);
  const onGrid = sharePermille(record.rows, (row) => row.nearGrid) > policy.nearPermilleMax;
  return groups.map((group) => {
    const others = groups.filter((other) => other !== group && other.ownerGroup !== record.performerGroup);
    const barred = barredBy(policy, record, group, onGrid);
    return settleGroup(policy, request, group, { others, barred });
  });
}

function barredBy(
  policy: SettlementPolicy,
  record: RoundRecord,
  group: Group,
  onGrid: boolean,
): SettlementCode | null {
  if (group.ownerGroup === record.performerGroup) return 'performer-group';
  if (skillPpm(group.tally) === null) return 'no-hits';
  if (hitsOf(record) < policy.hitsMin) return 'too-few-hits';
  if (onGrid) return 'on-grid';
  const knew = record.task === 'live' ? knewCells(policy.live, record, group) : null;
  if (knew !== null) return knew;
  const precise = group.nodes.some((_, host) => tooPrecise(policy, record.rows, group.rows, host));
  return precise ? 'impossible-precision' : null;
}

/** Cells can be agreed on: what anybody foretells who listens counts for nobody, and what nobody can foretell is withheld. */
function knewCells(policy: LivePolicy, record: RoundRecord, group: Group): SettlementCode | null {
  const reference = referenceLoss(record);
  if (reference < policy.referencePerBarMin * BigInt(record.rows.length)) return 'too-predictable';
  const [own = 0n] = group.tally.sums;
  return 1000n * own < policy.lossPermilleMin * reference ? 'impossible-precision' : null;
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
  if (hits < policy.hitsMin) return false; // Such a host can lose only, see isThin.
  return error < policy.errorTenthMsMin * hits || near * 1000 > policy.nearPermilleMax * hits;
}

/** Whether one of its hosts left so many bars void that its precision cannot be judged: nobody escapes that by falling silent. */
function isThin(policy: SettlementPolicy, rows: readonly RoundRow[], group: Group): boolean {
  return group.nodes.some((_, host) => {
    const judged = rows.filter((_row, bar) => group.rows[bar]?.[host]?.void === null);
    const hits = judged.reduce((sum, row) => sum + row.hits, 0);
    return hits > 0 && hits < policy.hitsMin;
  });
}

function settleGroup(
  policy: SettlementPolicy,
  { record, workUnits, standings }: SettlementRequest,
  group: Group,
  { others, barred: barredAnyway }: { others: readonly Group[]; barred: SettlementCode | null },
): GroupSettlement {
  const before = standings.get(group.ownerGroup) ?? newStanding(group.ownerGroup);
  const skill = skillPpm(group.tally);
  const excess =
    skill === null ? null : skill - (others.length === 0 ? freeSkill(record, group) : meanOfOthers(others));
  // A blend with nobody is nothing to add to.
  const gain = others.length === 0 ? 0n : blendGainPpm(record, group, others);
  const cap = BigInt(policy.capPpm);
  // Of cells the mean of what anybody can say gains on each: that gain is shown, and pays nobody.
  const gainFactor = record.task === 'live' ? 0n : BigInt(policy.leaveOneOutFactor);
  const merit = BigInt(policy.skillFactor) * (excess ?? 0n) + gainFactor * gain;
  const barred = barredAnyway ?? (merit > 0n && isThin(policy, record.rows, group) ? 'too-few-hits' : null);
  const credit = barred ? 0n : workUnits * clampBig(merit, -cap, cap);
  const tally = barred ? before.tally : addTallies(before.tally, group.blocksOf(policy.blockBars));
  const earned = before.creditMicroWork + credit;
  const performers = barred
    ? before.performers
    : withCredit(before.performers, record.performerGroup, { workUnits, creditMicroWork: credit });
  const rule = record.task === 'live' ? policy.live : policy;
  const due = trimmedCredit(performers, trimmedOf(rule, performers.size)) - before.paidMicroWork;
  const lacking = rule.performersMin - performers.size;
  const code = barred ?? unpaidBecause(policy, { tally, lacking, due });
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
    standing: {
      ...before,
      tally,
      performers,
      creditMicroWork: earned,
      paidMicroWork: before.paidMicroWork + pay,
    },
  };
}

function trimmedOf({ performersTrimmed, trimmedPermille }: PerformerRule, performers: number): number {
  return Math.max(performersTrimmed, Math.floor((trimmedPermille * performers) / 1000));
}

function withCredit(
  before: ReadonlyMap<string, PerformerCredit>,
  performerGroup: string,
  { workUnits, creditMicroWork }: PerformerCredit,
): ReadonlyMap<string, PerformerCredit> {
  const name = before.has(performerGroup) || before.size < PERFORMERS_MAX ? performerGroup : OTHER_PERFORMERS;
  const known = before.get(name) ?? { workUnits: 0n, creditMicroWork: 0n };
  return new Map(before).set(name, {
    workUnits: known.workUnits + workUnits,
    creditMicroWork: known.creditMicroWork + creditMicroWork,
  });
}

function unpaidBecause(
  policy: SettlementPolicy,
  { tally, lacking, due }: { tally: SkillTally; lacking: number; due: bigint },
): SettlementCode | null {
  if (tally.bars < BigInt(policy.barsMin)) return 'too-few-bars';
  if (lacking > 0) return 'too-few-performers';
  if ((skillLowerPpm(tally) ?? 0n) <= 0n) return 'not-proven';
  return due > 0n ? null : 'nothing-due';
}

/** Beside nobody a host is held to what everybody has for nothing: `house-2`, where that is better than `house-1`. */
function freeSkill({ rows, task }: RoundRecord, { losses }: Group): bigint {
  if (task === 'live') return 0n; // Its own reference is as free, and harder.
  const sums = [0, 1].map((quantity) => ({
    own: BigInt(
      rows.reduce((sum, { house2 }) => sum + (quantity === 0 ? house2.timing : house2.velocity), 0),
    ),
    house: losses.reduce((sum, bar) => sum + (bar[quantity]?.house ?? 0n), 0n),
  }));
  const skill = skillPpm(tallyOfBlock(sums, rows.length)) ?? 0n;
  return skill > 0n ? skill : 0n;
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

function hitsOf(record: RoundRecord): number {
  return record.rows.reduce((sum, row) => sum + row.hits, 0);
}

function sharePermille(rows: readonly RoundRow[], count: (row: RoundRow) => number): number {
  const hits = rows.reduce((sum, row) => sum + row.hits, 0);
  return hits === 0 ? 0 : Math.floor((1000 * rows.reduce((sum, row) => sum + count(row), 0)) / hits);
}
