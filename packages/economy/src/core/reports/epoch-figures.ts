import { ok, present, type Result } from '@jamnet/base';
import { rowSourceOf, type Settlement, settle } from '../epoch/settle.ts';
import { sumOf } from '../money/amounts.ts';
import { apportion } from '../money/apportion.ts';
import { type UnitPrice, unitPrice } from '../money/unit-price.ts';
import type { PublicEpoch } from '../public/public-epoch.ts';
import {
  type ByKind,
  byKind,
  CONTRIBUTION_KINDS,
  type ContributionKind,
  type Stream,
} from '../records/kinds.ts';
import type { Valuation } from '../records/records.ts';
import { rankCorrelationPpm } from './rank-correlation.ts';

/** Streams that come again by themselves, month after month. */
export const RECURRING_STREAMS: readonly Stream[] = ['subscription', 'storage'];

/** What one payee got, divided among the kinds. */
export interface PaidShare {
  readonly payee: string;
  readonly microJam: bigint;
  readonly cents: bigint;
  /** Sums to `microJam`: largest remainder by the payee's points of each kind. */
  readonly byKind: ByKind<bigint>;
  readonly escrowed: boolean;
}

/** Figures of one closed epoch that anybody can work out from its public file alone. */
export interface EpochFigures {
  readonly epochId: string;
  readonly sample: boolean;
  readonly policyName: string;
  readonly revenueCents: bigint;
  readonly streamCents: Readonly<Record<Stream, bigint>>;
  /** Net revenue of {@link RECURRING_STREAMS} that counted in the epoch. */
  readonly recurringCents: bigint;
  readonly shareCents: bigint;
  readonly issuedMicroJam: bigint;
  readonly cashCents: bigint;
  readonly price: UnitPrice | null;
  readonly valuation: Valuation | null;
  /** Payees with a part of any row. */
  readonly participants: number;
  /** Payees with a part of a compute row: they run machines. */
  readonly operators: number;
  readonly rows: number;
  readonly correlation: Correlation;
  /** The largest first. */
  readonly paid: readonly PaidShare[];
}

/** Of verified merit and money, over all payees of the kinds in which some money followed use and some merit. */
export interface Correlation {
  readonly ppm: bigint | null;
  readonly pairs: number;
  readonly kinds: readonly ContributionKind[];
}

export function epochFigures(epoch: PublicEpoch): Result<EpochFigures> {
  const price = unitPrice(epoch.policy, epoch.valuation);
  if (!price.ok) return price;
  const groups = new Map(
    epoch.capped.flatMap((payees, index) => payees.map((payee) => [payee, `capped ${index}`])),
  );
  const settled = settle({
    ...epoch,
    rows: rowSourceOf(epoch.rows),
    price: price.value,
    groupOf: (payee) => groups.get(payee) ?? payee,
  });
  const points = byKind((kind) =>
    rowSourceOf(epoch.rows.filter((row) => row.kind === kind)).points(settled.weightOf),
  );
  const everybody = new Set(epoch.rows.flatMap(({ shares }) => shares.map(({ payee }) => payee)));
  return ok({
    epochId: epoch.epochId,
    sample: epoch.policy.sample,
    policyName: epoch.policy.name,
    revenueCents: epoch.revenueCents,
    streamCents: epoch.streamCents,
    recurringCents: sumOf(RECURRING_STREAMS.map((stream) => epoch.streamCents[stream])),
    shareCents: epoch.contributorShareCents,
    issuedMicroJam: epoch.issuedMicroJam,
    cashCents: epoch.cashCents,
    price: price.value,
    valuation: epoch.valuation,
    participants: everybody.size,
    operators: new Set(
      epoch.rows
        .filter(({ kind }) => kind === 'compute')
        .flatMap(({ shares }) => shares.map(({ payee }) => payee)),
    ).size,
    rows: epoch.rows.length,
    correlation: correlationOf(epoch, points),
    paid: paidShares(epoch, settled, points),
  });
}

type Points = ByKind<ReadonlyMap<string, bigint>>;

function paidShares(epoch: PublicEpoch, settled: Settlement, points: Points): PaidShare[] {
  const escrowed = new Set(epoch.escrowed);
  const paid = settled.payments.map(({ payee, microJam, cents }) => {
    const weights = CONTRIBUTION_KINDS.map((kind) => points[kind].get(payee) ?? 0n);
    const parts = weights.some((weight) => weight > 0n)
      ? apportion(
          microJam,
          weights,
          (index) => present(CONTRIBUTION_KINDS[index], 'kind'),
          `${epoch.epochId}\0${payee}`,
        )
      : [];
    const share = byKind((kind) => parts[CONTRIBUTION_KINDS.indexOf(kind)] ?? 0n);
    return { payee, microJam, cents, byKind: share, escrowed: escrowed.has(payee) };
  });
  return paid.sort((a, b) =>
    a.microJam === b.microJam ? (a.payee < b.payee ? -1 : 1) : a.microJam > b.microJam ? -1 : 1,
  );
}

/** Both sides are parts of their kind in units of 10⁻¹⁸, so that kinds of any size can stand beside each other. */
function correlationOf(epoch: PublicEpoch, points: Points): Correlation {
  const pairs: [bigint, bigint][] = [];
  const kinds: ContributionKind[] = [];
  for (const kind of CONTRIBUTION_KINDS) {
    const merit = epoch.rows.find((row) => row.kind === kind && row.rule === 'merit');
    const byUse = epoch.rows.some((row) => row.kind === kind && row.rule === 'use');
    const total = sumOf(points[kind].values());
    if (!merit || !byUse || total === 0n) continue;
    kinds.push(kind);
    const merits = new Map(merit.shares.map(({ payee, weight }) => [payee, weight]));
    for (const payee of new Set([...merits.keys(), ...points[kind].keys()])) {
      const money = ((points[kind].get(payee) ?? 0n) * 1_000_000_000_000_000_000n) / total;
      pairs.push([merits.get(payee) ?? 0n, money]);
    }
  }
  return { ppm: rankCorrelationPpm(pairs), pairs: pairs.length, kinds };
}
