import { divideRoundingBig } from './integers.ts';

/** What one performer group's performances brought an owner group so far. */
export interface PerformerCredit {
  /** Work forecast for it, work units. */
  readonly workUnits: bigint;
  /** Signed, 1/1 000 000 work unit. */
  readonly creditMicroWork: bigint;
}

/**
 * The credit that can be paid, by the worst of the performers: each is held to the rate of all the others together, and the least
 * total that this gives counts. A performer who plays what one host says can thus raise that host to what it earns
 * elsewhere and no further, and with a single performer there is no elsewhere. `trimmed` of 2 and more: besides, so many, those of the
 * highest rate, are held to the rate of the rest together. 1/1 000 000 work unit.
 */
export function trimmedCredit(performers: ReadonlyMap<string, PerformerCredit>, trimmed = 1): bigint {
  let [work, credit] = [0n, 0n];
  for (const one of performers.values()) {
    work += one.workUnits;
    credit += one.creditMicroWork;
  }
  let least = credit;
  for (const one of performers.values()) {
    const [otherWork, otherCredit] = [work - one.workUnits, credit - one.creditMicroWork];
    const fair =
      otherWork > 0n && otherCredit > 0n ? divideRoundingBig(otherCredit * one.workUnits, otherWork) : 0n;
    const held = one.creditMicroWork < fair ? one.creditMicroWork : fair;
    if (otherCredit + held < least) least = otherCredit + held;
  }
  const held = trimmed > 1 ? bestHeld([...performers.values()], trimmed) : least;
  if (held < least) least = held;
  return least;
}

/** The whole credit with the `count` performers of the highest rate held to the rate of the others. */
function bestHeld(performers: readonly PerformerCredit[], count: number): bigint {
  const byRate = [...performers].sort((a, b) => {
    const difference = b.creditMicroWork * a.workUnits - a.creditMicroWork * b.workUnits;
    return difference > 0n ? 1 : difference < 0n ? -1 : 0;
  });
  const [best, rest] = [byRate.slice(0, count), byRate.slice(count)];
  const work = rest.reduce((sum, one) => sum + one.workUnits, 0n);
  const credit = rest.reduce((sum, one) => sum + one.creditMicroWork, 0n);
  return best.reduce((sum, one) => {
    const fair = work > 0n && credit > 0n ? divideRoundingBig(credit * one.workUnits, work) : 0n;
    return sum + (one.creditMicroWork < fair ? one.creditMicroWork : fair);
  }, credit);
}
