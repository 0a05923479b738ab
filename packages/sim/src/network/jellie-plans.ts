import type { Chance } from '@jamnet/base';
import { copiesPlan, decide, planBytes, type RedundancyPlan } from '@jamnet/toast';
import { BENCH_ROWS, type BenchRow, playoutPackets } from './bench/impairments.ts';
import { median } from './bench/median.ts';
import { halfNormal, type StudyOutcome, type StudyRow, studyScheme, uniform } from './jellie-study.ts';

const FRAMES = 64;
const PACKET_MS = FRAMES / 48;
const SHAPE = { frames: FRAMES, sampleBytes: 2 } as const;
/** Every datagram spends so long in the two machines, ms: uniform between the two. */
const MACHINE_MS = { least: 0.1, most: 0.3 } as const;
/** Places of the listener's card between two of the speaker's periods. */
const PHASES = 8;
export const BANDWIDTH_MAX = 4.2;

export interface PlanOutcome {
  readonly impairment: string;
  readonly plan: RedundancyPlan;
  /** Datagram by payload, blocks at `packedShare` of PCM. */
  readonly bandwidthRatio: number;
  /** The median phase, and the worst. */
  readonly delayMs: number;
  readonly boundPercent: number;
  readonly residualPercent: number;
  readonly worstPercent: number;
}

/** One row of the bench over all phases, in virtual time, with the machines' own delay; `packedShare` is what packing leaves. */
export function studyPlan(
  row: BenchRow,
  plan: RedundancyPlan,
  packetsPerPhase: number,
  packedShare: number,
  seed: string,
): PlanOutcome {
  const phases = Array.from({ length: PHASES }, (_, i) => {
    const phase = (i + 0.5) / PHASES;
    const deadlinePackets = playoutPackets(row, FRAMES, phase) + phase;
    return studyScheme(studyRow(row, deadlinePackets), plan, packetsPerPhase, `${seed}/${i}`);
  });
  const blocks = plan.scheme === 'copies' ? 1 + plan.offsets.length : 1;
  const saved = blocks * (1 - packedShare);
  return {
    impairment: row.impairment,
    plan,
    bandwidthRatio: planBytes(SHAPE, plan) / (2 * FRAMES) - saved,
    delayMs: median(phases.map((each) => each.deadlinePackets)) * PACKET_MS,
    boundPercent: median(phases.map((each) => each.boundPercent)),
    residualPercent: median(phases.map((each: StudyOutcome) => each.concealedPercent)),
    worstPercent: Math.max(...phases.map((each) => each.concealedPercent)),
  };
}

function studyRow(row: BenchRow, deadlinePackets: number): StudyRow {
  const jitter =
    row.delay === null
      ? () => 0
      : row.delay.distribution === 'uniform'
        ? uniform(row.delay.jitterMs)
        : halfNormal(row.delay.jitterMs);
  const machine = (chance: Chance): number =>
    (MACHINE_MS.least + (MACHINE_MS.most - MACHINE_MS.least) * chance.unit()) / PACKET_MS;
  return {
    impairment: row.impairment,
    loss: row.loss,
    delay: (chance) => jitter(chance) + machine(chance),
    deadlinePackets,
  };
}

/** What `decide` chooses for a row, told what a listener would have measured of it. */
export function decidedPlan(row: BenchRow, packedShare: number): RedundancyPlan {
  const { loss } = row;
  const lossShare =
    loss === null
      ? 0
      : (loss.toBad * loss.lossInBad + loss.toGood * loss.lossInGood) / (loss.toBad + loss.toGood);
  const burstDatagrams = loss === null || loss.lossInGood > 0 ? 1 / (1 - lossShare) : 1 / loss.toGood;
  const late = latenessOf(row);
  const packets = playoutPackets(row, FRAMES, 0.5) + 0.5;
  return decide(
    { lossShare, burstDatagrams, ...late },
    {
      shape: SHAPE,
      packetUs: PACKET_MS * 1000,
      delayBudgetUs: ((packets - 1) * PACKET_MS - MACHINE_MS.most) * 1000,
      bandwidthMax: BANDWIDTH_MAX,
      packedShare,
    },
    null,
  );
}

/** Quantiles of uniform and half-normal delay, µs. */
function latenessOf(row: BenchRow): { lateUsP50: number; lateUsP99: number; lateUsP999: number } {
  const us = (row.delay?.jitterMs ?? 0) * 1000;
  const [p50, p99, p999] =
    row.delay?.distribution === 'half-normal' ? [0.6745, 2.5758, 3.2905] : [0.5, 0.99, 0.999];
  return { lateUsP50: us * p50, lateUsP99: us * p99, lateUsP999: us * p999 };
}

/** Plans besides the row's own and the decided one that are worth a look within the cap. */
const CANDIDATES: readonly RedundancyPlan[] = [
  [],
  [1],
  [2],
  [3],
  [4],
  [1, 2],
  [1, 3],
  [2, 4],
  [1, 2, 3],
  [1, 2, 4],
  [2, 3, 4],
  [1, 2, 3, 4],
  [2, 3, 4, 5],
].map((offsets) => copiesPlan(offsets));

/** For every row of the bench: the plan that it uses, what `decide` chooses, and for `only` all candidates, least residual first. */
export function planTable(packetsPerPhase: number, seed: string, only?: string): string {
  const lines = [
    'impairment     plan             copies  bandwidth  delay ms  bound %  residual %  worst phase %',
  ];
  for (const packedShare of [1, 0.6]) {
    lines.push(`-- blocks at ${packedShare} of PCM`);
    for (const row of BENCH_ROWS.filter((each) => only === undefined || each.impairment === only)) {
      const decided = decidedPlan(row, packedShare);
      const plans = only === undefined ? [copiesPlan(row.offsets), decided] : [decided, ...CANDIDATES];
      const judged = plans
        .map((plan) => studyPlan(row, plan, packetsPerPhase, packedShare, seed))
        .filter((each) => only === undefined || each.bandwidthRatio <= BANDWIDTH_MAX);
      if (only !== undefined) judged.sort((a, b) => a.residualPercent - b.residualPercent);
      for (const each of judged) lines.push(lineOf(each, each.plan === decided ? '*' : ' '));
    }
  }
  return lines.join('\n');
}

function lineOf(of: PlanOutcome, mark: string): string {
  const { plan } = of;
  const name =
    plan.scheme === 'copies'
      ? plan.offsets.join(' ') || 'none'
      : `${plan.symbols} over ${plan.offsets.length}`;
  return `${of.impairment.padEnd(13)} ${mark} ${name.padEnd(15)} ${String(plan.symbols).padStart(6)} ${of.bandwidthRatio.toFixed(2).padStart(10)} ${of.delayMs.toFixed(2).padStart(9)} ${of.boundPercent.toFixed(3).padStart(8)} ${of.residualPercent.toFixed(3).padStart(11)} ${of.worstPercent.toFixed(3).padStart(14)}`;
}
