import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import { ACCOUNTS } from '../epoch/journal.ts';
import { kindMicroCents, rowSourceOf, type Settlement, settle } from '../epoch/settle.ts';
import { unitPrice } from '../money/unit-price.ts';
import { policySha256 } from '../policy/policy.ts';
import { monthNamed } from '../records/calendar.ts';
import { CONTRIBUTION_KINDS } from '../records/kinds.ts';
import { SHARE_UNITS } from '../records/rows.ts';
import { type PublicEpoch, publicEpochSha256 } from './public-epoch.ts';

/** What the audit reads of a log's leaf; the ledger verifier's decoded leaves fit. Settlements and accounts are passed over. */
export type AuditedLeaf =
  | {
      readonly type: 'entry';
      readonly state: 'posted' | 'pending';
      readonly key: string;
      readonly kind: string;
      readonly evidence: string | null;
      readonly legs: readonly { readonly account: string; readonly amount: bigint }[];
    }
  | {
      readonly type: 'record';
      readonly key: string;
      readonly kind: string;
      readonly sha256: string;
      readonly acceptedAtUs: bigint;
    }
  | { readonly type: 'account' }
  | { readonly type: 'settlement' };

export type AuditCode =
  | 'price-unknown'
  | 'row-shares-not-whole'
  | 'row-repeated'
  | 'kind-split-differs'
  | 'less-than-half-returned'
  | 'figures-differ'
  | 'carry-differs'
  | 'policy-not-in-log'
  | 'policy-after-epoch-opened'
  | 'epoch-not-opened-in-log'
  | 'statement-not-in-log'
  | 'pool-differs'
  | 'payment-differs'
  | 'payment-not-in-epoch';

export interface AuditedEpoch {
  readonly epochId: string;
  readonly statementSha256: string;
  readonly revenueCents: bigint;
  readonly contributorShareCents: bigint;
  readonly issuedMicroJam: bigint;
  readonly cashCents: bigint;
  readonly payees: number;
}

/**
 * Recomputes an epoch from public files only: its published rows and policy, and all leaves of the log in their order.
 * `previous` is the published epoch before it, for what was carried. Nothing of the operator's books is trusted.
 */
export function auditEpoch(
  epoch: PublicEpoch,
  leaves: readonly AuditedLeaf[],
  previous?: PublicEpoch,
): Result<AuditedEpoch, AuditCode> {
  const settled = recompute(epoch);
  if (!settled.ok) return settled;
  const statementSha256 = publicEpochSha256(epoch);
  const fault =
    carryFault(epoch, previous) ??
    figuresFault(epoch, settled.value) ??
    recordsFault(epoch, leaves, statementSha256) ??
    poolFault(epoch, leaves) ??
    paymentsFault(epoch, settled.value, leaves, statementSha256);
  if (fault) return fault;
  const { revenueCents, contributorShareCents, issuedMicroJam, cashCents, payments } = settled.value;
  const { epochId } = epoch;
  return ok({
    epochId,
    statementSha256,
    revenueCents,
    contributorShareCents,
    issuedMicroJam,
    cashCents,
    payees: payments.length,
  });
}

function recompute(epoch: PublicEpoch): Result<Settlement, AuditCode> {
  const price = unitPrice(epoch.policy, epoch.valuation);
  if (!price.ok) return refuse('price-unknown', price.message);
  const fault = rowsFault(epoch);
  if (fault) return fault;
  const groups = new Map(
    epoch.capped.flatMap((payees, index) => payees.map((payee) => [payee, `capped ${index}`])),
  );
  return ok(
    settle({
      ...epoch,
      rows: rowSourceOf(epoch.rows),
      price: price.value,
      groupOf: (payee) => groups.get(payee) ?? payee,
    }),
  );
}

