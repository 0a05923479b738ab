import { ok, type Result, refuse } from '@jamnet/base';
import { type Contribution, checkContribution, checkUse, type Use } from '../../core/records/records.ts';
import type { EconomyCode } from '../codes.ts';
import { chunksOf, RECORDS_PER_CALL_MAX, type StoreContext } from '../context.ts';
import { latestPolicy } from '../policies.ts';
import { usesOfPayers } from '../revenue/seats.ts';
import { contributionColumns, kindOf } from '../rows-of.ts';
import { type Added, CLOCK_SKEW_US, firstFault, unknownOf } from './records-once.ts';
import { insertUses, namedUse, storedUses } from './use-rows.ts';

/** Takes verified contributions, idempotent by id: all of the call or none. The epoch they earn in is decided at its close. */
export async function addContributions(
  { tables }: StoreContext,
  nowUs: bigint,
  contributions: readonly Contribution[],
): Promise<Result<Added, EconomyCode>> {
  const latest = await latestPolicy(tables);
  if (!latest) return refuse('no-policy', 'Publish a policy first: it names the meters.');
  const { meters } = latest.policy;
  const fault = firstFault(contributions, (contribution) => {
    const checked = checkContribution(contribution);
    if (!checked.ok) return checked;
    const { id, meter, kind } = contribution;
    const rule = meters[meter];
    if (!rule) return refuse('unknown-meter', `Contribution ${id}: the policy has no meter ${meter}.`);
    if (rule.kind !== kind)
      return refuse(
        'meter-of-other-kind',
        `Contribution ${id}: ${meter} measures ${rule.kind}, not ${kind}.`,
      );
    return contribution.acceptedAtUs > nowUs + CLOCK_SKEW_US
      ? refuse('in-the-future', `Contribution ${id} is dated in the future.`)
      : null;
  });
  if (fault) return fault;
  const fresh = await unknownOf(contributions.map(contributionColumns), 'contribution-differs', (ids) =>
    tables.selectFrom('economy_contribution').selectAll().where('id', 'in', ids).execute(),
  );
  if (!fresh.ok) return fresh;
  await tables.transaction().execute(async (transaction) => {
    for (const rows of chunksOf(fresh.value)) {
      await transaction
        .insertInto('economy_contribution')
        .values([...rows])
        .onConflict((c) => c.column('id').doNothing())
        .execute();
    }
  });
  return ok({ added: fresh.value.length, repeated: contributions.length - fresh.value.length });
}

/** Merit in a meter of contributions accepted after one moment and up to another, µs; in all epochs together. */
export async function meritOf(
  { tables }: StoreContext,
  { meter, afterUs, untilUs }: { readonly meter: string; readonly afterUs: bigint; readonly untilUs: bigint },
): Promise<bigint> {
  const { merit } = await tables
    .selectFrom('economy_contribution')
    .where('meter', '=', meter)
    .where('accepted_at_us', '>', afterUs)
    .where('accepted_at_us', '<=', untilUs)
    .select(({ fn }) => fn.sum('merit').as('merit'))
    .executeTakeFirstOrThrow();
  // A sum of no rows is null; PostgreSQL gives sums of BIGINT as text.
  return BigInt(String(merit ?? 0));
}

/** Takes what principals used, a seat's as its tenant's, idempotent by row: all of the call or none. */
export async function addUses(
  { tables }: StoreContext,
  uses: readonly Use[],
): Promise<Result<Added, EconomyCode>> {
  const latest = await latestPolicy(tables);
  if (!latest) return refuse('no-policy', 'Publish a policy first: it names the meters.');
  const kinds = new Map<string, string>();
  const numbers = new Map<string, bigint>();
  for (const ids of chunksOf(
    [...new Set(uses.map((use) => use.contribution))].slice(0, RECORDS_PER_CALL_MAX),
  )) {
    const rows = await tables
      .selectFrom('economy_contribution')
      .select(['id', 'kind', 'number'])
      .where('id', 'in', [...ids])
      .execute();
    for (const { id, kind, number } of rows) {
      kinds.set(id, kindOf(kind));
      numbers.set(id, number);
    }
  }
  const fault = firstFault(uses, (use) => {
    const checked = checkUse(use);
    if (!checked.ok) return checked;
    const kind = kinds.get(use.contribution);
    const rule = latest.policy.meters[use.meter];
    if (!kind)
      return refuse(
        'use-of-unknown-contribution',
        `Use ${use.row}: contribution ${use.contribution} is not known.`,
      );
    if (!rule) return refuse('unknown-meter', `Use ${use.row}: the policy has no meter ${use.meter}.`);
    return rule.kind === kind
      ? null
      : refuse('meter-of-other-kind', `Use ${use.row}: ${use.meter} measures ${rule.kind}, not ${kind}.`);
  });
  if (fault) return fault;
  const ofPayers = await usesOfPayers(tables, uses);
  const fresh = await unknownOf(ofPayers.map(namedUse), 'use-differs', (ids) => storedUses(tables, ids));
  if (!fresh.ok) return fresh;
  await tables.transaction().execute((transaction) => insertUses(transaction, fresh.value, numbers));
  return ok({ added: fresh.value.length, repeated: uses.length - fresh.value.length });
}
