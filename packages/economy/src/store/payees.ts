import { ok, type Result, refuse } from '@jamnet/base';
import { ACCOUNTS } from '../core/epoch/journal.ts';
import { isPayee } from '../core/records/payee-id.ts';
import type { EconomyCode } from './codes.ts';
import { chunksOf, type StoreContext, type Tables } from './context.ts';

export interface PayeeRegistration {
  readonly payee: string;
  /** Household, common bank detail, device or pairing owner: caps and conflicts of interest mean the group. */
  readonly ownerGroup: string;
  /** Hash of the evidence that the key belongs to a person. */
  readonly evidenceSha256: string;
}

/** Marks a payee's key as verified and hands over what has waited for it in escrow. Repeating it is harmless. */
export async function registerPayee(
  { tables, books }: StoreContext,
  nowUs: bigint,
  { payee, ownerGroup, evidenceSha256 }: PayeeRegistration,
): Promise<Result<{ released: { microJam: bigint; cents: bigint } }, EconomyCode>> {
  if (!isPayee(payee)) return refuse('payee-malformed', 'A payee is p and 32 lower-case hex digits.');
  if (ownerGroup === '' || ownerGroup.length > 64)
    return refuse('payee-malformed', 'ownerGroup has 1 to 64 characters.');
  if (!/^[0-9a-f]{64}$/.test(evidenceSha256))
    return refuse('payee-malformed', 'evidenceSha256 is a hex SHA-256.');
  const row = { payee, owner_group: ownerGroup, evidence: evidenceSha256, verified_at_us: nowUs };
  await tables
    .insertInto('economy_payee')
    .values(row)
    .onConflict((c) => c.column('payee').doNothing())
    .execute();
  const stored = await tables
    .selectFrom('economy_payee')
    .selectAll()
    .where('payee', '=', payee)
    .executeTakeFirstOrThrow();
  if (stored.owner_group !== ownerGroup)
    return refuse('payee-differs', `${payee} is registered in another owner group.`);
  const microJam = await books.balance(ACCOUNTS.escrowJam(payee));
  const cents = await books.balance(ACCOUNTS.escrowUsd(payee));
  const legs = [
    { account: ACCOUNTS.escrowJam(payee), amount: -microJam },
    { account: ACCOUNTS.payeeJam(payee), amount: microJam },
    { account: ACCOUNTS.escrowUsd(payee), amount: -cents },
    { account: ACCOUNTS.payableUsd(payee), amount: cents },
  ].filter(({ amount }) => amount !== 0n);
  const paid = await tables
    .selectFrom('economy_payment')
    .select('epoch_id')
    .where('payee', '=', payee)
    .where('escrowed', '=', 1n)
    .execute();
  // One release for each set of epochs that paid into escrow: two calls at once post the same key.
  const key = `escrow:${payee}:${paid.length}:${microJam}:${cents}`;
  if (legs.length > 0)
    await books.post(nowUs, [{ key, kind: 'escrow-release', legs, evidence: evidenceSha256 }]);
  return ok({ released: { microJam, cents } });
}

/** Owner group that a payee is registered in; `null`: not registered. */
export async function ownerGroupOf(tables: Tables, payee: string): Promise<string | null> {
  const row = await tables
    .selectFrom('economy_payee')
    .select('owner_group')
    .where('payee', '=', payee)
    .executeTakeFirst();
  return row?.owner_group ?? null;
}

/** Owner groups that contributed to each of these subjects; subjects that nobody contributed to are left out. */
export async function ownerGroupsOf(
  tables: Tables,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const groups = new Map<string, Set<string>>();
  for (const some of chunksOf(subjects)) {
    const rows = await tables
      .selectFrom('economy_contribution')
      .select(['subject', 'owner_group'])
      .distinct()
      .where('subject', 'in', [...some])
      .execute();
    for (const { subject, owner_group } of rows)
      groups.set(subject, (groups.get(subject) ?? new Set()).add(owner_group));
  }
  return groups;
}
