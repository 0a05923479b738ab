import { type Result, refuse } from '@jamnet/base';
import {
  byKind,
  CONTRIBUTION_KINDS,
  type Contribution,
  type ContributionKind,
  closeEpoch,
  END_OF_TIME_US,
  type Receipt,
  type Stream,
  samplePolicy,
  unitPrice,
  worthCents,
} from '@jamnet/economy/formulas';

/** Who shares in the epoch that is tried out. */
export const PEOPLE = ['Ada', 'Bo', 'Cy'] as const;
export type Person = (typeof PEOPLE)[number];

export interface EpochWish {
  /** What came in, cents by stream; streams of 0 cents are left out. */
  readonly streamCents: Readonly<Partial<Record<Stream, bigint>>>;
  /** V, cents, and S, whole units. */
  readonly valueCents: bigint;
  readonly fullyDilutedUnits: bigint;
  /** Verified merit by person and kind, 0 and more. */
  readonly merit: Readonly<Record<Person, Readonly<Record<ContributionKind, bigint>>>>;
}

export interface EpochSum {
  readonly revenueCents: bigint;
  /** D, the contributors' half. */
  readonly shareCents: bigint;
  readonly issuedMicroJam: bigint;
  /** Cents of a kind that nobody could be paid for: carried into the next epoch. */
  readonly carriedCents: bigint;
  readonly people: readonly {
    readonly person: Person;
    readonly microJam: bigint;
    readonly worthCents: bigint;
  }[];
}

const EPOCH = 'calculator';
/** Units that the pool of the sample has: 1,000,000 JAM. */
const POOL_MICRO_JAM = 1_000_000_000_000n;
const METERS: Readonly<Record<ContributionKind, string>> = {
  music: 'music/played-ms',
  code: 'code/usage',
  compute: 'compute/work-units',
  curation: 'curation/votes',
};

/** Closes an epoch of these figures as the studio does: the same function, the sample's policy. */
export function sumEpoch(wish: EpochWish): Result<EpochSum, string> {
  const policy = samplePolicy({ epochId: EPOCH });
  const { valueCents, fullyDilutedUnits } = wish;
  const valuation = {
    ...{ id: EPOCH, valueCents, fullyDilutedUnits, datedAtUs: 0n, approvedBy: 'nobody' },
    documentSha256: '0'.repeat(64),
  };
  const price = unitPrice(policy, valuation);
  if (!price.ok) return price;
  const receipts = receiptsOf(wish);
  if (receipts.length === 0) return refuse('revenue-missing', 'Nothing came in.');
  const closed = closeEpoch({
    policy,
    window: { id: EPOCH, startUs: 0n, endUs: END_OF_TIME_US },
    receipts,
    contributions: PEOPLE.flatMap((person, index) => contributionsOf(wish, person, index)),
    uses: [],
    valuation,
    verifiedPayees: new Set(PEOPLE.map((_, index) => payeeOf(index))),
    deficitInCents: 0n,
    carriedInCents: byKind(() => 0n),
    poolMicroJam: POOL_MICRO_JAM,
    // Names public rows and decides nothing that is paid.
    rowKey: new Uint8Array(32),
  });
  if (!closed.ok) return closed;
  const { publicEpoch, payments } = closed.value;
  const paid = new Map(payments.map(({ payee, microJam }) => [payee, microJam]));
  return {
    ok: true,
    value: {
      revenueCents: publicEpoch.revenueCents,
      shareCents: publicEpoch.contributorShareCents,
      issuedMicroJam: publicEpoch.issuedMicroJam,
      carriedCents: CONTRIBUTION_KINDS.reduce((sum, kind) => sum + publicEpoch.carriedOutCents[kind], 0n),
      people: PEOPLE.map((person, index) => {
        const microJam = paid.get(payeeOf(index)) ?? 0n;
        return { person, microJam, worthCents: worthCents(microJam, price.value) };
      }),
    },
  };
}

function receiptsOf({ streamCents }: EpochWish): Receipt[] {
  // Keys are streams by their type.
  const streams = Object.entries(streamCents) as [Stream, bigint][];
  return streams
    .filter(([, amountCents]) => amountCents > 0n)
    .map(([stream, amountCents]) => ({
      ...{ id: stream, principal: 'somebody', stream, amountCents, currency: 'USD', reference: '' },
      ...{ refundOf: null, receivedAtUs: 0n },
    }));
}

function contributionsOf({ merit }: EpochWish, person: Person, index: number): Contribution[] {
  return CONTRIBUTION_KINDS.filter((kind) => merit[person][kind] > 0n).map((kind, place) => ({
    id: hex(1 + index * CONTRIBUTION_KINDS.length + place, 32),
    schema: 'jamnet/contribution/v1',
    kind,
    meter: METERS[kind],
    payees: [{ payee: payeeOf(index), weight: 1n }],
    merit: merit[person][kind],
    subject: person,
    acceptedAtUs: 0n,
    evidence: hex(0, 64),
    ownerGroup: person,
  }));
}

function payeeOf(index: number): string {
  return `p${hex(index + 1, 32)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
