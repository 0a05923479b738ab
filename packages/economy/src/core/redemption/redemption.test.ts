import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { VALUATION } from '../../testing/sample-input.ts';
import { samplePolicy } from '../policy/sample-policy.ts';
import { DAY_US } from '../records/calendar.ts';
import { clearRequests } from './redemption-clear.ts';
import { type GateState, redemptionCapCents } from './redemption-gate.ts';
import { redemptionPrice } from './redemption-price.ts';
import { advance, cutoffOf, mayCancel, type Redemption, statusOf } from './redemption-state.ts';
import { simulateRun } from './simulate-redemption.ts';

const policy = samplePolicy({ epochId: 'sample-1' });
const limits = policy.redemption;
/** The anchor's figures: 600,000 units of $2, $240,000 in reserve (ρ₀ = 20 %), $5,000 more each month, b = 25 %. */
const anchor = {
  outstandingMicroJam: 600_000_000_000n,
  price: { cents: 200n, units: 1n },
  reserveCents: 24_000_000n,
};
const gate: GateState = { ...anchor, monthUsedParts: 0n, quarterUsedParts: 0n };

describe('a run on the reserve', () => {
  test.each([
    [2n, 1],
    [10n, 7],
    [30n, 32],
    [60n, 103],
  ])('of %i %% of all units clears in %i months, as published', (percent, months) => {
    const askedMicroJam = (anchor.outstandingMicroJam * percent) / 100n;
    const run = simulateRun({ ...anchor, limits, inflowCents: 500_000n, askedMicroJam, monthsMax: 500 });
    expect(run.length).toBe(months);
    expect(run.at(-1)?.leftMicroJam).toBe(0n);
    // "ρ ≥ 4.2 %" while it lasts.
    for (const month of run) expect(month.reservePpm).toBeGreaterThanOrEqual(42_000n);
  });
});

describe('the cap', () => {
  test('is 2 % of n·U in a month with enough reserve', () => {
    expect(redemptionCapCents(limits, gate)).toBe(2_400_000n);
  });

  test('is what the quarter has left when that is less', () => {
    expect(redemptionCapCents(limits, { ...gate, quarterUsedParts: 40_000_000_000n })).toBe(1_200_000n);
    expect(redemptionCapCents(limits, { ...gate, quarterUsedParts: 60_000_000_000n })).toBe(0n);
  });

  test('shrinks with the reserve below 15 %', () => {
    // ρ = 7.5 %: half of 2 % of $1,200,000.
    expect(redemptionCapCents(limits, { ...gate, reserveCents: 9_000_000n })).toBe(1_200_000n);
  });

  test('pays an ask of half of all units in one epoch when ρ ≥ 1, up to (1−b)·L', () => {
    const rich = { ...gate, reserveCents: 120_000_000n };
    expect(redemptionCapCents(limits, rich)).toBe(90_000_000n);
    const half = { id: 'a', microJam: anchor.outstandingMicroJam / 2n, price: anchor.price };
    expect(clearRequests([half], redemptionCapCents(limits, rich), 0n, 's')).toEqual([
      { id: 'a', microJam: half.microJam, cents: 60_000_000n },
    ]);
  });

  test('never exceeds the reserve without its buffer', () => {
    const state = fc.record({
      reserveCents: fc.bigInt(0n, 10n ** 12n),
      outstandingMicroJam: fc.bigInt(0n, 10n ** 15n),
      cents: fc.bigInt(1n, 10n ** 10n),
      units: fc.bigInt(1n, 10n ** 8n),
    });
    fc.assert(
      fc.property(state, ({ reserveCents, outstandingMicroJam, cents, units }) => {
        const cap = redemptionCapCents(limits, {
          ...gate,
          reserveCents,
          outstandingMicroJam,
          price: { cents, units },
        });
        expect(cap >= 0n && cap <= (reserveCents * 3n) / 4n).toBe(true);
      }),
    );
  });
});

describe('clearing', () => {
  const ask = (id: string, jam: bigint) => ({ id, microJam: jam * 1_000_000n, price: anchor.price });

  test('pays small requests first and whole, the others in proportion', () => {
    const fills = clearRequests(
      [ask('big', 300n), ask('small', 10n), ask('other', 100n)],
      42_000n,
      5_000n,
      's',
    );
    expect(fills).toEqual([
      { id: 'small', microJam: 10_000_000n, cents: 2_000n },
      { id: 'other', microJam: 50_000_000n, cents: 10_000n },
      { id: 'big', microJam: 150_000_000n, cents: 30_000n },
    ]);
  });

  test('never exceeds the cap, never pays more than asked, and does not depend on the order', () => {
    const asks = fc.array(fc.bigInt(1n, 10n ** 12n), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(asks, fc.bigInt(0n, 10n ** 8n), (amounts, cap) => {
        const requests = amounts.map((microJam, index) => ({
          id: `r${index}`,
          microJam,
          price: { cents: 199n, units: 1n },
        }));
        const fills = clearRequests(requests, cap, 5_000n, 's');
        expect(fills.reduce((sum, { cents }) => sum + cents, 0n) <= cap).toBe(true);
        for (const fill of fills) {
          const asked = requests.find(({ id }) => id === fill.id)?.microJam ?? 0n;
          expect(fill.microJam <= asked).toBe(true);
          expect(fill.cents * 1_000_000n <= fill.microJam * 199n).toBe(true);
        }
        const again = clearRequests([...requests].reverse(), cap, 5_000n, 's');
        expect(new Map(again.map((fill) => [fill.id, fill.cents]))).toEqual(
          new Map(fills.map((fill) => [fill.id, fill.cents])),
        );
      }),
    );
  });
});

