import { assert, divideRoundingUp, present } from '@jamnet/base';
import { lesser, sumOf } from '../money/amounts.ts';
import { apportion } from '../money/apportion.ts';
import { issuedMicroJam, type UnitPrice } from '../money/unit-price.ts';
import type { Policy } from '../policy/policy.ts';
import { type ByKind, byKind, CONTRIBUTION_KINDS, STREAMS, type Stream } from '../records/kinds.ts';
import type { RowRule } from '../records/rows.ts';
import { apportionCapped } from './owner-groups.ts';

/** A row as everybody may see it: no payer, no time, no contribution. */
export interface PublicRow {
  readonly rowId: string;
  readonly rule: RowRule;
  readonly kind: (typeof CONTRIBUTION_KINDS)[number];
  /** 10⁻⁶ cent of net revenue. */
  readonly netMicroCents: bigint;
  /** Sum to 10¹⁸; sorted by payee. */
  readonly shares: readonly { readonly payee: string; readonly weight: bigint }[];
}

/** What a row's weight in the pot depends on. */
export type WeighedRow = Pick<PublicRow, 'rule' | 'kind' | 'netMicroCents'>;

/** Rows as a settlement needs them, however they are kept. */
export interface RowSource {
  heads(): Iterable<WeighedRow>;
  /** Σ row weight × share, by payee; rows that weigh nothing give none. */
  points(weightOf: (row: WeighedRow) => bigint): ReadonlyMap<string, bigint>;
}

/** Rows as published. */
export function rowSourceOf(rows: readonly PublicRow[]): RowSource {
  return {
    heads: () => rows,
    points: (weightOf) => {
      const points = new Map<string, bigint>();
      for (const row of rows) {
        const weight = weightOf(row);
        if (weight === 0n) continue;
        for (const { payee, weight: part } of row.shares)
          points.set(payee, (points.get(payee) ?? 0n) + weight * part);
      }
      return points;
    },
  };
}

/** All that decides who gets how much: public, and used alike by the operator and by an auditor. */
export interface SettlementInput {
  readonly policy: Policy;
  readonly epochId: string;
  readonly price: UnitPrice;
  readonly streamCents: Readonly<Record<Stream, bigint>>;
  readonly shortfallCents: bigint;
  readonly deficitInCents: bigint;
  readonly carriedInCents: ByKind<bigint>;
  /** Units left in the contributor pool. */
  readonly poolMicroJam: bigint;
  readonly rows: RowSource;
  readonly groupOf: (payee: string) => string;
}

export interface Payment {
  readonly payee: string;
  readonly microJam: bigint;
  readonly cents: bigint;
}

export interface Settlement {
  readonly revenueCents: bigint;
  readonly deficitOutCents: bigint;
  /** D = ⌈θR⌉, which goes to the redemption reserve. */
  readonly contributorShareCents: bigint;
  readonly carriedOutCents: ByKind<bigint>;
  /** What D (and what was carried in) is worth in µJAM, before the pool's limit. */
  readonly entitledMicroJam: bigint;
  readonly issuedMicroJam: bigint;
  /** Owed in cash: (1 − φ) of the share, and what an empty pool could not issue. */
  readonly cashCents: bigint;
  /** Sorted by payee; amounts of 0 are left out. */
  readonly payments: readonly Payment[];
  /** Groups held at the policy's cap. */
  readonly cappedGroups: readonly string[];
  /** What a row weighs in the pot. */
  readonly weightOf: (row: WeighedRow) => bigint;
}

/** Steps 2, 4 (cap) and 5 of DESIGN §5. Sums are exact; nothing depends on the order of rows. */
export function settle(input: SettlementInput): Settlement {
  const { policy, epochId } = input;
  const revenue = netRevenue(input);
  const share = contributorShare(policy, revenue.revenueCents);
  const weights = weigh(input, share);
  const pot: Pot = { parts: sumOf(Object.values(weights.payable)), unit: weights.unit };
  const entitledMicroJam = issuedMicroJam(pot.parts, pot.unit, input.price, policy.issueShare);
  const base = { ...revenue, contributorShareCents: share, entitledMicroJam, weightOf: weights.weightOf };
  if (entitledMicroJam === 0n) {
    // Less than a µJAM: nobody can be paid from it yet.
    const carriedOutCents = byKind((kind) => (weights.stranded[kind] + weights.payable[kind]) / pot.unit);
    return { ...base, carriedOutCents, issuedMicroJam: 0n, cashCents: 0n, payments: [], cappedGroups: [] };
  }
  const payees = [...weights.points.keys()].sort();
  const capped = apportionCapped({
    total: entitledMicroJam,
    capPpm: policy.ownerGroupCapPpm,
    payees,
    weights: payees.map((payee) => present(weights.points.get(payee), 'points')),
    groupOf: input.groupOf,
    salt: epochId,
  });
  const leftCents = (pot.parts * capped.left) / (entitledMicroJam * pot.unit);
  const stranded = byKind((kind) => weights.stranded[kind] / pot.unit);
  const carriedOutCents = carryByKind(stranded, leftCents, weights.payable, epochId);
  const paid = payOut(input, pot, entitledMicroJam, payees, capped.amounts);
  return { ...base, carriedOutCents, cappedGroups: capped.groups, ...paid };
}

/** An exact amount of cents: parts / unit. What is carried is rounded down, so less than a cent a kind stays in the reserve. */
interface Pot {
  readonly parts: bigint;
  readonly unit: bigint;
}