/** The rows must be whole, told once, and divide each stream as the policy says, no kind getting more. */
function rowsFault(epoch: PublicEpoch): Refusal<AuditCode> | null {
  const ids = new Set(epoch.rows.map(({ rowId }) => rowId));
  if (ids.size !== epoch.rows.length) return refuse('row-repeated', 'A row id is there twice.');
  const split = kindMicroCents(epoch.policy, epoch.streamCents);
  for (const kind of CONTRIBUTION_KINDS) {
    const rows = epoch.rows.filter((row) => row.kind === kind);
    const sum = rows.reduce((total, row) => total + row.netMicroCents, 0n);
    const meritRows = rows.filter(({ rule }) => rule === 'merit').length;
    if (meritRows > 1)
      return refuse('row-repeated', `There are ${meritRows} merit rows of ${kind}; one is allowed.`);
    if (sum > split[kind] || (meritRows === 1 && sum !== split[kind])) {
      return refuse(
        'kind-split-differs',
        `Rows of ${kind} hold ${sum} of the ${split[kind]} that the policy gives them (10⁻⁶ cent).`,
      );
    }
  }
  for (const { rowId, shares } of epoch.rows) {
    const whole = shares.reduce((sum, { weight }) => sum + weight, 0n) === SHARE_UNITS;
    if (!whole || new Set(shares.map(({ payee }) => payee)).size !== shares.length) {
      return refuse(
        'row-shares-not-whole',
        `The shares of row ${rowId} do not sum to ${SHARE_UNITS}, each payee once.`,
      );
    }
  }
  return null;
}

function carryFault(epoch: PublicEpoch, previous: PublicEpoch | undefined): Refusal<AuditCode> | null {
  if (!previous) return null;
  const same =
    epoch.deficitInCents === previous.deficitOutCents &&
    CONTRIBUTION_KINDS.every((kind) => epoch.carriedInCents[kind] === previous.carriedOutCents[kind]);
  return same
    ? null
    : refuse('carry-differs', `Epoch ${epoch.epochId} did not take over what ${previous.epochId} carried.`);
}

function figuresFault(epoch: PublicEpoch, settled: Settlement): Refusal<AuditCode> | null {
  if (2n * epoch.contributorShareCents < epoch.revenueCents) {
    return refuse(
      'less-than-half-returned',
      `${epoch.contributorShareCents} of ${epoch.revenueCents} cents are less than half.`,
    );
  }
  const same =
    settled.revenueCents === epoch.revenueCents &&
    settled.deficitOutCents === epoch.deficitOutCents &&
    settled.contributorShareCents === epoch.contributorShareCents &&
    settled.entitledMicroJam === epoch.entitledMicroJam &&
    settled.issuedMicroJam === epoch.issuedMicroJam &&
    settled.cashCents === epoch.cashCents &&
    CONTRIBUTION_KINDS.every((kind) => settled.carriedOutCents[kind] === epoch.carriedOutCents[kind]);
  return same
    ? null
    : refuse('figures-differ', `The totals of epoch ${epoch.epochId} do not follow from its rows.`);
}

function recordsFault(
  epoch: PublicEpoch,
  leaves: readonly AuditedLeaf[],
  statementSha256: string,
): Refusal<AuditCode> | null {
  const find = (kind: string, sha256: string): number =>
    leaves.findIndex((leaf) => leaf.type === 'record' && leaf.kind === kind && leaf.sha256 === sha256);
  const policyHash = policySha256(epoch.policy);
  const policyAt = find('policy', policyHash);
  if (policyAt < 0)
    return refuse(
      'policy-not-in-log',
      `The policy ${policyHash} of epoch ${epoch.epochId} is not in the log.`,
    );
  const policyLeaf = leaves[policyAt];
  const beganUs = monthNamed(epoch.epochId)?.startUs ?? 0n;
  if (!epoch.policy.sample && policyLeaf?.type === 'record' && policyLeaf.acceptedAtUs >= beganUs) {
    return refuse(
      'policy-after-epoch-opened',
      `The policy came into the log after ${epoch.epochId} had begun.`,
    );
  }
  const openedAt = leaves.findIndex(
    (leaf) => leaf.type === 'record' && leaf.kind === 'epoch-opened' && leaf.key === openedKey(epoch.epochId),
  );
  if (openedAt < 0)
    return refuse('epoch-not-opened-in-log', `The log has no opening of epoch ${epoch.epochId}.`);
  if (openedAt < policyAt)
    return refuse(
      'policy-after-epoch-opened',
      `Epoch ${epoch.epochId} opened before its policy was in the log.`,
    );
  const opened = leaves[openedAt];
  if (opened?.type !== 'record' || opened.sha256 !== policyHash) {
    return refuse('policy-after-epoch-opened', `Epoch ${epoch.epochId} was opened under another policy.`);
  }
  return find('epoch-statement', statementSha256) > openedAt
    ? null
    : refuse(
        'statement-not-in-log',
        `The log does not hold the published statement of epoch ${epoch.epochId}.`,
      );
}

