import fc from 'fast-check';
import { expect, test } from 'vitest';
import { payeeId } from '../../testing/sample-input.ts';
import { worthCents } from '../money/unit-price.ts';
import { holdEntry, perkEntries } from './perk-entries.ts';
import { perkCostMicroJam, usualHoldMicroJam } from './perk-price.ts';
import { type Perk, type PerkEvent, perkAfter, perkSentence, unusedMicroJam } from './perk-state.ts';

const PRICE = fc.record({
  cents: fc.bigInt({ min: 1n, max: 10n ** 14n }),
  units: fc.bigInt({ min: 1n, max: 10n ** 12n }),
});

test('a perk costs the fewest units that are worth its price, never fewer', () => {
  fc.assert(
    fc.property(PRICE, fc.bigInt({ min: 1n, max: 10n ** 12n }), (price, cents) => {
      const cost = perkCostMicroJam(cents, price);
      expect(worthCents(cost, price) >= cents).toBe(true);
      expect((cost - 1n) * price.cents < cents * price.units * 1_000_000n).toBe(true);
      expect(usualHoldMicroJam(cents, price) * 4n >= cost * 5n).toBe(true);
    }),
  );
});

const FRESH: Perk = {
  id: 'a'.repeat(32),
  payee: payeeId(1),
  quantity: 7n,
  usedQuantity: 0n,
  heldMicroJam: 1_000n,
  costMicroJam: 0n,
  requestedAtUs: 0n,
  expiresAtUs: null,
  state: 'reserving',
};

const EVENT: fc.Arbitrary<PerkEvent> = fc.oneof(
  fc.constantFrom<PerkEvent>(
    { type: 'reserved' },
    { type: 'refused' },
    { type: 'declined' },
    { type: 'revoked' },
  ),
  fc.record({
    type: fc.constant('granted' as const),
    costMicroJam: fc.bigInt({ min: 0n, max: 1_100n }),
    expiresAtUs: fc.constant(100n),
  }),
  fc.record({
    type: fc.constant('used' as const),
    quantity: fc.bigInt({ min: -2n, max: 9n }),
    atUs: fc.bigInt({ min: 0n, max: 120n }),
  }),
  fc.record({ type: fc.constant('expired' as const), atUs: fc.bigInt({ min: 0n, max: 120n }) }),
);

test('whatever happens in whatever order, entries balance and give back no more than was taken', () => {
  fc.assert(
    fc.property(fc.array(EVENT, { maxLength: 30 }), (events) => {
      let perk = FRESH;
      for (const event of events) {
        const next = perkAfter(perk, event);
        if (next.ok) perk = next.value;
      }
      expect(perk.usedQuantity >= 0n && perk.usedQuantity <= perk.quantity).toBe(true);
      expect(perk.costMicroJam <= perk.heldMicroJam).toBe(true);
      expect(unusedMicroJam(perk) >= 0n && unusedMicroJam(perk) <= perk.costMicroJam).toBe(true);
      const entries = [holdEntry(perk), ...perkEntries(perk)];
      for (const { legs } of entries) {
        expect(legs.reduce((sum, { amount }) => sum + amount, 0n)).toBe(0n);
        expect(legs.every(({ amount }) => amount !== 0n)).toBe(true);
      }
      expect(perkSentence(perk)).not.toBe('');
    }),
    { numRuns: 2_000 },
  );
});

test('a perk that costs nothing after rounding still moves what was set aside back', () => {
  const legs = perkEntries({ ...FRESH, state: 'granted', expiresAtUs: 1n })[0]?.legs;
  expect(legs).toHaveLength(2);
});
