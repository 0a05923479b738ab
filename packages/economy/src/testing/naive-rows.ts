import { canonicalJson, encodeUtf8, present, toHex } from '@jamnet/base';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { PaidByPrincipal } from '../core/epoch/revenue.ts';
import type { PublicRow } from '../core/epoch/settle.ts';
import { apportion } from '../core/money/apportion.ts';
import type { Policy } from '../core/policy/policy.ts';
import { type PublicEpoch, publicEpochDocument } from '../core/public/public-epoch.ts';
import { type ByKind, byKind, CONTRIBUTION_KINDS, type ContributionKind } from '../core/records/kinds.ts';
import type { Contribution, Use } from '../core/records/records.ts';
import { type RowRule, SHARE_UNITS } from '../core/records/rows.ts';

/** A part of the epoch's money with who earns it, before it is made public. */
export interface Row {
  readonly rule: RowRule;
  readonly kind: ContributionKind;
  /** The payer of a use row; `null` for merit rows, which hold many. */
  readonly principal: string | null;
  /** 10⁻⁶ cent of net revenue: cents × parts per million of the kind, so nothing is rounded here. */
  readonly netMicroCents: bigint;
  readonly shares: readonly ContributionShare[];
}

interface ContributionShare {
  readonly contribution: string;
  readonly payee: string;
  /** Of {@link SHARE_UNITS}. */
  readonly weight: bigint;
}

interface Rows {
  readonly rows: readonly Row[];
  /** Money of a kind that has neither use nor merit to divide it by. */
  readonly strandedMicroCents: ByKind<bigint>;
}

interface RowInput {
  readonly policy: Policy;
  readonly epochId: string;
  readonly paid: PaidByPrincipal;
  /** Accepted in this epoch: their merit counts. */
  readonly contributions: readonly Contribution[];
  /** All that uses may name, those of earlier epochs included. */
  readonly known: ReadonlyMap<string, Contribution>;
  readonly usesByPrincipal: ReadonlyMap<string, readonly Use[]>;
  readonly carriedCents: ByKind<bigint>;
}

/** Steps 3 and 4: each principal's money by kind, and each kind's by his own use or else by verified merit. */
export function buildRows(input: RowInput): Rows {
  const rows: Row[] = [];
  const unused = byKind(() => 0n);
  for (const [principal, amounts] of input.paid) {
    const used = usedOfKind(input, principal);
    const net = splitByKind(input.policy, amounts);
    for (const kind of CONTRIBUTION_KINDS) {
      const weights = used.get(kind);
      if (net[kind] === 0n) continue;
      if (weights === undefined) unused[kind] += net[kind];
      else
        rows.push({
          rule: 'use',
          kind,
          principal,
          netMicroCents: net[kind],
          shares: toShares(input, weights),
        });
    }
  }
  const strandedMicroCents = byKind(() => 0n);
  for (const kind of CONTRIBUTION_KINDS) {
    if (unused[kind] === 0n && input.carriedCents[kind] === 0n) continue;
    const merit = meritOfKind(input, kind);
    if (merit.size === 0) strandedMicroCents[kind] = unused[kind];
    else
      rows.push({
        rule: 'merit',
        kind,
        principal: null,
        netMicroCents: unused[kind],
        shares: toShares(input, merit),
      });
  }
  return { rows, strandedMicroCents };
}

function splitByKind(
  policy: Policy,
  amounts: readonly { stream: keyof Policy['streams']; cents: bigint }[],
): ByKind<bigint> {
  const net = byKind(() => 0n);
  for (const { stream, cents } of amounts) {
    const split = policy.streams[stream].kindsPpm;
    for (const kind of CONTRIBUTION_KINDS) net[kind] += cents * BigInt(split[kind]);
  }
  return net;
}

type Weights = Map<string, bigint>;

function usedOfKind(input: RowInput, principal: string): Map<ContributionKind, Weights> {
  const kinds = new Map<ContributionKind, Weights>();
  for (const use of input.usesByPrincipal.get(principal) ?? []) {
    const { kind } = present(input.known.get(use.contribution), 'used contribution');
    const weights = kinds.get(kind) ?? new Map<string, bigint>();
    const weight = use.quantity * meterWeight(input.policy, use.meter);
    weights.set(use.contribution, (weights.get(use.contribution) ?? 0n) + weight);
    kinds.set(kind, weights);
  }
  return kinds;
}

function meritOfKind(input: RowInput, kind: ContributionKind): Weights {
  const weights: Weights = new Map();
  for (const { id, kind: own, merit, meter } of input.contributions) {
    if (own === kind && merit > 0n) weights.set(id, merit * meterWeight(input.policy, meter));
  }
  return weights;
}

function meterWeight(policy: Policy, meter: string): bigint {
  return BigInt(present(policy.meters[meter], 'meter').weight);
}

/** Contribution weights → shares of payees, by largest remainder twice; the shares sum to {@link SHARE_UNITS}. */
function toShares({ epochId, known }: RowInput, weights: Weights): ContributionShare[] {
  const ids = [...weights.keys()];
  const parts = apportion(SHARE_UNITS, [...weights.values()], (index) => present(ids[index], 'id'), epochId);
  const shares: ContributionShare[] = [];
  ids.forEach((contribution, index) => {
    const { payees } = present(known.get(contribution), 'contribution');
    const part = present(parts[index], 'part');
    const split = payees.length === 1 ? [part] : splitAmongPayees(part, payees, epochId);
    payees.forEach(({ payee }, k) => {
      shares.push({ contribution, payee, weight: present(split[k], 'split') });
    });
  });
  return shares;
}

function splitAmongPayees(part: bigint, payees: Contribution['payees'], epochId: string): bigint[] {
  return apportion(
    part,
    payees.map(({ weight }) => weight),
    (index) => present(payees[index], 'payee').payee,
    epochId,
  );
}

/** The name of an unverifiable, unlinkable row: HMAC-SHA256(key, principal ‖ 0 ‖ epoch ‖ 0 ‖ kind), hex. */
export function rowIdOf(key: Uint8Array, row: Pick<Row, 'principal' | 'kind'>, epochId: string): string {
  return toHex(hmac(sha256, key, encodeUtf8(`${row.principal ?? ''}\0${epochId}\0${row.kind}`)));
}

/** Shares summed by payee and sorted; contributions and payer are left out. */
export function publicRow(row: Row, rowId: string): PublicRow {
  const weights = new Map<string, bigint>();
  for (const { payee, weight } of row.shares) weights.set(payee, (weights.get(payee) ?? 0n) + weight);
  const shares = [...weights]
    .filter(([, weight]) => weight > 0n)
    .map(([payee, weight]) => ({ payee, weight }))
    .sort((a, b) => (a.payee < b.payee ? -1 : 1));
  return { rowId, rule: row.rule, kind: row.kind, netMicroCents: row.netMicroCents, shares };
}

/** SHA-256 of the whole document's canonical JSON. */
export function naiveSha256(epoch: PublicEpoch): string {
  return toHex(sha256(encodeUtf8(canonicalJson(publicEpochDocument(epoch)))));
}