/** Key of the record that opens an epoch under a policy (whose hash it holds). */
export function openedKey(epochId: string): string {
  return `epoch:${epochId}:opened`;
}

/** The pool stated must be what the log left in it before the epoch's first issue. */
function poolFault(epoch: PublicEpoch, leaves: readonly AuditedLeaf[]): Refusal<AuditCode> | null {
  let pool = 0n;
  for (const leaf of leaves) {
    if (leaf.type !== 'entry' || leaf.state !== 'posted') continue;
    if (leaf.key.startsWith(`epoch:${epoch.epochId}:issue:`)) break;
    for (const { account, amount } of leaf.legs) if (account === ACCOUNTS.poolJam) pool += amount;
  }
  // Units may come back between the decision and its posting; a larger pool would have changed nothing unless it ran dry.
  const exhausted = epoch.issuedMicroJam < epoch.entitledMicroJam;
  if (epoch.issuedMicroJam === 0n || pool === epoch.poolMicroJam || (pool > epoch.poolMicroJam && !exhausted))
    return null;
  return refuse(
    'pool-differs',
    `The log left ${pool} µJAM in the pool, the statement says ${epoch.poolMicroJam}.`,
  );
}

/** Every leg of the epoch's entries against every recomputed payment, both ways. */
function paymentsFault(
  epoch: PublicEpoch,
  settled: Settlement,
  leaves: readonly AuditedLeaf[],
  statementSha256: string,
): Refusal<AuditCode> | null {
  const due = expectedLegs(epoch, settled);
  for (const leaf of leaves) {
    if (leaf.type !== 'entry' || !leaf.key.startsWith(`epoch:${epoch.epochId}:`)) continue;
    if (leaf.state !== 'posted' || leaf.evidence !== statementSha256) {
      return refuse(
        'payment-not-in-epoch',
        `Entry ${leaf.key} does not name the published statement as its evidence.`,
      );
    }
    for (const { account, amount } of leaf.legs) due.set(account, (due.get(account) ?? 0n) - amount);
  }
  for (const [account, difference] of due) {
    if (difference !== 0n)
      return refuse('payment-differs', `${account}: the log and the rows differ by ${difference}.`);
  }
  return null;
}

function expectedLegs(epoch: PublicEpoch, settled: Settlement): Map<string, bigint> {
  const escrowed = new Set(epoch.escrowed);
  const { contributorShareCents: share, issuedMicroJam, cashCents } = settled;
  const due = new Map<string, bigint>([
    [ACCOUNTS.incomeUsd, -share],
    [ACCOUNTS.reserveUsd, share - cashCents],
    [ACCOUNTS.poolJam, -issuedMicroJam],
  ]);
  for (const { payee, microJam, cents } of settled.payments) {
    const waits = escrowed.has(payee);
    due.set(waits ? ACCOUNTS.escrowJam(payee) : ACCOUNTS.payeeJam(payee), microJam);
    due.set(waits ? ACCOUNTS.escrowUsd(payee) : ACCOUNTS.payableUsd(payee), cents);
  }
  return due;
}