function netRevenue(input: SettlementInput): { revenueCents: bigint; deficitOutCents: bigint } {
  let sum = -input.shortfallCents - input.deficitInCents;
  for (const stream of STREAMS) sum += input.streamCents[stream];
  return sum >= 0n ? { revenueCents: sum, deficitOutCents: 0n } : { revenueCents: 0n, deficitOutCents: -sum };
}

/** D = ⌈θ·R⌉, computed once. */
export function contributorShare(
  { contributorShare: { numerator, denominator } }: Policy,
  revenueCents: bigint,
): bigint {
  const share = divideRoundingUp(BigInt(numerator) * revenueCents, BigInt(denominator));
  assert(2n * share >= revenueCents, 'at least half of the revenue goes back');
  return share;
}

interface EpochWeights {
  /** T: a weight of T is a cent of the pot. */
  readonly unit: bigint;
  /** Σ row weight × share, by payee. */
  readonly points: ReadonlyMap<string, bigint>;
  readonly weightOf: (row: WeighedRow) => bigint;
  readonly payable: ByKind<bigint>;
  /** Money of kinds that nobody can be paid from yet. */
  readonly stranded: ByKind<bigint>;
}

/**
 * The weight of money in units of 1/T cent of the pot, T = all net revenue in 10⁻⁶ cent: of a row's net, `net × D`;
 * of cents carried in, `cents × T`. So new and carried money stand in exact proportion without a division.
 */
function weigh(input: SettlementInput, share: bigint): EpochWeights {
  const kindTotals = kindMicroCents(input.policy, input.streamCents);
  const unit = unitOf(kindTotals);
  const payable = byKind(() => 0n);
  const stranded = byKind((kind) => kindTotals[kind] * share + input.carriedInCents[kind] * unit);
  const weightOf = rowWeights({ ...input, contributorShareCents: share });
  for (const row of input.rows.heads()) {
    const weight = weightOf(row);
    payable[row.kind] += weight;
    stranded[row.kind] -= weight;
  }
  for (const kind of CONTRIBUTION_KINDS)
    assert(stranded[kind] >= 0n, `rows of ${kind} exceed what its streams gave`);
  return { unit, points: input.rows.points(weightOf), weightOf, payable, stranded };
}

/** What a row weighs in the pot of an epoch: all that it depends on is public. */
export function rowWeights(
  epoch: Pick<SettlementInput, 'policy' | 'streamCents' | 'carriedInCents'> &
    Pick<Settlement, 'contributorShareCents'>,
): Settlement['weightOf'] {
  const unit = unitOf(kindMicroCents(epoch.policy, epoch.streamCents));
  const { carriedInCents, contributorShareCents: share } = epoch;
  return ({ rule, kind, netMicroCents }) =>
    netMicroCents * share + (rule === 'merit' ? carriedInCents[kind] * unit : 0n);
}

function unitOf(kindTotals: ByKind<bigint>): bigint {
  const all = CONTRIBUTION_KINDS.reduce((sum, kind) => sum + kindTotals[kind], 0n);
  return all > 0n ? all : 1n;
}

/** What the policy's split gives each kind, 10⁻⁶ cent. */
export function kindMicroCents(
  policy: Policy,
  streamCents: Readonly<Record<Stream, bigint>>,
): ByKind<bigint> {
  return byKind((kind) =>
    STREAMS.reduce(
      (sum, stream) => sum + streamCents[stream] * BigInt(policy.streams[stream].kindsPpm[kind]),
      0n,
    ),
  );
}

function carryByKind(
  carried: ByKind<bigint>,
  cents: bigint,
  weights: ByKind<bigint>,
  salt: string,
): ByKind<bigint> {
  if (cents === 0n) return carried;
  const kinds = CONTRIBUTION_KINDS;
  const parts = apportion(
    cents,
    kinds.map((kind) => weights[kind]),
    (index) => present(kinds[index], 'kind'),
    salt,
  );
  return byKind((kind) => carried[kind] + present(parts[kinds.indexOf(kind)], 'part'));
}

/** Units as far as the pool reaches; the cash share of φ and what the pool lacks as a claim on the reserve. */
function payOut(
  { policy: { issueShare }, poolMicroJam, epochId }: SettlementInput,
  pot: Pot,
  entitled: bigint,
  payees: readonly string[],
  amounts: readonly bigint[],
): { issuedMicroJam: bigint; cashCents: bigint; payments: Payment[] } {
  const divided = amounts.reduce((sum, amount) => sum + amount, 0n);
  const issued = lesser(divided, poolMicroJam);
  const [numerator, denominator] = [BigInt(issueShare.numerator), BigInt(issueShare.denominator)];
  const cashWeight = (denominator - numerator) * divided + numerator * (divided - issued);
  const cashCents = (pot.parts * cashWeight) / (pot.unit * denominator * entitled);
  const key = (index: number): string => present(payees[index], 'payee');
  const jam = divided === 0n || issued === divided ? amounts : apportion(issued, amounts, key, epochId);
  const cash = divided === 0n ? amounts : apportion(cashCents, amounts, key, epochId);
  const payments = payees.map((payee, index) => ({
    payee,
    microJam: present(jam[index], 'jam'),
    cents: present(cash[index], 'cash'),
  }));
  return {
    issuedMicroJam: issued,
    cashCents,
    payments: payments.filter(({ microJam, cents }) => microJam > 0n || cents > 0n),
  };
}
