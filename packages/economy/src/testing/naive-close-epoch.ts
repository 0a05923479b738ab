import { assert, ok, present, type Result, refuse } from '@jamnet/base';
import type { EpochInput, EpochStatement } from '../core/epoch/close-epoch.ts';
import type { EpochCode } from '../core/epoch/epoch-terms.ts';
import { groupPayees } from '../core/epoch/owner-groups.ts';
import { countRevenue } from '../core/epoch/revenue.ts';
import { type PublicRow, rowSourceOf, settle } from '../core/epoch/settle.ts';
import { unitPrice } from '../core/money/unit-price.ts';
import type { Policy } from '../core/policy/policy.ts';
import type { PublicEpoch } from '../core/public/public-epoch.ts';
import {
  type Contribution,
  checkContribution,
  checkUse,
  type Receipt,
  type Use,
} from '../core/records/records.ts';
import { explain } from './naive-explain.ts';
import { buildRows, naiveSha256, publicRow, type Row, rowIdOf } from './naive-rows.ts';

/** The naive model of closing an epoch: plain objects and maps, nothing clever. The columns must agree with it. */
export function naiveCloseEpoch(input: EpochInput): Result<EpochStatement, EpochCode> {
  const price = unitPrice(input.policy, input.valuation);
  if (!price.ok) return price;
  if (input.valuation && input.valuation.datedAtUs >= input.window.endUs) {
    return refuse(
      'valuation-after-epoch',
      `Valuation ${input.valuation.id} is dated after the epoch: use the last one before its end.`,
    );
  }
  if (input.rowKey.length !== 32) return refuse('row-key-malformed', 'The row key is 32 random bytes.');
  const known = indexContributions(input);
  if (!known.ok) return known;
  const usesByPrincipal = indexUses(input.policy, input.uses, known.value);
  if (!usesByPrincipal.ok) return usesByPrincipal;
  const epochId = input.window.id;
  const revenue = countRevenue(
    input.policy,
    epochId,
    input.window.endUs,
    input.receipts,
    input.deficitInCents,
  );
  if (!revenue.ok) return revenue;

  const { rows } = buildRows({
    policy: input.policy,
    epochId,
    paid: revenue.value.paid,
    contributions: input.contributions,
    known: known.value,
    usesByPrincipal: usesByPrincipal.value,
    carriedCents: input.carriedInCents,
  });
  const named = rows
    .map((row) => ({ row, publicRow: publicRow(row, rowIdOf(input.rowKey, row, epochId)) }))
    .sort((a, b) => (a.publicRow.rowId < b.publicRow.rowId ? -1 : 1));
  const publicRows = named.map((entry) => entry.publicRow);
  const groups = groupPayees(payeesOf(publicRows), known.value.values(), input.payeeGroups ?? new Map());
  const groupOf = (payee: string): string => present(groups.get(payee), 'group');
  const { shortfallCents, streamCents } = revenue.value;
  const amounts = { streamCents, shortfallCents, deficitInCents: input.deficitInCents };
  const carried = { carriedInCents: input.carriedInCents, poolMicroJam: input.poolMicroJam };
  const settled = settle({
    policy: input.policy,
    epochId,
    price: price.value,
    ...amounts,
    ...carried,
    rows: rowSourceOf(publicRows),
    groupOf,
  });
  assert(settled.revenueCents === revenue.value.revenueCents, 'one revenue');

  const { payments, cappedGroups, weightOf: _, ...figures } = settled;
  const publicEpoch: PublicEpoch = {
    schema: 'jamnet/public-epoch/v1',
    epochId,
    policy: input.policy,
    valuation: input.valuation,
    ...amounts,
    ...carried,
    ...figures,
    rows: publicRows,
    capped: cappedGroups.map((group) => payeesOf(publicRows).filter((payee) => groupOf(payee) === group)),
    escrowed: payments.map(({ payee }) => payee).filter((payee) => !input.verifiedPayees.has(payee)),
  };
  return ok({
    epochId,
    sha256: naiveSha256(publicEpoch),
    publicEpoch,
    payments: explain(named, settled, epochId, input.verifiedPayees),
    countedReceipts: revenue.value.countedReceipts,
    pendingReceipts: revenue.value.pendingReceipts,
    rowReceipts: receiptsOfRows(named, input.receipts, new Set(revenue.value.countedReceipts)),
  });
}

function indexContributions(input: EpochInput): Result<Map<string, Contribution>, EpochCode> {
  const known = new Map<string, Contribution>();
  for (const list of [input.contributions, input.earlierContributions ?? []]) {
    for (const contribution of list) {
      const checked = checkContribution(contribution);
      if (!checked.ok) return checked;
      const fault = contributionFault(input, contribution, known);
      if (fault) return fault;
      known.set(contribution.id, contribution);
    }
  }
  return ok(known);
}

function contributionFault(
  input: EpochInput,
  contribution: Contribution,
  known: ReadonlyMap<string, Contribution>,
) {
  const { id, meter, kind } = contribution;
  const rule = input.policy.meters[meter];
  if (known.has(id)) return refuse<EpochCode>('duplicate-contribution', `Contribution ${id} is there twice.`);
  if (!rule)
    return refuse<EpochCode>('unknown-meter', `Contribution ${id}: the policy has no meter ${meter}.`);
  if (rule.kind !== kind)
    return refuse<EpochCode>(
      'meter-of-other-kind',
      `Contribution ${id}: ${meter} measures ${rule.kind}, not ${kind}.`,
    );
  if (contribution.acceptedAtUs >= input.window.endUs) {
    return refuse<EpochCode>(
      'contribution-after-epoch',
      `Contribution ${id} was accepted after the epoch: it belongs to the next.`,
    );
  }
  return null;
}

function indexUses(
  policy: Policy,
  uses: readonly Use[],
  known: ReadonlyMap<string, Contribution>,
): Result<Map<string, Use[]>, EpochCode> {
  const byPrincipal = new Map<string, Use[]>();
  for (const use of uses) {
    const checked = checkUse(use);
    if (!checked.ok) return checked;
    const used = known.get(use.contribution);
    if (!used)
      return refuse(
        'use-of-unknown-contribution',
        `Use ${use.row}: contribution ${use.contribution} is not known.`,
      );
    const rule = policy.meters[use.meter];
    if (!rule) return refuse('unknown-meter', `Use ${use.row}: the policy has no meter ${use.meter}.`);
    if (rule.kind !== used.kind)
      return refuse(
        'meter-of-other-kind',
        `Use ${use.row}: ${use.meter} measures ${rule.kind}, not ${used.kind}.`,
      );
    const own = byPrincipal.get(use.principal);
    if (own) own.push(use);
    else byPrincipal.set(use.principal, [use]);
  }
  return ok(byPrincipal);
}

function payeesOf(rows: readonly PublicRow[]): string[] {
  return [...new Set(rows.flatMap(({ shares }) => shares.map(({ payee }) => payee)))].sort();
}

function receiptsOfRows(
  named: readonly { row: Row; publicRow: PublicRow }[],
  receipts: readonly Receipt[],
  counted: ReadonlySet<string>,
): Map<string, readonly string[]> {
  const byPrincipal = new Map<string, string[]>();
  for (const { id, principal } of receipts) {
    if (counted.has(id)) byPrincipal.set(principal, [...(byPrincipal.get(principal) ?? []), id].sort());
  }
  const rows = named.filter(({ row }) => row.principal !== null);
  return new Map(
    rows.map(({ row, publicRow: { rowId } }) => [rowId, byPrincipal.get(row.principal ?? '') ?? []]),
  );
}
