import { expect, test } from 'vitest';
import { MODEL_VALUE_PPM_MAX } from './music-member.ts';
import { type Policy, type PolicyCode, parsePolicy } from './policy.ts';
import { samplePolicy, templatePolicy } from './sample-policy.ts';

const GOOD = samplePolicy({ epochId: 'sample-1' });
const REAL = templatePolicy();
const stream = (policy: Policy, changed: object) => ({
  streams: { ...policy.streams, storage: { ...policy.streams.storage, ...changed } },
});
const onlyMusic = Object.fromEntries(Object.entries(GOOD.meters).filter(([, { kind }]) => kind === 'music'));

test('the sample and the template are policies', () => {
  for (const policy of [GOOD, REAL]) expect(parsePolicy(policy)).toMatchObject({ ok: true });
});

test('a policy of before takes were paid by their worth to models is read as it was, and pays none', () => {
  const { music, ...before } = REAL;
  expect(music?.modelValue.sharePpm).toBe(100_000);
  expect(parsePolicy(before)).toEqual({ ok: true, value: before });
});

test('a take’s worth to models may add half of what was played', () => {
  const music = {
    modelValue: {
      meter: 'music/model-value',
      playedMeter: 'music/played-ms',
      sharePpm: MODEL_VALUE_PPM_MAX,
    },
  };
  expect(parsePolicy({ ...REAL, music })).toMatchObject({ ok: true, value: { music } });
});

/** One row, one member that makes no sense, its exact code. */
const BAD: readonly [why: string, code: PolicyCode, document: object][] = [
  ['no schema', 'policy-malformed', { ...GOOD, schema: 'jamnet/policy/v2' }],
  ['an unknown member', 'policy-malformed', { ...GOOD, bonus: 1 }],
  ['another currency', 'policy-malformed', { ...GOOD, currency: 'EUR' }],
  [
    'a share below half by one part',
    'share-below-half',
    { ...GOOD, contributorShare: { numerator: 499_999_999, denominator: 1_000_000_000 } },
  ],
  ['a share above all', 'share-above-one', { ...GOOD, contributorShare: { numerator: 3, denominator: 2 } }],
  [
    'a split that loses a millionth',
    'kind-split-not-whole',
    { ...GOOD, ...stream(GOOD, { kindsPpm: { music: 999_999, code: 0, compute: 0, curation: 0 } }) },
  ],
  ['kinds that nothing measures', 'kind-without-meter', { ...GOOD, meters: onlyMusic }],
  ['φ of zero', 'issue-share-range', { ...GOOD, issueShare: { numerator: 0, denominator: 1 } }],
  ['φ above one', 'issue-share-range', { ...GOOD, issueShare: { numerator: 2, denominator: 1 } }],
  [
    'units for nothing',
    'price-zero',
    { ...GOOD, pricing: { kind: 'fixed', centsPerUnit: { numerator: 0, denominator: 1 } } },
  ],
  ['a unit price without counsel’s opinion', 'nav-without-opinion', { ...REAL, pricing: { kind: 'nav' } }],
  ['a sample over calendar months', 'sample-mark', { ...GOOD, epochs: { kind: 'calendar-month' } }],
  [
    'a sample that would wait for refunds',
    'sample-refund-window',
    { ...GOOD, ...stream(GOOD, { refundWindowDays: 1 }) },
  ],
  [
    'a month that may take more than its quarter',
    'redemption-limits',
    { ...GOOD, redemption: { ...GOOD.redemption, monthlyPpm: 50_001, quarterlyPpm: 50_000 } },
  ],
  ['code in a meter that is not there', 'code-without-meter', { ...GOOD, code: { meter: 'code/else' } }],
  ['code in a meter of another kind', 'code-without-meter', { ...GOOD, code: { meter: 'music/played-ms' } }],
  [
    'bounties of more than a fifth of what code earns',
    'policy-malformed',
    { ...GOOD, code: { meter: 'code/usage', bounty: { merit: 1, sharePpmMax: 200_001 } } },
  ],
  [
    'a take’s worth in a meter that is not there',
    'music-without-meter',
    { ...REAL, music: { modelValue: { meter: 'music/else', playedMeter: 'music/played-ms', sharePpm: 1 } } },
  ],
  [
    'a pot taken from a meter of another kind',
    'music-without-meter',
    {
      ...REAL,
      music: { modelValue: { meter: 'music/model-value', playedMeter: 'code/usage', sharePpm: 1 } },
    },
  ],
  [
    'a pot that would feed itself',
    'music-without-meter',
    {
      ...REAL,
      music: { modelValue: { meter: 'music/model-value', playedMeter: 'music/model-value', sharePpm: 1 } },
    },
  ],
  [
    'a take’s worth beyond half of what was played',
    'policy-malformed',
    {
      ...REAL,
      music: {
        modelValue: {
          meter: 'music/model-value',
          playedMeter: 'music/played-ms',
          sharePpm: MODEL_VALUE_PPM_MAX + 1,
        },
      },
    },
  ],
  ['an expiry that nobody could meet', 'policy-malformed', { ...GOOD, unclaimed: { expiryDays: 29 } }],
];

test.each(BAD)('%s is refused: %s', (_, code, document) => {
  expect(parsePolicy(document)).toMatchObject({ ok: false, code, message: expect.stringMatching(/\.$/) });
});
