import { expect, test } from 'vitest';
import { parsePolicy } from './policy.ts';
import { SAMPLE_METERS, samplePolicy, templatePolicy } from './sample-policy.ts';

const POLICY = samplePolicy({
  epochId: 'e',
  meters: { ...SAMPLE_METERS, 'music/device-sessions': { kind: 'music', weight: 1 } },
  currencies: { accepted: ['EUR', 'GBP'], rateAgeDaysMax: 4 },
  hardware: {
    meter: 'music/device-sessions',
    rewards: { jamcaster: 600_000 },
    sessionMeritMin: 60_000,
    afterReward: 'charge-back',
  },
});

test('the rules to start from are valid, and real', () => {
  expect(parsePolicy(templatePolicy())).toMatchObject({ ok: true, value: { sample: false } });
});

test('a policy with currencies, products and hardware rewards is valid, and one without them too', () => {
  expect(parsePolicy(POLICY)).toMatchObject({ ok: true });
  const { currencies: _c, products: _p, hardware: _h, ...bare } = POLICY;
  expect(parsePolicy(bare)).toMatchObject({ ok: true });
});

test.each<[string, string, object]>([
  ['accepts dollars twice', 'policy-malformed', { currencies: { accepted: ['USD'], rateAgeDaysMax: 0 } }],
  [
    'accepts a currency nobody knows',
    'policy-malformed',
    { currencies: { accepted: ['XAU'], rateAgeDaysMax: 0 } },
  ],
  [
    'accepts one currency twice',
    'policy-malformed',
    { currencies: { accepted: ['EUR', 'EUR'], rateAgeDaysMax: 0 } },
  ],
  ['accepts none', 'policy-malformed', { currencies: { accepted: [], rateAgeDaysMax: 0 } }],
  ['lets rates grow old', 'policy-malformed', { currencies: { accepted: ['EUR'], rateAgeDaysMax: 11 } }],
  ['sells for no stream', 'policy-malformed', { products: { thing: { title: 'Thing', stream: 'gifts' } } }],
  [
    'sells under no name',
    'policy-malformed',
    { products: { 'A thing': { title: 'Thing', stream: 'storage' } } },
  ],
  ['measures under no name', 'policy-malformed', { meters: { ...SAMPLE_METERS, 'A meter': 'of anything' } }],
  ['pins under no name', 'policy-malformed', { documents: { 'A plan': 'ab'.repeat(32) } }],
  ['has a default product that it does not sell', 'product-unknown', { unassignedProduct: 'piano' }],
  [
    'rewards what it does not sell',
    'product-unknown',
    { hardware: { ...POLICY.hardware, rewards: { piano: 1 } } },
  ],
  [
    'rewards what is no hardware',
    'product-unknown',
    { hardware: { ...POLICY.hardware, rewards: { storage: 1 } } },
  ],
  ['rewards in no meter', 'reward-without-meter', { hardware: { ...POLICY.hardware, meter: 'music/none' } }],
  [
    'rewards with nothing',
    'policy-malformed',
    { hardware: { ...POLICY.hardware, rewards: { jamcaster: 0 } } },
  ],
])('a policy that %s is refused with %s', (_, code, members) => {
  expect(parsePolicy({ ...POLICY, ...members })).toMatchObject({ ok: false, code });
});
