import { expect, test } from 'vitest';
import { malformedAt, parsePolicy } from './policy.ts';
import { blankOf, blankVariant, type PolicyField, type PolicyMember, policyFields } from './policy-fields.ts';
import { templatePolicy } from './sample-policy.ts';

function fieldAt(...path: readonly string[]): PolicyField {
  let field: PolicyField = policyFields();
  for (const name of path) {
    const members: PolicyField = field.kind === 'entries' ? field.each : field;
    if (name === '*') field = members;
    else if (members.kind === 'group') {
      const member: PolicyMember | undefined = members.members.find((each) => each.name === name);
      if (member === undefined) throw new Error(`no ${name}`);
      field = member.field;
    }
  }
  return field;
}

test.each<[path: string, field: object]>([
  ['contributorShare', { kind: 'ratio', unit: null }],
  ['streams/licence/kindsPpm/code', { kind: 'whole', minimum: 0, maximum: 1_000_000, unit: 'ppm' }],
  ['streams/licence/refundWindowDays', { kind: 'whole', minimum: 0, maximum: 400, unit: 'days' }],
  ['meters/*/weight', { kind: 'whole', minimum: 1, maximum: 1_000_000_000, unit: null }],
  ['meters/*/kind', { kind: 'choice', options: ['music', 'code', 'compute', 'curation'] }],
  ['pool/authorisedMicroJam', { kind: 'amount', unit: 'micro-jam' }],
  ['payouts/withoutTaxForm', { kind: 'choice', options: ['refuse', 'withhold'] }],
  ['payouts/rails', { kind: 'several', options: ['pain.001', 'nacha', 'stripe'] }],
  ['perks/*/priceCents', { kind: 'amount', unit: 'cents' }],
  ['sample', { kind: 'flag' }],
])('%s is a field with its range and unit, as the schema has it', (path, field) => {
  expect(fieldAt(...path.split('/'))).toEqual(field);
});

test('what is told apart by its kind is offered as variants, without the kind among their members', () => {
  const pricing = fieldAt('pricing');
  if (pricing.kind !== 'variants') throw new Error('no variants');
  expect(pricing.options.map(({ name, group }) => [name, group.members.map((each) => each.name)])).toEqual([
    ['nav', ['opinionSha256', 'planSha256']],
    ['fixed', ['centsPerUnit']],
  ]);
  expect(blankVariant(pricing, 'fixed')).toEqual({
    kind: 'fixed',
    centsPerUnit: { numerator: 1, denominator: 1 },
  });
});

test('whatever a form adds has the form of the schema, but for names that are still to be written', () => {
  const optional = policyFields().members.filter(({ isOptional }) => isOptional);
  expect(optional.length).toBeGreaterThan(8);
  for (const { name, field } of optional) {
    const faults = malformedAt({ ...templatePolicy(), [name]: blankOf(field) });
    for (const fault of faults) expect(fault).toMatch(/[mM]eter$|unassignedProduct$/);
  }
});

test('every member that has not its form is told by its place, so that a form can mark each', () => {
  const good = templatePolicy();
  const bad = {
    ...good,
    ownerGroupCapPpm: 0,
    redemption: { ...good.redemption, smallCents: '1,5', monthlyPpm: 'x' },
    meters: { 'music/played-ms': { kind: 'music', weight: 0 } },
  };
  expect([...malformedAt(bad)].sort()).toEqual([
    '/meters/music~1played-ms/weight',
    '/ownerGroupCapPpm',
    '/redemption/monthlyPpm',
    '/redemption/smallCents',
  ]);
  expect(malformedAt(good)).toEqual([]);
  expect(parsePolicy(good).ok).toBe(true);
});
