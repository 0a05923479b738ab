import { encodeUtf8, ok, present, type Result, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { unitPrice } from '../../core/money/unit-price.ts';
import { holdEntry } from '../../core/perks/perk-entries.ts';
import { perkCostMicroJam, usualHoldMicroJam } from '../../core/perks/perk-price.ts';
import { perkAfter } from '../../core/perks/perk-state.ts';
import type { PerkRule } from '../../core/policy/perk-catalogue.ts';
import { monthOf } from '../../core/records/calendar.ts';
import { isPayee } from '../../core/records/payee-id.ts';
import { valuations } from '../intake/valuations.ts';
import { latestPolicy, type PublishedPolicy } from '../policies.ts';
import type { PerkCode } from './perk-codes.ts';
import type { PerkContext } from './perk-desk.ts';
import { findPerk, type PerkRow, perkOf, savePerk } from './perk-tables.ts';

export interface PerkRequest {
  readonly payee: string;
  /** Id in the policy's catalogue. */
  readonly item: string;
  readonly quantity: bigint;
  /** The caller's idempotency key: the same key asks once. */
  readonly key: string;
  /** The most it may cost; default: the cost at the last valuation and a quarter more. */
  readonly maxMicroJam?: bigint;
}

/** Requests of one payee that wait for their price. */
export const WAITING_PER_PAYEE_MAX = 16;
const QUANTITY_MAX = 1_000_000n;
const HOLD_MAX = 1n << 62n;
/** Requests in these states count against the limits. */
const COUNTED = ['reserving', 'waiting', 'granted', 'used', 'expired'];

/** Sets units aside for a perk. Nobody knows the price yet, unless the policy's price is fixed. */
export async function requestPerk(
  context: PerkContext,
  nowUs: bigint,
  request: PerkRequest,
): Promise<Result<string, PerkCode>> {
  const { tables } = context;
  const fault = malformed(request);
  if (fault) return fault;
  const published = await latestPolicy(tables);
  if (!published) return refuse('no-policy', 'Publish a policy first.');
  const id = toHex(sha256(encodeUtf8(`jamnet/perk/v1\0${request.payee}\0${request.key}`))).slice(0, 32);
  const known = await findPerk(tables, id);
  if (known && (known.item !== request.item || known.quantity !== request.quantity)) {
    return refuse('perk-key-reused', 'This key was used for another perk or quantity; use a new one.');
  }
  if (!known) {
    const row = await newRow(context, nowUs, request, published, id);
    if (!row.ok) return row;
    await tables
      .insertInto('economy_perk')
      .values(row.value)
      .onConflict((c) => c.column('id').doNothing())
      .execute();
  }
  await reservePerk(context, nowUs, present(await findPerk(tables, id), 'perk'));
  const { state } = present(await findPerk(tables, id), 'perk');
  if (state !== 'refused') return ok(id);
  return refuse('not-enough-jam', 'There are fewer free units than this perk may cost; nothing was taken.');
}

function malformed({ payee, quantity, key, maxMicroJam }: PerkRequest) {
  if (!isPayee(payee))
    return refuse<PerkCode>('payee-malformed', 'A payee is p and 32 lower-case hex digits.');
  if (key.length < 1 || key.length > 128)
    return refuse<PerkCode>('perk-malformed', 'The key has 1 to 128 characters.');
  if (quantity < 1n || quantity > QUANTITY_MAX)
    return refuse<PerkCode>('perk-malformed', `The quantity is within 1 and ${QUANTITY_MAX}.`);
  if (maxMicroJam === undefined || (maxMicroJam > 0n && maxMicroJam < HOLD_MAX)) return null;
  return refuse<PerkCode>('perk-malformed', 'The most it may cost is above 0 JAM.');
}

async function newRow(
  context: PerkContext,
  nowUs: bigint,
  request: PerkRequest,
  published: PublishedPolicy,
  id: string,
): Promise<Result<PerkRow, PerkCode>> {
  const rule = published.policy.perks?.[request.item];
  if (!rule) return refuse('perk-unknown', `The policy has no perk "${request.item}": list them first.`);
  const monthId = monthOf(nowUs).id;
  const limit = await limitFault(context, request, rule, monthId);
  if (limit) return limit;
  const held = await holdOf(context, request, rule, published);
  if (!held.ok) return held;
  return ok({
    id,
    payee: request.payee,
    item: request.item,
    kind: rule.kind,
    title: rule.title,
    unit: rule.unit,
    price_cents: BigInt(rule.priceCents),
    valid_days: BigInt(rule.validDays),
    month_id: monthId,
    quantity: request.quantity,
    used_quantity: 0n,
    held_micro_jam: held.value,
    cost_micro_jam: 0n,
    valuation_id: null,
    requested_at_us: nowUs,
    granted_at_us: null,
    expires_at_us: null,
    state: 'reserving',
    posted: 1n,
    code: null,
  });
}

async function limitFault(
  { tables }: PerkContext,
  { payee, item, quantity }: PerkRequest,
  rule: PerkRule,
  monthId: string,
) {
  const rows = await tables
    .selectFrom('economy_perk')
    .select(['payee', (e) => e.fn.sum<bigint | string>('quantity').as('quantity')])
    .where('item', '=', item)
    .where('month_id', '=', monthId)
    .where('state', 'in', COUNTED)
    .groupBy('payee')
    .execute();
  let all = quantity;
  let own = quantity;
  for (const row of rows) {
    all += BigInt(row.quantity);
    if (row.payee === payee) own += BigInt(row.quantity);
  }
  if (own > BigInt(rule.payeeMonthly))
    return refuse<PerkCode>(
      'perk-limit',
      `A payee may ask for ${rule.payeeMonthly} × ${rule.unit} in a month.`,
    );
  if (all > BigInt(rule.monthly))
    return refuse<PerkCode>(
      'perk-limit',
      `All of this month's ${rule.monthly} × ${rule.unit} are asked for: try next month.`,
    );
  const waiting = await tables
    .selectFrom('economy_perk')
    .select('id')
    .where('payee', '=', payee)
    .where('state', '=', 'waiting')
    .limit(WAITING_PER_PAYEE_MAX)
    .execute();
  if (waiting.length < WAITING_PER_PAYEE_MAX) return null;
  return refuse<PerkCode>(
    'too-many-perks',
    `${WAITING_PER_PAYEE_MAX} perks wait for their price already: wait for the next valuation.`,
  );
}

async function holdOf(
  { tables }: PerkContext,
  { quantity, maxMicroJam }: PerkRequest,
  rule: PerkRule,
  { policy }: PublishedPolicy,
): Promise<Result<bigint, PerkCode>> {
  const cents = BigInt(rule.priceCents) * quantity;
  const price = unitPrice(policy, (await valuations(tables))[0] ?? null);
  if (policy.pricing.kind === 'fixed' && price.ok) return ok(perkCostMicroJam(cents, price.value));
  if (maxMicroJam !== undefined) return ok(maxMicroJam);
  if (!price.ok)
    return refuse(
      'perk-price-unknown',
      'There is no valuation to go by yet: say the most it may cost (maxMicroJam).',
    );
  const held = usualHoldMicroJam(cents, price.value);
  return held < HOLD_MAX ? ok(held) : refuse('perk-malformed', 'This costs more units than there can be.');
}

/** Sets the units aside, or finds that there are too few. Repeating it is harmless. */
export async function reservePerk(
  { tables, books }: PerkContext,
  nowUs: bigint,
  row: PerkRow,
): Promise<void> {
  const perk = perkOf(row);
  if (perk.state !== 'reserving') return;
  const held = await books.tryPost(nowUs, holdEntry(perk));
  const type = held ? 'reserved' : 'refused';
  const next = perkAfter(perk, { type });
  if (next.ok)
    await savePerk(tables, perk, next.value, { type, quantity: 0n, reference: row.id, at_us: nowUs });
}
