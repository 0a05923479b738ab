import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePolicy } from '../policy/policy.ts';
import { samplePolicy } from '../policy/sample-policy.ts';
import { quotePayout } from './payout-quote.ts';
import { DEFAULT_PAYOUT_RULES, type PayoutRules } from './payout-rules.ts';

const withhold: PayoutRules = { ...DEFAULT_PAYOUT_RULES, withoutTaxForm: 'withhold' };
const fee: PayoutRules = {
  ...DEFAULT_PAYOUT_RULES,
  conversionFee: { ppm: 10_000, centsMin: '25', centsMax: '500' },
};

test.each([
  ['all is sent where the form is valid', DEFAULT_PAYOUT_RULES, 'valid', [100_00, 0, 0]],
  ['24 % is withheld without a W-9', withhold, 'missing-us', [76_00, 24_00, 0]],
  ['30 % is withheld without a W-8', withhold, 'missing-foreign', [70_00, 30_00, 0]],
  ['a fee of 1 % is kept', fee, 'valid', [99_00, 0, 1_00]],
] as const)('of 100.00: %s', (_, rules, form, [net, withheld, kept]) => {
  expect(quotePayout(100_00n, rules, form)).toEqual({
    ok: true,
    value: {
      grossCents: 100_00n,
      netCents: BigInt(net),
      withheldCents: BigInt(withheld),
      feeCents: BigInt(kept),
    },
  });
});

test('nobody is paid without a form where the policy refuses, nor less than the fee or the least amount', () => {
  expect(quotePayout(100n, DEFAULT_PAYOUT_RULES, 'missing-us')).toMatchObject({ code: 'tax-form-missing' });
  expect(quotePayout(25n, fee, 'valid')).toMatchObject({ code: 'payout-too-small' });
  expect(quotePayout(26n, fee, 'valid')).toMatchObject({ ok: true, value: { netCents: 1n } });
  expect(quotePayout(99n, { ...fee, centsMin: '100' }, 'valid')).toMatchObject({ code: 'payout-too-small' });
  expect(quotePayout(1_000_000n, fee, 'valid')).toMatchObject({ value: { feeCents: 500n } });
});

test('whatever the amount and the rules, the parts sum to it and none is negative', () => {
  const rules = fc.record({
    ppm: fc.integer({ min: 0, max: 100_000 }),
    least: fc.nat(1_000),
    more: fc.nat(1_000),
  });
  const form = fc.constantFrom('valid', 'missing-us', 'missing-foreign' as const);
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 14n), rules, form, (gross, { ppm, least, more }, taxForm) => {
      const conversionFee = { ppm, centsMin: String(least), centsMax: String(least + more) };
      const quote = quotePayout(gross, { ...withhold, conversionFee }, taxForm as 'valid');
      if (!quote.ok) return;
      const { netCents, withheldCents, feeCents } = quote.value;
      expect(netCents + withheldCents + feeCents).toBe(gross);
      expect(netCents > 0n && withheldCents >= 0n && feeCents >= 0n).toBe(true);
    }),
  );
});

test('a policy may carry rules for payouts, and is refused when they make no sense', () => {
  const policy = samplePolicy({ epochId: 'sample-1' });
  expect(parsePolicy({ ...policy, payouts: fee })).toMatchObject({ ok: true });
  for (const payouts of [
    { ...fee, rails: ['cheque'] },
    { ...fee, rails: [] },
    { ...fee, withoutTaxForm: 'maybe' },
    { ...fee, more: 1 },
  ])
    expect(parsePolicy({ ...policy, payouts })).toMatchObject({ code: 'policy-malformed' });
  const upsideDown = { ...fee, conversionFee: { ppm: 1, centsMin: '2', centsMax: '1' } };
  expect(parsePolicy({ ...policy, payouts: upsideDown })).toMatchObject({ code: 'payout-rules' });
});
