import { type Agreement, chunkVerdict, type Tolerance } from './agreement.ts';
import type { KeyedDraw } from './keyed-draw.ts';

/** The rules by which a node earns trust and loses it (DESIGN §8; figures: mesh anchor §2). */
export interface TrustPolicy {
  /** So many tasks of a new node are re-run whole. */
  readonly firstChecked: number;
  /** Least probability of a check, in thousandths. */
  readonly checkFloorPermille: number;
  /** Pay of so many tasks of the leased size is held; a node that holds less is checked whole. */
  readonly stakeTasks: bigint;
  /** Proven fakes after which the key is banned. */
  readonly fakesUntilBan: number;
}

export const TRUST_POLICY: TrustPolicy = {
  firstChecked: 20,
  checkFloorPermille: 50,
  stakeTasks: 50n,
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
  | { readonly scope: 'all'; readonly why: 'new-node' | 'stake-small' }
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
  if (trust.heldUnits < policy.stakeTasks * task.workUnits) return { scope: 'all', why: 'stake-small' };
  if (!drawCheck(policy, trust.consecutiveValid, draw)) return { scope: 'none' };
  return { scope: 'one', chunk: draw.keyedUnitBelow(task.chunkCount, 'chunk') };
}

/** True with probability max(floor, 1 ⁄ consecutive-valid), drawn in integers. */
function drawCheck(policy: TrustPolicy, consecutiveValid: number, draw: KeyedDraw): boolean {
  const runs = Math.max(1, consecutiveValid);
  if (runs * policy.checkFloorPermille >= 1000)
    return draw.keyedUnitBelow(1000, 'whether') < policy.checkFloorPermille;
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
 * How many of the oldest held pays may be released: what is left is still the stake of the dearest held task.
 */
export function releasableCount(
  policy: TrustPolicy,
  heldUnits: bigint,
  held: readonly { readonly workUnits: bigint }[],
): number {
  let dearest = 0n;
  for (const work of held) if (work.workUnits > dearest) dearest = work.workUnits;
  let left = heldUnits;
  let count = 0;
  for (const work of held) {
    if (left - work.workUnits < policy.stakeTasks * dearest) break;
    left -= work.workUnits;
    count++;
  }
  return count;
}

/** Whether it is time to look at {@link releasableCount}: twice the stake of the task at hand has gathered. */
export function mayRelease(policy: TrustPolicy, heldUnits: bigint, workUnits: bigint): boolean {
  return heldUnits >= 2n * policy.stakeTasks * workUnits;
}
