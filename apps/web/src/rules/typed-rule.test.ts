import { policyFields } from '@jamnet/economy/policy-fields';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ruleAsTyped, type TypedField, typedRule } from './typed-rule.ts';

const PPM = { kind: 'whole', minimum: 0, maximum: 1_000_000, unit: 'ppm' } as const;
const DAYS = { kind: 'whole', minimum: 0, maximum: 400, unit: 'days' } as const;
const CENTS = { kind: 'amount', unit: 'cents' } as const;
const MICRO_JAM = { kind: 'amount', unit: 'micro-jam' } as const;
const RATIO = { kind: 'ratio', unit: null } as const;

test.each<[typed: string, locale: string, field: TypedField, value: unknown]>([
  ['2', 'en-US', PPM, 20_000],
  ['12.5', 'en-US', PPM, 125_000],
  ['12,5', 'de-DE', PPM, 125_000],
  ['0,0001', 'de', PPM, 1],
  ['120', 'de', DAYS, 120],
  ['50,00', 'de-DE', CENTS, '5000'],
  ['50', 'en', CENTS, '5000'],
  ['1.000.000', 'de', MICRO_JAM, '1000000000000'],
  ['1/2', 'en', RATIO, { numerator: 1, denominator: 2 }],
  [' 3 / 4 ', 'en', RATIO, { numerator: 3, denominator: 4 }],
  ['100', 'en', RATIO, { numerator: 100, denominator: 1 }],
])('%j typed in %s is what the policy says', (typed, locale, field, value) => {
  expect(typedRule(typed, field, locale)).toEqual(value);
});

test.each<[typed: string, locale: string, field: TypedField]>([
  ['', 'en', DAYS],
  ['two', 'en', DAYS],
  ['1.5', 'en', DAYS],
  ['0.00001', 'en', PPM],
  ['1,000', 'en', CENTS],
  ['1/', 'en', RATIO],
  ['1/2/3', 'en', RATIO],
])('%j is nothing yet and stays as it was typed, for the check to refuse', (typed, locale, field) => {
  expect(typedRule(typed, field, locale)).toBe(typed);
  expect(ruleAsTyped(typed, field, locale)).toBe(typed);
});

test('whatever the policy holds is read back from how it is shown, in every locale', () => {
  const locale = fc.constantFrom('en-US', 'en-IN', 'de-DE', 'de-AT', 'de-CH');
  const whole = fc.nat(1_000_000);
  const amount = fc.bigInt(0n, 999_999_999_999_999_999n).map((value) => `${value}`);
  const ratio = fc.record({ numerator: whole, denominator: fc.integer({ min: 1, max: 1_000_000_000 }) });
  const cases = fc.oneof(
    fc.tuple(fc.constantFrom<TypedField>(PPM, DAYS), whole),
    fc.tuple(fc.constantFrom<TypedField>(CENTS, MICRO_JAM), amount),
    fc.tuple(fc.constant<TypedField>(RATIO), ratio),
  );
  fc.assert(
    fc.property(cases, locale, ([field, value], tag) => {
      expect(typedRule(ruleAsTyped(value, field, tag), field, tag)).toEqual(value);
    }),
  );
});

test('the fields of this test are of the sorts that the policy has', () => {
  expect(JSON.stringify(policyFields())).toContain(JSON.stringify(PPM));
});
