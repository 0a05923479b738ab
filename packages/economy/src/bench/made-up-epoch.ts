import { type Chance, present, seededChance } from '@jamnet/base';
import type { EpochTerms } from '../core/epoch/epoch-terms.ts';
import { samplePolicy } from '../core/policy/sample-policy.ts';
import { END_OF_TIME_US } from '../core/records/calendar.ts';
import { byKind, CONTRIBUTION_KINDS, type ContributionKind, STREAMS } from '../core/records/kinds.ts';
import type { Contribution, Receipt, Use } from '../core/records/records.ts';

export interface EpochSize {
  readonly contributors: number;
  readonly contributions: number;
  readonly receipts: number;
  readonly uses: number;
}

/** What the made-up policy authorises. */
export const BENCH_POOL_MICRO_JAM = 1_000_000_000_000_000n;
/** Nine of ten principals have some use on record. */
const USERS_OF_TEN = 9;
const METERS: Readonly<Record<ContributionKind, string>> = {
  music: 'music/listened-ms',
  code: 'code/usage',
  compute: 'compute/work-units',
  curation: 'curation/votes',
};

/** A made-up epoch: terms at hand, records one after another, so that only their taker's memory counts. */
export interface MadeUpEpoch {
  readonly terms: EpochTerms;
  contributions(): Generator<Contribution>;
  uses(): Generator<Use>;
}

/** The same for the same seed: each principal pays once, early contributions are used more. */
export function madeUpEpoch(size: EpochSize, seed: string): MadeUpEpoch {
  const names: Names = {
    payee: madeOnce((n) => `p${hexIdOf(n)}`),
    contribution: madeOnce(hexIdOf),
    payer: madeOnce((n) => `payer-${n}`),
  };
  return {
    terms: madeUpTerms(size, seededChance(`${seed}/receipts`), names),
    *contributions() {
      const chance = seededChance(`${seed}/contributions`);
      for (let n = 0; n < size.contributions; n++) {
        // Everybody has one before anybody is drawn.
        const payee = n < size.contributors ? n : chance.below(size.contributors);
        yield madeUpContribution(names.contribution(n), kindOf(n), names.payee(payee), chance);
      }
    },
    *uses() {
      const chance = seededChance(`${seed}/uses`);
      for (let n = 0; n < size.uses; n++) yield madeUpUse(n, size, names, chance);
    },
  };
}

interface Names {
  readonly payee: (n: number) => string;
  readonly contribution: (n: number) => string;
  readonly payer: (n: number) => string;
}

function madeUpTerms(size: EpochSize, chance: Chance, names: Names): EpochTerms {
  return {
    policy: {
      ...samplePolicy({ epochId: 'bench' }),
      ownerGroupCapPpm: 50_000,
      pool: { authorisedMicroJam: BENCH_POOL_MICRO_JAM.toString() },
    },
    window: { id: 'bench', startUs: 0n, endUs: END_OF_TIME_US },
    receipts: Array.from({ length: size.receipts }, (_, n) => madeUpReceipt(n, names.payer(n), chance)),
    valuation: {
      id: 'bench',
      valueCents: 2_400_000_000n,
      fullyDilutedUnits: 12_000_000n,
      datedAtUs: 0n,
      approvedBy: 'bench',
      documentSha256: '00'.repeat(32),
    },
    verifiedPayees: new Set(Array.from({ length: size.contributors }, (_, n) => names.payee(n))),
    deficitInCents: 0n,
    carriedInCents: byKind(() => 0n),
    poolMicroJam: BENCH_POOL_MICRO_JAM,
    rowKey: new Uint8Array(32),
  };
}

function hexIdOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}

/** Texts made once and told again as the same string, as a reader of files that keeps what it has seen would. */
function madeOnce(of: (n: number) => string): (n: number) => string {
  const made: string[] = [];
  return (n) => {
    const known = made[n];
    if (known !== undefined) return known;
    const text = of(n);
    made[n] = text;
    return text;
  };
}

function kindOf(n: number): ContributionKind {
  return present(CONTRIBUTION_KINDS[n % CONTRIBUTION_KINDS.length], 'kind');
}

function madeUpContribution(id: string, kind: ContributionKind, payee: string, chance: Chance): Contribution {
  return {
    id,
    schema: 'jamnet/contribution/v1',
    kind,
    meter: METERS[kind],
    payees: [{ payee, weight: 1n }],
    merit: BigInt(1 + chance.below(1_000_000)),
    subject: '',
    acceptedAtUs: 1n,
    evidence: '00'.repeat(32),
    ownerGroup: payee,
  };
}

function madeUpReceipt(n: number, principal: string, chance: Chance): Receipt {
  return {
    id: `receipt-${n}`,
    principal,
    stream: present(STREAMS[chance.below(STREAMS.length)], 'stream'),
    amountCents: BigInt(100 + chance.below(10_000)),
    currency: 'USD',
    reference: '',
    refundOf: null,
    receivedAtUs: 1n,
  };
}

function madeUpUse(n: number, size: EpochSize, names: Names, chance: Chance): Use {
  const users = Math.max(1, Math.floor((size.receipts * USERS_OF_TEN) / 10));
  const unit = chance.unit();
  const used = Math.floor(unit * unit * size.contributions);
  return {
    row: `use-${n}`,
    contribution: names.contribution(used),
    meter: METERS[kindOf(used)],
    quantity: BigInt(1 + chance.below(100_000)),
    principal: names.payer(chance.below(users)),
  };
}
