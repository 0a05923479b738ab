import type { STREAMS } from '../records/kinds.ts';
import { SAMPLE_PERKS } from './perk-catalogue.ts';
import type { Policy } from './policy.ts';

/** The meters that the parts of JAMNet write, with the unit of each. */
export const SAMPLE_METERS: Policy['meters'] = {
  'music/played-ms': { kind: 'music', weight: 1 },
  'music/listened-ms': { kind: 'music', weight: 1 },
  'code/usage': { kind: 'code', weight: 1 },
  'compute/work-units': { kind: 'compute', weight: 1 },
  'curation/votes': { kind: 'curation', weight: 1 },
};

/** What the studio sells, by stream. */
export const SAMPLE_PRODUCTS: NonNullable<Policy['products']> = {
  jamcaster: { title: 'JAMCaster', stream: 'hardware' },
  jambox: { title: 'JamBox', stream: 'hardware' },
  'subscription-player': { title: 'Subscription, player', stream: 'subscription' },
  'subscription-band': { title: 'Subscription, band', stream: 'subscription' },
  'compute-licence': { title: 'Compute licence', stream: 'compute' },
  'enterprise-licence': { title: 'Enterprise licence, with seats', stream: 'licence' },
  storage: { title: 'Storage', stream: 'storage' },
  'conversion-fee': { title: 'Conversion fee', stream: 'conversion-fee' },
};

/** Rules of the sample evening: refund windows of 0 days, closes at once, nav without counsel's opinion; marked so. */
export function samplePolicy(options: {
  epochId: string;
  meters?: Policy['meters'];
  documents?: Policy['documents'];
  currencies?: Policy['currencies'];
  hardware?: Policy['hardware'];
}): Policy {
  const rule = (music: number, code: number, compute: number, curation: number) => ({
    refundWindowDays: 0,
    kindsPpm: { music, code, compute, curation },
  });
  const streams: Record<(typeof STREAMS)[number], ReturnType<typeof rule>> = {
    hardware: rule(400_000, 250_000, 250_000, 100_000),
    subscription: rule(450_000, 200_000, 250_000, 100_000),
    compute: rule(100_000, 250_000, 600_000, 50_000),
    licence: rule(250_000, 400_000, 250_000, 100_000),
    storage: rule(400_000, 250_000, 250_000, 100_000),
    'conversion-fee': rule(250_000, 250_000, 250_000, 250_000),
  };
  return {
    schema: 'jamnet/policy/v1',
    version: 1,
    name: 'Sample evening',
    sample: true,
    epochs: { kind: 'sample', id: options.epochId },
    currency: 'USD',
    contributorShare: { numerator: 1, denominator: 2 },
    streams,
    meters: options.meters ?? SAMPLE_METERS,
    ownerGroupCapPpm: 1_000_000,
    pricing: { kind: 'nav' },
    issueShare: { numerator: 1, denominator: 1 },
    pool: { authorisedMicroJam: '1000000000000' },
    redemption: {
      monthlyPpm: 20_000,
      quarterlyPpm: 50_000,
      fullReservePpm: 150_000,
      bufferPpm: 250_000,
      valuationAgeDaysMax: 92,
      smallCents: '5000',
    },
    products: SAMPLE_PRODUCTS,
    ...(options.currencies ? { currencies: options.currencies } : {}),
    ...(options.hardware ? { hardware: options.hardware } : {}),
    perks: SAMPLE_PERKS,
    documents: options.documents ?? {},
  };
}

/** Days after which a card payment can no longer be charged back (DESIGN §5.1). */
const CARD_REFUND_DAYS = 120;

/** Three years for somebody to find out that their code earns; what local law says of unclaimed property goes first. */
const UNCLAIMED_DAYS = 1_096;

/** A studio's rules to start from: months, refund windows of cards, a fixed price of $1, since `nav` needs counsel's opinion first. */
export function templatePolicy(): Policy {
  const sample = samplePolicy({ epochId: 'template' });
  const windowed = <T extends { kindsPpm: object }>(rule: T) => ({
    ...rule,
    refundWindowDays: CARD_REFUND_DAYS,
  });
  const { hardware, subscription, compute, licence, storage } = sample.streams;
  return {
    ...sample,
    name: 'Rules of the studio',
    sample: false,
    epochs: { kind: 'calendar-month' },
    streams: {
      hardware: windowed(hardware),
      subscription: windowed(subscription),
      compute: windowed(compute),
      licence: windowed(licence),
      storage: windowed(storage),
      'conversion-fee': sample.streams['conversion-fee'],
    },
    meters: {
      ...SAMPLE_METERS,
      'music/device-sessions': { kind: 'music', weight: 1 },
      'music/model-value': { kind: 'music', weight: 1 },
    },
    pricing: { kind: 'fixed', centsPerUnit: { numerator: 100, denominator: 1 } },
    currencies: { accepted: ['EUR', 'GBP'], rateAgeDaysMax: 4 },
    unassignedProduct: 'subscription-player',
    // A tenth of what a repository's code earns is for the packages it runs; a bounty is a thousandth of it.
    code: {
      meter: 'code/usage',
      dependencies: { budgetPpm: 100_000 },
      bounty: { merit: 1_000_000, sharePpmMax: 200_000 },
    },
    // A tenth, as packages have of code: what a neighbour's answer gains is a sign of what a model learnt from a take, not the gain itself.
    music: {
      modelValue: { meter: 'music/model-value', playedMeter: 'music/played-ms', sharePpm: 100_000 },
    },
    unclaimed: { expiryDays: UNCLAIMED_DAYS },
    hardware: {
      meter: 'music/device-sessions',
      // As much as ten minutes of verified playing, whose meter counts milliseconds.
      rewards: { jamcaster: 600_000, jambox: 600_000 },
      sessionMeritMin: 60_000,
      afterReward: 'charge-back',
    },
  };
}
