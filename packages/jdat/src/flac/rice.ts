import type { BitsIn } from './bits-in.ts';
import type { BitsOut } from './bits-out.ts';

/** Partitioned Rice code of one subframe (RFC 9639 §9.2.7). */
export interface RicePlan {
  readonly partitionOrder: number;
  /** One of each partition. */
  readonly parameters: readonly number[];
  readonly bits: number;
}

const PARTITION_ORDER_MAX = 6;
const PARAMETER_MAX = 30;
/** Parameters up to this fit the 4-bit method. */
const NARROW_MAX = 14;

/** The partition order that needs the fewest bits for `residual` from `order` on. */
export function planRice(residual: Int32Array, order: number): RicePlan {
  let finest = 0;
  while (
    finest < PARTITION_ORDER_MAX &&
    (residual.length >> finest) % 2 === 0 &&
    residual.length >> (finest + 1) > order
  )
    finest++;
  let sums = partitionSums(residual, order, finest);
  let best = planAt(sums, residual.length, order, finest);
  for (let partitionOrder = finest - 1; partitionOrder >= 0; partitionOrder--) {
    sums = pairSums(sums);
    const plan = planAt(sums, residual.length, order, partitionOrder);
    if (plan.bits < best.bits) best = plan;
  }
  return best;
}

function partitionSums(residual: Int32Array, order: number, partitionOrder: number): Float64Array {
  const length = residual.length >> partitionOrder;
  const sums = new Float64Array(1 << partitionOrder);
  for (let part = 0; part < sums.length; part++) {
    let sum = 0;
    const to = (part + 1) * length;
    for (let i = part === 0 ? order : part * length; i < to; i++) {
      const value = residual[i] ?? 0;
      sum += value >= 0 ? 2 * value : -2 * value - 1;
    }
    sums[part] = sum;
  }
  return sums;
}

function pairSums(sums: Float64Array): Float64Array {
  const pairs = new Float64Array(sums.length >> 1);
  for (let i = 0; i < pairs.length; i++) pairs[i] = (sums[2 * i] ?? 0) + (sums[2 * i + 1] ?? 0);
  return pairs;
}

function planAt(sums: Float64Array, frames: number, order: number, partitionOrder: number): RicePlan {
  const length = frames >> partitionOrder;
  const parameters: number[] = [];
  let bits = 6;
  for (let part = 0; part < sums.length; part++) {
    const sum = sums[part] ?? 0;
    const count = part === 0 ? length - order : length;
    let parameter = 0;
    while (parameter < PARAMETER_MAX && count * 2 ** (parameter + 1) <= sum) parameter++;
    parameters.push(parameter);
    // An upper bound close to the truth: the quotients' sum is at most sum / 2^k.
    bits += 4 + count * (1 + parameter) + Math.floor(sum / 2 ** parameter);
  }
  return { partitionOrder, parameters, bits };
}

export function writeRice(out: BitsOut, residual: Int32Array, order: number, plan: RicePlan): void {
  const isWide = plan.parameters.some((parameter) => parameter > NARROW_MAX);
  out.write(isWide ? 1 : 0, 2);
  out.write(plan.partitionOrder, 4);
  const length = residual.length >> plan.partitionOrder;
  for (const [part, parameter] of plan.parameters.entries()) {
    out.write(parameter, isWide ? 5 : 4);
    const to = (part + 1) * length;
    for (let i = part === 0 ? order : part * length; i < to; i++) {
      const value = residual[i] ?? 0;
      out.writeRice(value >= 0 ? 2 * value : -2 * value - 1, parameter);
    }
  }
}

/** Fills `residual` from `order` on; false when it is malformed. */
export function readRice(bits: BitsIn, residual: Int32Array, order: number): boolean {
  const method = bits.read(2);
  if (method > 1) return false;
  const width = method === 0 ? 4 : 5;
  const partitionOrder = bits.read(4);
  const length = residual.length / 2 ** partitionOrder;
  if (!Number.isInteger(length) || length < order) return false;
  for (let part = 0; part < 2 ** partitionOrder; part++) {
    const parameter = bits.read(width);
    const isEscape = parameter === 2 ** width - 1;
    const rawBits = isEscape ? bits.read(5) : 0;
    for (let i = part === 0 ? order : part * length; i < (part + 1) * length; i++) {
      residual[i] = isEscape
        ? bits.readSigned(rawBits)
        : unzigzag(bits.readUnary() * 2 ** parameter + bits.read(parameter));
      if (bits.isShort) return false;
    }
  }
  return true;
}

/** 0, 1, 2, 3, … mean 0, −1, 1, −2, … */
function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
