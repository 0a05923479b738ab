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
 * elsewhere and no further, and with a single performer there is no elsewhere. 1/1 000 000 work unit.
 */
export function trimmedCredit(performers: ReadonlyMap<string, PerformerCredit>): bigint {
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
  return least;
}
