import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { lesser } from '../money/amounts.ts';
import { DAY_US, END_OF_TIME_US } from '../records/calendar.ts';
import { type EscrowedPayment, escrowExpiresAtUs, expiredEscrow } from './expired-escrow.ts';

const amount = fc.bigInt({ min: 0n, max: 1_000_000n });
const payment: fc.Arbitrary<EscrowedPayment> = fc.record({
  microJam: amount,
  cents: amount,
  expiresAtUs: fc.option(fc.bigInt({ min: 0n, max: 100n }), { nil: null }),
});

test('however often expiry runs, each payment returns exactly once, at its time, and none before', () => {
  fc.assert(
    fc.property(fc.array(payment, { minLength: 1, maxLength: 8 }), (payments) => {
      let [microJam, cents] = [0n, 0n];
      for (const one of payments) {
        microJam += one.microJam;
        cents += one.cents;
      }
      for (let nowUs = 0n; nowUs <= 100n; nowUs += 7n) {
        const expired = expiredEscrow(payments, { microJam, cents }, nowUs);
        microJam -= expired.microJam;
        cents -= expired.cents;
        const held = payments.filter(({ expiresAtUs }) => expiresAtUs === null || expiresAtUs > nowUs);
        expect({ microJam, cents }).toEqual({
          microJam: held.reduce((sum, one) => sum + one.microJam, 0n),
          cents: held.reduce((sum, one) => sum + one.cents, 0n),
        });
      }
    }),
  );
});

test('takes nothing that is not there and nothing of what is younger, whatever else left the account', () => {
  fc.assert(
    fc.property(fc.array(payment, { maxLength: 8 }), amount, amount, (payments, microJam, cents) => {
      const expired = expiredEscrow(payments, { microJam, cents }, 50n);
      const young = payments.filter(({ expiresAtUs }) => expiresAtUs === null || expiresAtUs > 50n);
      for (const [asset, balance] of [['microJam', microJam] as const, ['cents', cents] as const]) {
        const kept = young.reduce((sum, one) => sum + one[asset], 0n);
        const left = balance - expired[asset];
        expect(expired[asset]).toBeGreaterThanOrEqual(0n);
        expect(left).toBeGreaterThanOrEqual(lesser(balance, kept));
      }
    }),
  );
});

test('the policy of the epoch says when; a sample and a policy without a rule hold for ever', () => {
  const rule = { unclaimed: { expiryDays: 30 } };
  expect(escrowExpiresAtUs(rule, 5n)).toBe(5n + 30n * DAY_US);
  expect(escrowExpiresAtUs(rule, END_OF_TIME_US)).toBeNull();
  expect(escrowExpiresAtUs({}, 5n)).toBeNull();
});
