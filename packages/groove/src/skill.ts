import { assert } from '@jamnet/base';
import { divideRoundingBig, rootRoundingUp } from './integers.ts';

/** A forecaster's loss and the house's on the same bars, for one quantity. */
export interface Loss {
  readonly own: bigint;
  readonly house: bigint;
}

/**
 * All that a bound on skill needs, of any number of blocks, in constant size; adding is the same in any order. Each block
 * is a vector x = (own₀, house₀, own₁, house₁) of losses: two quantities for *announced score* (timing, velocity), one and
 * zeros for *live* (cells).
 */
export interface SkillTally {
  readonly blocks: bigint;
  readonly bars: bigint;
  /** Σ x, length 4. */
  readonly sums: readonly bigint[];
  /** Σ x·xᵀ, length 16, row by row. */
  readonly products: readonly bigint[];
}

export const NO_SKILL: SkillTally = {
  blocks: 0n,
  bars: 0n,
  sums: new Array<bigint>(4).fill(0n),
  products: new Array<bigint>(16).fill(0n),
};

/** A block of consecutive bars of one performance as one independent observation. */
export function tallyOfBlock(losses: readonly Loss[], bars: number): SkillTally {
  assert(losses.length === 1 || losses.length === 2, 'one or two quantities');
  const [first, second] = losses;
  const x = [first?.own ?? 0n, first?.house ?? 0n, second?.own ?? 0n, second?.house ?? 0n];
  return { blocks: 1n, bars: BigInt(bars), sums: x, products: x.flatMap((a) => x.map((b) => a * b)) };
}

export function addTallies(a: SkillTally, b: SkillTally): SkillTally {
  return {
    blocks: a.blocks + b.blocks,
    bars: a.bars + b.bars,
    sums: a.sums.map((sum, index) => sum + (b.sums[index] ?? 0n)),
    products: a.products.map((sum, index) => sum + (b.products[index] ?? 0n)),
  };
}

/** One million: skill is counted in 1/1 000 000. */
export const PPM = 1_000_000n;

/** 1 − Σ own / Σ house, the mean over the quantities, in 1/1 000 000; `null` when the house has no loss to compare with. */
export function skillPpm(tally: SkillTally): bigint | null {
  const [own0 = 0n, house0 = 0n, own1 = 0n, house1 = 0n] = tally.sums;
  if (house0 === 0n) return null;
  if (house1 === 0n) return divideRoundingBig((house0 - own0) * PPM, house0);
  return divideRoundingBig(((house0 - own0) * house1 + (house1 - own1) * house0) * PPM, 2n * house0 * house1);
}

/** Lower bound of {@link skillPpm} at one-sided 95 %, or `null` with fewer than two blocks. */
export function skillLowerPpm(tally: SkillTally): bigint | null {
  const skill = skillPpm(tally);
  if (skill === null || tally.blocks < 2n) return null;
  const margin = studentPermille(tally.blocks - 1n) * standardErrorPpm(tally);
  return skill - (margin + 999n) / 1000n;
}

/**
 * Standard error of a ratio of sums by linearisation (Cochran 1977, §6.5): block c moves the skill by
 * e_c = mean over quantities of (own · house_c − house · own_c) / house², and Var = n / (n − 1) · Σ e_c². Rounded up.
 */
function standardErrorPpm(tally: SkillTally): bigint {
  const { blocks: n, products } = tally;
  const [own0 = 0n, house0 = 0n, own1 = 0n, house1 = 0n] = tally.sums;
  const two = house1 > 0n;
  const [scale0, scale1] = two ? [house1 * house1, house0 * house0] : [1n, 0n];
  const weights = [-house0 * scale0, own0 * scale0, -house1 * scale1, own1 * scale1];
  let squares = 0n;
  weights.forEach((a, i) => {
    weights.forEach((b, k) => {
      squares += a * b * (products[4 * i + k] ?? 0n);
    });
  });
  const divisor = two ? 2n * house0 * house0 * house1 * house1 : house0 * house0;
  const root = rootRoundingUp((squares * n * PPM * PPM) / (n - 1n) + 1n);
  return root / divisor + 1n;
}

/**
 * 95 % quantile of Student's t in 1/1000, rounded up: 1.645 + 1.524/ν + 1.421/ν² (Abramowitz and Stegun 26.7.5).
 * Below ν = 8 the series falls short; the exact values stand in a table.
 */
export function studentPermille(degrees: bigint): bigint {
  assert(degrees >= 1n, 'degrees of freedom');
  const exact = STUDENT_FEW[Number(degrees < 8n ? degrees : 0n)];
  if (exact) return exact;
  const square = degrees * degrees;
  return 1645n + (1524n * degrees + 1421n + square - 1n) / square + 1n;
}

const STUDENT_FEW = [0n, 6314n, 2920n, 2354n, 2132n, 2016n, 1944n, 1895n];
