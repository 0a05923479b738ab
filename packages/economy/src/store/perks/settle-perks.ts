import { encodeUtf8, present, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import { perkEntries } from '../../core/perks/perk-entries.ts';
import { perkCostMicroJam } from '../../core/perks/perk-price.ts';
import { type PerkEvent, perkAfter } from '../../core/perks/perk-state.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { DAY_US } from '../../core/records/calendar.ts';
import type { Valuation } from '../../core/records/records.ts';
import { redemptionPrice } from '../../core/redemption/redemption-price.ts';
import { valuations } from '../intake/valuations.ts';
import { latestPolicy } from '../policies.ts';
import type { PerkContext } from './perk-desk.ts';
import { type PerkRow, perkKindOf, perkOf, savePerk } from './perk-tables.ts';
import { reservePerk } from './request-perk.ts';

/** Perks taken up in one run; the rest wait for the next. */
const PER_RUN_MAX = 10_000;

export interface PerkRun {
  readonly granted: number;
  readonly declined: number;
  readonly expired: number;
  /** Without a price yet. */
  readonly waiting: number;
}

/** Finishes what a stop interrupted, prices what can be priced, ends what is over. Calling it again changes nothing. */
export async function settlePerks(context: PerkContext, nowUs: bigint): Promise<PerkRun> {
  const published = await latestPolicy(context.tables);
  const run = { granted: 0, declined: 0, expired: 0, waiting: 0 };
  for (const row of await inState(context, 'reserving')) await reservePerk(context, nowUs, row);
  if (published) {
    const known = await valuations(context.tables);
    for (const row of await inState(context, 'waiting')) {
      const event = decide(row, published.policy, known, nowUs);
      if (event === null) run.waiting += 1;
      else {
        await move(context, nowUs, row, event.event, event.valuationId);
        run[event.event.type === 'granted' ? 'granted' : 'declined'] += 1;
      }
    }
  }
  const over = await context.tables
    .selectFrom('economy_perk')
    .selectAll()
    .where('state', '=', 'granted')
    .where('expires_at_us', '<=', nowUs)
    .limit(PER_RUN_MAX)
    .execute();
  for (const row of over) {
    await move(context, nowUs, row, { type: 'expired', atUs: nowUs }, row.valuation_id);
    run.expired += 1;
  }
  await postPerks(context, nowUs);
  return run;
}

function inState({ tables }: PerkContext, state: string): Promise<PerkRow[]> {
  return tables
    .selectFrom('economy_perk')
    .selectAll()
    .where('state', '=', state)
    .orderBy('requested_at_us')
    .orderBy('id')
    .limit(PER_RUN_MAX)
    .execute();
}

/** Priced by the first valuation dated after the request, as money is; declined when none came in the days a valuation is good for. */
function decide(
  row: PerkRow,
  policy: Policy,
  known: readonly Valuation[],
  nowUs: bigint,
): { event: PerkEvent; valuationId: string | null } | null {
  const price = redemptionPrice(policy, known, row.requested_at_us, nowUs);
  const patienceUs = BigInt(policy.redemption.valuationAgeDaysMax) * DAY_US;
  if (!price) {
    const late = nowUs - row.requested_at_us > patienceUs;
    return late ? { event: { type: 'declined' }, valuationId: null } : null;
  }
  const valuationId = price.valuation?.id ?? null;
  const costMicroJam = perkCostMicroJam(row.price_cents * row.quantity, price.price);
  if (costMicroJam > row.held_micro_jam) return { event: { type: 'declined' }, valuationId };
  return {
    event: { type: 'granted', costMicroJam, expiresAtUs: nowUs + row.valid_days * DAY_US },
    valuationId,
  };
}

async function move(
  context: PerkContext,
  nowUs: bigint,
  row: PerkRow,
  event: PerkEvent,
  valuationId: string | null,
): Promise<void> {
  const perk = perkOf(row);
  const next = perkAfter(perk, event);
  if (!next.ok) return;
  const isNew = event.type === 'granted';
  const line = { type: event.type, quantity: isNew ? perk.quantity : 0n, reference: row.id, at_us: nowUs };
  const code = isNew && perkKindOf(row.kind) === 'hardware-discount' ? drawCode(context, row.id) : row.code;
  await savePerk(context.tables, perk, next.value, line, {
    posted: 0n,
    valuation_id: valuationId,
    granted_at_us: isNew ? nowUs : row.granted_at_us,
    code,
  });
}

/** Letters and digits that nobody mistakes for each other (Crockford's base 32). */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** 80 random bits as XXXX-XXXX-XXXX-XXXX. */
function drawCode({ drawKey }: PerkContext, id: string): string {
  const bits = BigInt(`0x${toHex(sha256(encodeUtf8(`${toHex(drawKey())}\0${id}`))).slice(0, 20)}`);
  const characters = Array.from({ length: 16 }, (_, place) =>
    present(ALPHABET[Number((bits >> BigInt(5 * place)) & 31n)], 'character'),
  );
  return [0, 4, 8, 12].map((start) => characters.slice(start, start + 4).join('')).join('-');
}

/** Posts what decided perks mean. A revocation waits while the pool is too small for it. */
export async function postPerks({ tables, books }: PerkContext, nowUs: bigint): Promise<void> {
  const rows = await tables
    .selectFrom('economy_perk')
    .selectAll()
    .where('posted', '=', 0n)
    .orderBy('id')
    .limit(PER_RUN_MAX)
    .execute();
  for (const row of rows) {
    let whole = true;
    for (const entry of perkEntries(perkOf(row))) whole = (await books.tryPost(nowUs, entry)) && whole;
    if (whole)
      await tables
        .updateTable('economy_perk')
        .set({ posted: 1n })
        .where('id', '=', row.id)
        .where('state', '=', row.state)
        .execute();
  }
}
