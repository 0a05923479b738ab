import { type Chance, present, seededChance } from '@jamnet/base';
import { END_OF_TIME_US } from '../core/calendar.ts';
import type { EpochInput } from '../core/close-epoch.ts';
import { byKind, CONTRIBUTION_KINDS, type ContributionKind, STREAMS } from '../core/kinds.ts';
import type { Contribution, Receipt, Use } from '../core/records.ts';
import { samplePolicy } from '../core/sample-policy.ts';

export interface EpochSize {
  readonly contributors: number;
  readonly contributions: number;
  readonly receipts: number;
  readonly uses: number;
}

/** Nine of ten principals have some use on record. */
const USERS_OF_TEN = 9;
const METERS: Readonly<Record<ContributionKind, string>> = {
  music: 'music/listened-ms',
  code: 'code/usage',
  compute: 'compute/work-units',
  curation: 'curation/votes',
};

/** An epoch of a given size, the same for the same seed: each principal pays once, early contributions are used more. */
export function madeUpEpoch(size: EpochSize, seed: string): EpochInput {
  const chance = seededChance(seed);
  const payees = Array.from({ length: size.contributors }, (_, n) => `p${n.toString(16).padStart(32, '0')}`);
  const contributions = Array.from({ length: size.contributions }, (_, n) =>
    madeUpContribution(n, payees, chance),
  );
  return {
    policy: { ...samplePolicy({ epochId: 'bench' }), ownerGroupCapPpm: 50_000 },
    window: { id: 'bench', startUs: 0n, endUs: END_OF_TIME_US },
    receipts: Array.from({ length: size.receipts }, (_, n) => madeUpReceipt(n, chance)),
    contributions,
    uses: Array.from({ length: size.uses }, (_, n) => madeUpUse(n, size.receipts, contributions, chance)),
    valuation: {
      id: 'bench',
      valueCents: 2_400_000_000n,
      fullyDilutedUnits: 12_000_000n,
      datedAtUs: 0n,
      approvedBy: 'bench',
      documentSha256: '00'.repeat(32),
    },
    verifiedPayees: new Set(payees),
    deficitInCents: 0n,
    carriedInCents: byKind(() => 0n),
    poolMicroJam: 1_000_000_000_000_000n,
    rowKey: new Uint8Array(32),
  };
}

function madeUpContribution(n: number, payees: readonly string[], chance: Chance): Contribution {
  const kind = present(CONTRIBUTION_KINDS[n % CONTRIBUTION_KINDS.length], 'kind');
  const payee = present(payees[chance.below(payees.length)], 'payee');
  return {
    id: n.toString(16).padStart(32, '0'),
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

function madeUpReceipt(n: number, chance: Chance): Receipt {
  return {
    id: `receipt-${n}`,
    principal: `payer-${n}`,
    stream: present(STREAMS[chance.below(STREAMS.length)], 'stream'),
    amountCents: BigInt(100 + chance.below(10_000)),
    currency: 'USD',
    reference: '',
    refundOf: null,
    receivedAtUs: 1n,
  };
}

function madeUpUse(
  n: number,
  principals: number,
  contributions: readonly Contribution[],
  chance: Chance,
): Use {
  const users = Math.max(1, Math.floor((principals * USERS_OF_TEN) / 10));
  const unit = chance.unit();
  const used = present(contributions[Math.floor(unit * unit * contributions.length)], 'contribution');
  return {
    row: `use-${n}`,
    contribution: used.id,
    meter: METERS[used.kind],
    quantity: BigInt(1 + chance.below(100_000)),
    principal: `payer-${chance.below(users)}`,
  };
}
