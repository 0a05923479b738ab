import { ok, present, type Result, refuse } from '@jamnet/base';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import { perkAfter, unusedMicroJam } from '../../core/perks/perk-state.ts';
import type { PerkCode } from './perk-codes.ts';
import type { PerkContext } from './perk-desk.ts';
import { findPerk, type PerkRow, perkOf, savePerk } from './perk-tables.ts';
import { postPerks } from './settle-perks.ts';

/** What a hardware discount takes off an order, in cents: what it cost at its price in JAM. */
export interface Discount {
  readonly grantId: string;
  readonly payee: string;
  readonly cents: bigint;
  readonly expiresAtUs: bigint;
}

export interface PerkUse {
  readonly id: string;
  readonly quantity: bigint;
  /** The caller's word for this use; the same one uses once. */
  readonly reference: string;
}

/** Uses a part of a grant. A discount is used whole, by its code. */
export async function usePerk(
  context: PerkContext,
  nowUs: bigint,
  use: PerkUse,
): Promise<Result<null, PerkCode>> {
  const row = await findPerk(context.tables, use.id);
  if (!row) return refuse('grant-unknown', `There is no grant ${use.id}.`);
  if (row.kind === 'hardware-discount')
    return refuse('perk-malformed', 'A discount is used with an order, by its code.');
  if (use.reference.length < 1 || use.reference.length > 128)
    return refuse('perk-malformed', 'The reference has 1 to 128 characters.');
  return take(context, nowUs, row, use);
}

async function take(
  { tables }: PerkContext,
  nowUs: bigint,
  row: PerkRow,
  { quantity, reference }: PerkUse,
): Promise<Result<null, PerkCode>> {
  const before = await tables
    .selectFrom('economy_perk_event')
    .selectAll()
    .where('perk_id', '=', row.id)
    .where('type', '=', 'used')
    .where('reference', '=', reference)
    .executeTakeFirst();
  if (before && before.quantity === quantity) return ok(null);
  if (before) return refuse('perk-key-reused', 'This reference has used another quantity; use a new one.');
  const perk = perkOf(row);
  const next = perkAfter(perk, { type: 'used', quantity, atUs: nowUs });
  if (!next.ok) return next;
  await savePerk(tables, perk, next.value, { type: 'used', quantity, reference, at_us: nowUs });
  return ok(null);
}

/** Withdraws a grant; the units of what was not used go back to the wallet. */
export async function revokePerk(
  context: PerkContext,
  nowUs: bigint,
  { id, reason }: { id: string; reason: string },
): Promise<Result<null, PerkCode>> {
  const { tables, books } = context;
  const row = await findPerk(tables, id);
  if (!row) return refuse('grant-unknown', `There is no grant ${id}.`);
  if (row.state === 'revoked') {
    await postPerks(context, nowUs);
    return ok(null);
  }
  const perk = perkOf(row);
  const next = perkAfter(perk, { type: 'revoked' });
  if (!next.ok) return next;
  const settling = await tables
    .selectFrom('economy_epoch')
    .select('id')
    .where('state', '=', 'settling')
    .executeTakeFirst();
  // A close that is under way has decided by what the pool holds now.
  if (settling) return refuse('epoch-settling', `Epoch ${settling.id} is being closed: finish that first.`);
  if ((await books.balance(ACCOUNTS.poolJam)) < unusedMicroJam(perk))
    return refuse('pool-too-small', 'The pool cannot give these units back before it is topped up.');
  const line = { type: 'revoked', quantity: perk.quantity - perk.usedQuantity, at_us: nowUs };
  await savePerk(tables, perk, next.value, { ...line, reference: reason.slice(0, 256) }, { posted: 0n });
  await postPerks(context, nowUs);
  return ok(null);
}

/** What a code is worth now: for the shop, before the order. */
export async function discountOf(
  { tables }: PerkContext,
  nowUs: bigint,
  code: string,
): Promise<Result<Discount, PerkCode>> {
  const row = await byCode(tables, code);
  if (!row) return refuse('discount-unknown', 'There is no such code.');
  if (row.state !== 'granted')
    return refuse('discount-spent', `This code cannot be used any more: its grant is ${row.state}.`);
  const expiresAtUs = present(row.expires_at_us, 'expiry of a grant');
  if (nowUs >= expiresAtUs) return refuse('perk-expired', 'This code has expired.');
  return ok({ grantId: row.id, payee: row.payee, cents: row.price_cents * row.quantity, expiresAtUs });
}

/** Spends a code on an order. The same order again is answered as the first time; any other is refused. */
export async function spendDiscount(
  context: PerkContext,
  nowUs: bigint,
  { code, orderId }: { code: string; orderId: string },
): Promise<Result<{ grantId: string; cents: bigint }, PerkCode>> {
  if (orderId.length < 1 || orderId.length > 128)
    return refuse('perk-malformed', 'An order id has 1 to 128 characters.');
  const row = await byCode(context.tables, code);
  if (!row) return refuse('discount-unknown', 'There is no such code.');
  const answer = { grantId: row.id, cents: row.price_cents * row.quantity };
  const use = await take(context, nowUs, row, {
    id: row.id,
    quantity: row.quantity,
    reference: `order:${orderId}`,
  });
  if (use.ok) return ok(answer);
  return use.code === 'perk-expired'
    ? use
    : refuse('discount-spent', 'This code has been used or withdrawn: codes work once.');
}

function byCode(tables: PerkContext['tables'], code: string): Promise<PerkRow | undefined> {
  const plain = code.trim().toUpperCase();
  return tables.selectFrom('economy_perk').selectAll().where('code', '=', plain).executeTakeFirst();
}
