import type { EpochInput } from '../core/epoch/close-epoch.ts';
import { samplePolicy } from '../core/policy/sample-policy.ts';
import { END_OF_TIME_US } from '../core/records/calendar.ts';
import { byKind } from '../core/records/kinds.ts';
import type { Contribution, Receipt, Use, Valuation } from '../core/records/records.ts';

/** The n-th made-up payee id. */
export function payeeId(n: number): string {
  return `p${n.toString(16).padStart(32, '0')}`;
}

export function contribution(
  n: number,
  fields: Partial<Contribution> & Pick<Contribution, 'kind'>,
): Contribution {
  const meters = {
    music: 'music/played-ms',
    code: 'code/usage',
    compute: 'compute/work-units',
    curation: 'curation/votes',
  };
  return {
    id: n.toString(16).padStart(32, '0'),
    schema: 'jamnet/contribution/v1',
    meter: meters[fields.kind],
    payees: [{ payee: payeeId(n), weight: 1n }],
    merit: 1n,
    subject: `subject ${n}`,
    acceptedAtUs: 1_000_000n,
    evidence: n.toString(16).padStart(64, '0'),
    ownerGroup: `group-${n}`,
    ...fields,
  };
}

export function receipt(n: number, fields: Partial<Receipt>): Receipt {
  return {
    id: `receipt-${n}`,
    principal: `payer-${n}`,
    stream: 'subscription',
    amountCents: 1_000n,
    currency: 'USD',
    reference: '',
    refundOf: null,
    receivedAtUs: 1_000_000n,
    ...fields,
  };
}

export function use(n: number, fields: Pick<Use, 'contribution' | 'principal'> & Partial<Use>): Use {
  return { row: `use-${n}`, meter: 'music/listened-ms', quantity: 1n, ...fields };
}

/** $24M over 12M units: n = $2. */
export const VALUATION: Valuation = {
  id: 'valuation-1',
  valueCents: 2_400_000_000n,
  fullyDilutedUnits: 12_000_000n,
  datedAtUs: 0n,
  approvedBy: 'board',
  documentSha256: '11'.repeat(32),
};

/** One contribution of each kind, one paying subscriber. */
export function epochInput(fields: Partial<EpochInput> = {}): EpochInput {
  const contributions = fields.contributions ?? [
    contribution(1, { kind: 'music', merit: 300n }),
    contribution(2, { kind: 'code', merit: 20n }),
    contribution(3, { kind: 'compute', merit: 7n }),
    contribution(4, { kind: 'curation', merit: 1n }),
  ];
  return {
    policy: samplePolicy({ epochId: 'sample-1' }),
    window: { id: 'sample-1', startUs: 0n, endUs: END_OF_TIME_US },
    receipts: [receipt(1, {})],
    contributions,
    uses: [],
    valuation: VALUATION,
    verifiedPayees: new Set(contributions.flatMap(({ payees }) => payees.map(({ payee }) => payee))),
    deficitInCents: 0n,
    carriedInCents: byKind(() => 0n),
    poolMicroJam: 1_000_000_000_000n,
    rowKey: new Uint8Array(32).fill(7),
    ...fields,
  };
}
