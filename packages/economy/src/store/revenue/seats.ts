import { ok, type Result, refuse } from '@jamnet/base';
import type { Use } from '../../core/records/records.ts';
import type { EconomyCode } from '../codes.ts';
import { chunksOf, type StoreContext, type Tables } from '../context.ts';
import type { Added } from '../intake/records-once.ts';

/**
 * An enterprise licence is paid by one principal, the tenant, for many people. Each person is a seat: what a seat uses is
 * booked as the tenant's own use, so the tenant's money goes to what its people used, and its public rows show no seat.
 */
export interface Seat {
  readonly tenant: string;
  readonly principal: string;
  readonly sinceUs: bigint;
  /** `null` while the seat is held. */
  readonly untilUs: bigint | null;
}

const NAME = /^[\x21-\x7e]{1,128}$/;
export const SEATS_PER_TENANT_MAX = 10_000;

/** Gives a principal a seat. Nobody sits in two tenants, and a tenant is nobody's seat: use has one payer. */
export async function addSeat(
  { tables }: StoreContext,
  nowUs: bigint,
  { tenant, principal }: Pick<Seat, 'tenant' | 'principal'>,
): Promise<Result<Added, EconomyCode>> {
  if (!NAME.test(tenant) || !NAME.test(principal) || tenant === principal)
    return refuse(
      'seat-malformed',
      'tenant and principal are two names of 1 to 128 visible ASCII characters.',
    );
  const held = heldSeats(tables);
  const own = await held.where('principal', '=', principal).executeTakeFirst();
  if (own?.tenant === tenant) return ok({ added: 0, repeated: 1 });
  if (own) return refuse('seat-taken', `${principal} has a seat of ${own.tenant}: give it up first.`);
  const isTenant = await held.where('tenant', '=', principal).executeTakeFirst();
  const isSeat = await held.where('principal', '=', tenant).executeTakeFirst();
  if (isTenant || isSeat) return refuse('seat-taken', 'A tenant is nobody’s seat, and a seat is no tenant.');
  const seats = await held.where('tenant', '=', tenant).limit(SEATS_PER_TENANT_MAX).execute();
  if (seats.length >= SEATS_PER_TENANT_MAX)
    return refuse('too-many-seats', `A tenant has at most ${SEATS_PER_TENANT_MAX} seats.`);
  await tables
    .insertInto('economy_seat')
    .values({ principal, tenant, since_us: nowUs, until_us: null })
    .execute();
  return ok({ added: 1, repeated: 0 });
}

/** Ends a seat: later use is the principal's own. What was booked stays the tenant's. */
export async function endSeat(
  { tables }: StoreContext,
  nowUs: bigint,
  { tenant, principal }: Pick<Seat, 'tenant' | 'principal'>,
): Promise<Result<Seat, EconomyCode>> {
  const row = await tables
    .selectFrom('economy_seat')
    .selectAll()
    .where('principal', '=', principal)
    .where('tenant', '=', tenant)
    .orderBy('since_us', 'desc')
    .executeTakeFirst();
  if (!row) return refuse('unknown-seat', `${principal} has no seat of ${tenant}.`);
  const until = row.until_us ?? nowUs;
  await tables
    .updateTable('economy_seat')
    .set({ until_us: until })
    .where('principal', '=', principal)
    .where('since_us', '=', row.since_us)
    .execute();
  return ok({ tenant, principal, sinceUs: row.since_us, untilUs: until });
}

export async function seatsOf(tables: Tables, tenant: string): Promise<readonly Seat[]> {
  const rows = await tables
    .selectFrom('economy_seat')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('principal')
    .orderBy('since_us')
    .limit(SEATS_PER_TENANT_MAX)
    .execute();
  return rows.map(({ principal, since_us, until_us }) => ({
    tenant,
    principal,
    sinceUs: since_us,
    untilUs: until_us,
  }));
}

/**
 * Uses with the payer they count for: the seat's tenant. A use that is stored keeps its payer, so that one brought again
 * after its principal got or gave up a seat is still the same.
 */
export async function usesOfPayers(tables: Tables, uses: readonly Use[]): Promise<readonly Use[]> {
  const seats = new Map<string, { held: string | null; ever: Set<string> }>();
  for (const principals of chunksOf([...new Set(uses.map((use) => use.principal))])) {
    const rows = await tables
      .selectFrom('economy_seat')
      .selectAll()
      .where('principal', 'in', [...principals])
      .execute();
    for (const { principal, tenant, until_us } of rows) {
      const seat = seats.get(principal) ?? { held: null, ever: new Set<string>() };
      seat.ever.add(tenant);
      seats.set(principal, { ...seat, held: until_us === null ? tenant : seat.held });
    }
  }
  if (seats.size === 0) return uses;
  const seated = uses.filter((use) => seats.has(use.principal));
  const stored = new Map<string, string>();
  for (const rows of chunksOf(seated.map(({ row }) => row))) {
    const known = await tables
      .selectFrom('economy_use')
      .innerJoin('economy_name', 'economy_name.number', 'economy_use.principal')
      .select(['row_id', 'name'])
      .where('row_id', 'in', [...rows])
      .execute();
    for (const { row_id, name } of known) stored.set(row_id, name);
  }
  return uses.map((use) => {
    const seat = seats.get(use.principal);
    if (!seat) return use;
    const before = stored.get(use.row);
    if (before === use.principal || (before !== undefined && seat.ever.has(before)))
      return { ...use, principal: before };
    return seat.held === null ? use : { ...use, principal: seat.held };
  });
}

function heldSeats(tables: Tables) {
  return tables.selectFrom('economy_seat').selectAll().where('until_us', 'is', null);
}
