import { type Agreement, chunkVerdict, type Tolerance } from './agreement.ts';
import type { KeyedDraw } from './keyed-draw.ts';

/** The rules by which a node earns trust and loses it (DESIGN §8; figures: README "Why so often, why so long"). */
export interface TrustPolicy {
  /** So many tasks of a new node are re-run whole. */
  readonly firstChecked: number;
  /** Least probability of a check, in thousandths. */
  readonly checkFloorPermille: number;
  /** Least probability of a check during the first {@link youngTasks} valid results in a row, in thousandths. */
  readonly checkYoungPermille: number;
  /** From here on the young probability falls as 1 ⁄ consecutive valid, down to the floor. */
  readonly youngTasks: number;
  /** Pay of so many tasks of the leased size is held; a node that holds less is checked whole. */
  readonly stakeTasks: bigint;
  /** The newest so many paid results of a node stay held, and can be taken back, until an epoch settles. */
  readonly holdTasks: number;
  /** Older ones are released in lots of so many. */
  readonly releaseTasks: number;
  /** A node's held pay is released at an epoch's end after so many of its unverified results were looked at once more. */
  readonly settleChecks: number;
  /** After a proven fake so many results in a row are re-run whole. */
  readonly probationTasks: number;
  /** Proven fakes after which the key is banned. */
  readonly fakesUntilBan: number;
}

/**
 * A key that fakes whole results at any rate leaves (1 − q) ⁄ q of them unfound on average before it is caught, and all it
 * had held is taken back then (README): three at 25 %. From 2,000 valid results on the probability falls so that q · n stays
 * 500, down to 5 % at 10,000, which are all still held.
 */
export const TRUST_POLICY: TrustPolicy = {
  firstChecked: 20,
  checkFloorPermille: 50,
  checkYoungPermille: 250,
  youngTasks: 2000,
  stakeTasks: 50n,
  holdTasks: 10_000,
  releaseTasks: 1000,
  settleChecks: 32,
  probationTasks: 200,
  fakesUntilBan: 2,
};

/** What the coordinator knows about a node's honesty. */
export interface Trust {
  /** Results sent so far, judged or not. */
  readonly revealed: number;
  /** Results accepted since the last invalid one. */
  readonly consecutiveValid: number;
  readonly provenFakes: number;
  /** Work units accepted and not yet released to the owner. */
  readonly heldUnits: bigint;
}

export type CheckScope =
  | { readonly scope: 'none' }
  | { readonly scope: 'all'; readonly why: 'new-node' | 'proven-before' | 'stake-small' }
  | { readonly scope: 'one'; readonly chunk: number };

/**
 * Which chunks of a result are re-run. `draw` must come from the task alone, so that the same seed
 * gives the same checks whichever node was faster; the node has committed before it is drawn.
 */
export function decideCheck(
  policy: TrustPolicy,
  trust: Trust,
  task: { readonly workUnits: bigint; readonly chunkCount: number },
  draw: KeyedDraw,
): CheckScope {
  if (trust.revealed < policy.firstChecked) return { scope: 'all', why: 'new-node' };
  if (trust.provenFakes > 0 && trust.consecutiveValid < policy.probationTasks)
    return { scope: 'all', why: 'proven-before' };
  if (trust.heldUnits < policy.stakeTasks * task.workUnits) return { scope: 'all', why: 'stake-small' };
  if (!drawCheck(policy, trust.consecutiveValid, draw)) return { scope: 'none' };
  return { scope: 'one', chunk: draw.keyedUnitBelow(task.chunkCount, 'chunk') };
}

/** Probability of a check after so many valid results in a row, in thousandths, where 1 ⁄ consecutive-valid is not more. */
function checkPermille(policy: TrustPolicy, consecutiveValid: number): number {
  const { checkFloorPermille, checkYoungPermille, youngTasks } = policy;
  if (consecutiveValid <= youngTasks) return Math.max(checkFloorPermille, checkYoungPermille);
  return Math.max(checkFloorPermille, Math.floor((checkYoungPermille * youngTasks) / consecutiveValid));
}

