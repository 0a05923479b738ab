import { createHash } from 'node:crypto';
import { canonicalJson, present } from '@jamnet/base';
import type { Contribution } from '@jamnet/economy';
import {
  type GroupSettlement,
  type RoundRecord,
  SETTLEMENT_POLICY,
  type Standing,
  settle,
} from '@jamnet/groove';
import { COMPUTE_METER } from '@jamnet/jamnode';
import { newContribution } from '../../contributions/new-contribution.ts';
import type { GroupOutcome } from './live-types.ts';

/** A forecast of one bar is one task of the kind `groove.forecast`: 10⁹ operations at most, so one work unit. */
export const WORK_UNITS_PER_BAR = 1n;
/** Credits count millionths of a work unit; contributions whole ones. */
const MICRO = 1_000_000n;

export interface SettlementParts {
  readonly record: RoundRecord;
  readonly standings: ReadonlyMap<string, Standing>;
  /** Who is paid for a node. */
  readonly payeeOf: (node: string) => string;
  readonly acceptedAtUs: bigint;
  readonly evidenceSecret: Uint8Array;
}

export interface Settled {
  readonly outcomes: readonly GroupOutcome[];
  readonly standings: readonly Standing[];
  readonly contributions: readonly Contribution[];
  readonly reasons: readonly { readonly contribution: string; readonly reason: string }[];
}

/** What a finished round brings each owner group: whole work units as a contribution, the rest stays due to the group. */
export function settlePerformance(parts: SettlementParts): Settled {
  const { record, standings } = parts;
  const workUnits = WORK_UNITS_PER_BAR * BigInt(record.rows.length);
  const settlements = settle(SETTLEMENT_POLICY, { record, workUnits, standings });
  const settled = settlements.map((one) => ({ ...one, paidWorkUnits: one.payMicroWork / MICRO }));
  const paid = settled.filter(({ paidWorkUnits }) => paidWorkUnits > 0n);
  const made = paid.map((one) => {
    const contribution = contributionOf(parts, one, one.paidWorkUnits);
    return { contribution, reason: reasonOf(record, one, one.paidWorkUnits) };
  });
  return {
    outcomes: settled.map(({ ownerGroup, nodes, skillPpm, creditMicroWork, paidWorkUnits, code }) => ({
      ownerGroup,
      nodes,
      skillPpm: skillPpm === null ? null : `${skillPpm}`,
      creditMicroWork: `${creditMicroWork}`,
      paidWorkUnits: `${paidWorkUnits}`,
      code,
    })),
    standings: settled.map(({ standing, payMicroWork }) => ({
      ...standing,
      paidMicroWork: standing.paidMicroWork - (payMicroWork % MICRO),
    })),
    contributions: made.map(({ contribution }) => contribution),
    reasons: made.map(({ contribution, reason }) => ({ contribution: contribution.id, reason })),
  };
}

function contributionOf(
  { record, payeeOf, acceptedAtUs, evidenceSecret }: SettlementParts,
  { ownerGroup, nodes, creditMicroWork, skillPpm }: GroupSettlement,
  merit: bigint,
): Contribution {
  const payees = [...new Set(nodes.map(payeeOf))].map((payee) => ({ payee, weight: 1n }));
  return newContribution({
    kind: 'compute',
    meter: COMPUTE_METER,
    payees,
    merit,
    subject: subjectOf(record.performance, nodes),
    ownerGroup,
    evidence: {
      performance: record.performance,
      task: record.task,
      bars: record.rows.length,
      nodes: [...nodes],
      creditMicroWork: `${creditMicroWork}`,
      skillPpm: `${present(skillPpm, 'the skill of who is paid')}`,
    },
    evidenceSecret,
    acceptedAtUs,
  });
}

/** Names the group too: two groups of one payee are not one contribution. */
function subjectOf(performance: string, nodes: readonly string[]): string {
  const group = createHash('sha256')
    .update(canonicalJson([...nodes].sort()))
    .digest('hex')
    .slice(0, 16);
  return `${performance}/${group}`;
}

/** What the owner reads beside the line of the wallet. */
function reasonOf(
  { performance, rows, task }: RoundRecord,
  { skillPpm, excessPpm, leaveOneOutPpm, creditMicroWork, standing, voidBars }: GroupSettlement,
  paidWorkUnits: bigint,
): string {
  const percent = (ppm: bigint | null): string => `${(Number(ppm ?? 0n) / 10_000).toFixed(1)} %`;
  const units = (micro: bigint): string => (Number(micro) / 1_000_000).toFixed(2);
  const said = `forecast ${rows.length} bars of performance ${performance.slice(0, 12)} (${task}${voidBars > 0 ? `, ${voidBars} void` : ''})`;
  const skill = `${percent(skillPpm)} skill over house-1, ${percent(excessPpm)} over the other hosts, ${percent(leaveOneOutPpm)} gain to the blend`;
  return `${said}: ${skill}; credit ${units(creditMicroWork)} work units here, ${units(standing.creditMicroWork)} in all over ${standing.tally.bars} bars; ${paidWorkUnits} paid now`;
}
