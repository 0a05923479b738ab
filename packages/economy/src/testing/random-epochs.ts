import fc from 'fast-check';
import type { EpochInput } from '../core/epoch/close-epoch.ts';
import { samplePolicy } from '../core/policy/sample-policy.ts';
import { CONTRIBUTION_KINDS, STREAMS } from '../core/records/kinds.ts';
import type { Contribution, Receipt, Use } from '../core/records/records.ts';
import { contribution, epochInput, payeeId, receipt, use } from './sample-input.ts';

export const USE_METERS = {
  music: 'music/listened-ms',
  code: 'code/usage',
  compute: 'compute/work-units',
  curation: 'curation/votes',
};

/** n = $2: a µJAM is 1/5,000 cent. */
export const MICRO_JAM_PER_CENT = 5_000n;

interface World {
  readonly contributions: readonly Contribution[];
  readonly receipts: readonly Receipt[];
  readonly uses: readonly Use[];
  readonly capPpm: number;
  readonly poolMicroJam: bigint;
  readonly issueNumerator: number;
}

const contributions = fc
  .array(
    fc.record({
      kind: fc.constantFrom(...CONTRIBUTION_KINDS),
      merit: fc.bigInt(0n, 10n ** 9n),
      payees: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 3 }),
      weight: fc.bigInt(1n, 1000n),
      group: fc.integer({ min: 1, max: 6 }),
    }),
    { maxLength: 14 },
  )
  .map((list) =>
    list.map(({ kind, merit, payees, weight, group }, n) =>
      contribution(n + 1, {
        kind,
        merit,
        ownerGroup: `group-${group}`,
        payees: payees.map((payee, k) => ({ payee: payeeId(payee), weight: weight + BigInt(k) })),
      }),
    ),
  );

const payments = fc
  .array(
    fc.tuple(
      fc.constantFrom(...STREAMS),
      fc.bigInt(1n, 10n ** 7n),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 0, max: 3 }),
    ),
    {
      maxLength: 10,
    },
  )
  .map((list) =>
    list.flatMap(([stream, amountCents, payer, refunded], n): Receipt[] => {
      const paid = receipt(n, { stream, amountCents, principal: `payer-${payer}` });
      const back = { id: `refund-${n}`, refundOf: paid.id, amountCents: amountCents / 2n + 1n };
      return refunded === 0 ? [paid, { ...paid, ...back }] : [paid];
    }),
  );

export const worlds: fc.Arbitrary<World> = fc
  .record({
    contributions,
    receipts: payments,
    capPpm: fc.constantFrom(1_000_000, 500_000, 200_000),
    poolMicroJam: fc.constantFrom(10n ** 15n, 10_000_000n, 0n),
    issueNumerator: fc.constantFrom(5, 1),
  })
  .chain((world) => {
    const some = world.contributions.length > 0;
    const index = fc.nat({ max: Math.max(0, world.contributions.length - 1) });
    const used = fc.array(fc.tuple(index, fc.integer({ min: 1, max: 6 }), fc.bigInt(1n, 10n ** 9n)), {
      maxLength: some ? 20 : 0,
    });
    return used.map((list) => ({
      ...world,
      uses: list.map(([at, payer, quantity], n) => useOf(world.contributions[at], payer, quantity, n)),
    }));
  });

function useOf(used: Contribution | undefined, payer: number, quantity: bigint, n: number): Use {
  const kind = used?.kind ?? 'music';
  return use(n, {
    contribution: used?.id ?? '',
    principal: `payer-${payer}`,
    quantity,
    meter: USE_METERS[kind],
  });
}

export function inputOf(world: World): EpochInput {
  const policy = samplePolicy({ epochId: 'sample-1' });
  return epochInput({
    ...world,
    policy: {
      ...policy,
      ownerGroupCapPpm: world.capPpm,
      issueShare: { numerator: world.issueNumerator, denominator: 5 },
    },
  });
}