/** True with probability max(young or floor, 1 ⁄ consecutive-valid), drawn in integers. */
function drawCheck(policy: TrustPolicy, consecutiveValid: number, draw: KeyedDraw): boolean {
  const runs = Math.max(1, consecutiveValid);
  const permille = checkPermille(policy, runs);
  if (runs * permille >= 1000) return draw.keyedUnitBelow(1000, 'whether') < permille;
  return draw.keyedUnitBelow(runs, 'whether') === 0;
}

/** Outcome of a re-run: the worst chunk decides and is named in the evidence. */
export type Finding =
  | { readonly verdict: 'valid' }
  | { readonly verdict: 'precision' | 'fake'; readonly worst: Agreement };

export function judgeAgreements(tolerance: Tolerance, agreements: readonly Agreement[]): Finding {
  let worst: Agreement | null = null;
  for (const agreement of agreements) {
    if (chunkVerdict(tolerance, agreement) === 'agrees') continue;
    if (worst === null || (agreement.milliDecibel ?? 0) < (worst.milliDecibel ?? 0)) worst = agreement;
  }
  if (worst === null) return { verdict: 'valid' };
  return { verdict: chunkVerdict(tolerance, worst) === 'precision' ? 'precision' : 'fake', worst };
}

/**
 * How many of the oldest held pays may be released: the newest `holdTasks` stay, and what stays is the stake of the
 * dearest of all. `held`: oldest first; where it is not all that is held, `all` says what that is.
 */
export function releasableCount(
  policy: TrustPolicy,
  heldUnits: bigint,
  held: readonly { readonly workUnits: bigint }[],
  all: HeldSummary = summaryOf(held),
): number {
  const { count: heldCount, dearest } = all;
  const old = Math.max(0, heldCount - policy.holdTasks);
  let left = heldUnits;
  let count = 0;
  for (const work of held) {
    if (count === old || left - work.workUnits < policy.stakeTasks * dearest) break;
    left -= work.workUnits;
    count++;
  }
  return count;
}

/** All that is held of a node. */
export interface HeldSummary {
  readonly count: number;
  /** Work units of the dearest; 0 when nothing is held. */
  readonly dearest: bigint;
}

function summaryOf(held: readonly { readonly workUnits: bigint }[]): HeldSummary {
  let dearest = 0n;
  for (const work of held) if (work.workUnits > dearest) dearest = work.workUnits;
  return { count: held.length, dearest };
}

/** Whether it is time to look at {@link releasableCount}: another lot may have gathered beyond what is held. */
export function mayRelease(policy: TrustPolicy, consecutiveValid: number): boolean {
  return consecutiveValid > policy.holdTasks && consecutiveValid % policy.releaseTasks === 0;
}

/** The dearest task a node is offered while there are others: what its stake covers; of one unit for a newcomer. */
export function affordableUnits(policy: TrustPolicy, heldUnits: bigint): bigint {
  const covered = heldUnits / policy.stakeTasks;
  return covered > 1n ? covered : 1n;
}

/** Which of a node's unverified held results are looked at once more before its pay is released: secret until then. */
export function settleSample<Held extends { readonly task: string }>(
  policy: TrustPolicy,
  unverified: readonly Held[],
  drawFor: (task: string) => KeyedDraw,
): Held[] {
  const ranked = unverified.map((held) => ({
    held,
    rank: drawFor(held.task).keyedUnitBelow(SETTLE_RANKS, 'settle'),
  }));
  ranked.sort((a, b) => a.rank - b.rank || (a.held.task < b.held.task ? -1 : 1));
  return ranked.slice(0, policy.settleChecks).map(({ held }) => held);
}

const SETTLE_RANKS = 2 ** 32;
