import type { UnitPrice } from '../money/unit-price.ts';
import type { Policy } from '../policy/policy.ts';
import { clearRequests } from './redemption-clear.ts';
import { redemptionCapCents, usedParts } from './redemption-gate.ts';

export interface RunPlan {
  readonly limits: Policy['redemption'];
  readonly price: UnitPrice;
  readonly outstandingMicroJam: bigint;
  readonly reserveCents: bigint;
  /** Paid into the reserve at the start of each month, the first included. */
  readonly inflowCents: bigint;
  readonly askedMicroJam: bigint;
  readonly monthsMax: number;
}

export interface RunMonth {
  readonly month: number;
  readonly capCents: bigint;
  readonly paidCents: bigint;
  readonly reserveCents: bigint;
  readonly outstandingMicroJam: bigint;
  readonly leftMicroJam: bigint;
  /** ρ after the month's payments, parts per million, rounded down. */
  readonly reservePpm: bigint;
}

/** A run on the reserve, month by month until everybody is paid: the rules of {@link redemptionCapCents} and nothing else. */
export function simulateRun(plan: RunPlan): readonly RunMonth[] {
  const months: RunMonth[] = [];
  let { reserveCents, outstandingMicroJam, askedMicroJam: left } = plan;
  let quarterUsedParts = 0n;
  for (let month = 1; month <= plan.monthsMax && left > 0n; month++) {
    if ((month - 1) % 3 === 0) quarterUsedParts = 0n;
    reserveCents += plan.inflowCents;
    const state = {
      reserveCents,
      outstandingMicroJam,
      price: plan.price,
      monthUsedParts: 0n,
      quarterUsedParts,
    };
    const capCents = redemptionCapCents(plan.limits, state);
    const [fill] = clearRequests(
      [{ id: 'run', microJam: left, price: plan.price }],
      capCents,
      0n,
      `month ${month}`,
    );
    const { microJam, cents } = fill ?? { microJam: 0n, cents: 0n };
    quarterUsedParts += usedParts(microJam, outstandingMicroJam);
    reserveCents -= cents;
    outstandingMicroJam -= microJam;
    left -= microJam;
    const worth = plan.price.cents * outstandingMicroJam;
    const reservePpm =
      worth === 0n ? 1_000_000n : (reserveCents * plan.price.units * 1_000_000_000_000n) / worth;
    months.push({
      month,
      capCents,
      paidCents: cents,
      reserveCents,
      outstandingMicroJam,
      leftMicroJam: left,
      reservePpm,
    });
  }
  return months;
}