describe('the price of a redemption', () => {
  const dated = (id: string, day: bigint) => ({ ...VALUATION, id, datedAtUs: day * DAY_US });

  test('is the first valuation dated after the cut-off, not a later one and never one before', () => {
    const valuations = [dated('later', 50n), dated('first', 41n), dated('before', 40n)];
    expect(redemptionPrice(policy, valuations, 40n * DAY_US, 60n * DAY_US)?.valuation?.id).toBe('first');
  });

  test('is suspended without one, or when it is more than 92 days old', () => {
    expect(redemptionPrice(policy, [dated('before', 40n)], 40n * DAY_US, 60n * DAY_US)).toBeNull();
    expect(redemptionPrice(policy, [dated('first', 41n)], 40n * DAY_US, 133n * DAY_US)).not.toBeNull();
    expect(redemptionPrice(policy, [dated('first', 41n)], 40n * DAY_US, 133n * DAY_US + 1n)).toBeNull();
  });

  test('never is a valuation dated in the future', () => {
    expect(redemptionPrice(policy, [dated('future', 70n)], 40n * DAY_US, 60n * DAY_US)).toBeNull();
  });
});

describe('a redemption', () => {
  const fresh: Redemption = {
    id: 'r1',
    payee: 'p1',
    askedMicroJam: 100n,
    paidMicroJam: 0n,
    paidCents: 0n,
    requestedAtUs: 1n,
    cutoffUs: 10n,
    state: 'reserving',
  };
  const after = (redemption: Redemption, ...events: Parameters<typeof advance>[1][]): Redemption =>
    events.reduce((current, event) => {
      const next = advance(current, event);
      if (!next.ok) throw new Error(next.message);
      return next.value;
    }, redemption);
  const fill = (microJam: bigint) => ({
    type: 'filled' as const,
    fill: { id: 'r1', microJam, cents: microJam },
    nextCutoffUs: 20n,
  });

  test.each([
    ['before its cut-off', 'open', 9n, false, false, true],
    ['from its cut-off on', 'open', 10n, false, false, false],
    ['with a price behind its cut-off', 'open', 10n, false, true, false],
    ['of a sample, whose cut-off passes at once', 'open', 10n, true, false, true],
    ['of a sample that a valuation prices', 'open', 10n, true, true, false],
    ['that is being reserved', 'reserving', 9n, false, false, false],
    ['that was paid', 'paid', 9n, false, false, false],
    ['that was taken back', 'cancelled', 9n, false, false, false],
  ] as const)('%s may be taken back or not', (_when, state, nowUs, isSample, isPriced, may) => {
    expect(mayCancel({ ...fresh, state }, nowUs, { isSample, isPriced })).toBe(may);
  });

  test('gathers until its month is over, in a sample not at all', () => {
    const inJanuary = BigInt(Date.UTC(2027, 0, 31, 23, 59)) * 1000n;
    expect(cutoffOf(false, inJanuary)).toBe(BigInt(Date.UTC(2027, 1, 1)) * 1000n);
    expect(cutoffOf(true, inJanuary)).toBe(inJanuary);
  });

  test('goes from reserved through a carried rest to paid', () => {
    const open = after(fresh, { type: 'reserved' });
    expect(statusOf(open, 5n, false).status).toBe('waiting-for-price');
    expect(statusOf(open, 10n, false).status).toBe('suspended');
    const partly = after(open, fill(40n));
    expect(partly).toMatchObject({ state: 'open', cutoffUs: 20n });
    expect(statusOf(partly, 10n, true).status).toBe('partly-paid');
    expect(statusOf(after(partly, fill(60n)), 10n, true).status).toBe('paid');
  });

  test.each([
    ['a fill before the hold', fresh, fill(1n)],
    [
      'a cancellation after it was paid',
      after(fresh, { type: 'reserved' }, fill(100n)),
      { type: 'cancelled' as const },
    ],
    ['a fill after it was cancelled', after(fresh, { type: 'reserved' }, { type: 'cancelled' }), fill(1n)],
    ['a second hold', after(fresh, { type: 'reserved' }), { type: 'reserved' as const }],
  ])('refuses %s', (_, redemption, event) => {
    expect(advance(redemption, event)).toMatchObject({ ok: false, code: 'redemption-state' });
  });
});
