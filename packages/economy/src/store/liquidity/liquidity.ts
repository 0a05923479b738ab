import { ok, present, type Result, refuse } from '@jamnet/base';
import { leading } from '@jamnet/sql';
import { ACCOUNTS } from '../../core/epoch/journal.ts';
import {
  checkLiquidity,
  conversionOf,
  convertsFromUs,
  type LiquidityEvent,
} from '../../core/money/liquidity.ts';
import { hashOf } from '../../core/policy/policy.ts';
import { REDEEMING } from '../closing/duties.ts';
import type { EconomyCode } from '../codes.ts';
import { chunksOf, type StoreContext, type Tables } from '../context.ts';
import { latestPolicy, policyByHash } from '../policies.ts';
import type { ConversionRow, LiquidityRow, LiquidityState } from './liquidity-tables.ts';

/** An event as its holders see it. */
export interface LiquidityView extends LiquidityEvent {
  readonly state: LiquidityState;
  readonly announcedAtUs: bigint;
  readonly convertsFromUs: bigint;
  readonly convertedMicroJam: bigint;
  readonly paidCents: bigint;
}

/** Fixes a sale or listing in the log under the rule in force now. Announcing the same again changes nothing. */
export async function announceLiquidity(
  { tables, books }: StoreContext,
  nowUs: bigint,
  event: LiquidityEvent,
): Promise<Result<LiquidityView, EconomyCode>> {
  const published = await latestPolicy(tables);
  if (!published)
    return refuse('no-policy', 'Publish a policy first: its liquidity member is the plan’s rule.');
  const checked = checkLiquidity(published.policy, event);
  if (!checked.ok) return checked;
  const known = await find(tables, event.id);
  if (known && hashOf(documentOf(eventOf(known))) !== hashOf(documentOf(event)))
    return refuse('liquidity-differs', `${event.id} was announced with other content; an id is used once.`);
  if (!known) {
    const sha256 = hashOf(documentOf(event));
    const record = { kind: 'liquidity-event', sha256 };
    const [announced] = await books.post(nowUs, [{ key: `liquidity:${sha256}:announced`, record }]);
    await tables
      .insertInto('economy_liquidity')
      .values({
        id: event.id,
        kind: event.kind,
        price_cents: event.price.cents,
        price_units: event.price.units,
        dated_at_us: event.datedAtUs,
        approved_by: event.approvedBy,
        document_sha256: event.documentSha256,
        policy_sha256: published.sha256,
        announced_at_us: present(announced, 'answer').acceptedAtUs,
        state: 'announced',
      })
      .onConflict((c) => c.column('id').doNothing())
      .execute();
  }
  return ok(await viewOf(tables, event.id));
}

/**
 * Converts every holder's free and escrowed units at the event's price: what the event brings comes in from outside,
 * units go back to the pool, the money becomes payable. Units set aside for redemption stay with their request. Called
 * again after a stop at any point, it goes on with what was decided.
 */
export async function convertLiquidity(
  context: StoreContext,
  nowUs: bigint,
  id: string,
): Promise<Result<LiquidityView, EconomyCode>> {
  const { tables } = context;
  const row = await find(tables, id);
  if (!row) return refuse('unknown-liquidity-event', `No sale or listing ${id} was announced.`);
  const { policy } = await policyByHash(tables, row.policy_sha256);
  const fromUs = convertsFromUs(policy, eventOf(row), row.announced_at_us);
  if (nowUs < fromUs)
    return refuse(
      'liquidity-not-yet',
      `Event ${id} converts from ${fromUs} µs on: its date and the plan’s notice.`,
    );
  if (row.state === 'converted') return ok(await viewOf(tables, id));
  return leading(context.database, REDEEMING, async (fence) => {
    if (row.state === 'announced') {
      const conversions = await conversionsOf(context, row);
      await tables.transaction().execute(async (transaction) => {
        await fence(transaction);
        for (const rows of chunksOf(conversions))
          await transaction
            .insertInto('economy_conversion')
            .values([...rows])
            .execute();
        await move(transaction, id, 'converting');
      });
    }
    await postConversions(context, nowUs, row);
    await move(tables, id, 'converted');
    return ok(await viewOf(tables, id));
  });
}

async function conversionsOf({ tables, books }: StoreContext, row: LiquidityRow): Promise<ConversionRow[]> {
  const { policy } = await policyByHash(tables, row.policy_sha256);
  const conversions: ConversionRow[] = [];
  for (const prefix of ['payee:', 'escrow:'])
    for await (const { code, balance } of books.accounts(prefix)) {
      if (!code.endsWith(':JAM')) continue;
      const { microJam, cents } = conversionOf(policy, eventOf(row), balance);
      if (microJam > 0n)
        conversions.push({ event_id: row.id, account: code, micro_jam: microJam, cents, posted: 0n });
    }
  return conversions;
}

/** One entry a holder, so that one who moved units meanwhile holds up nobody. */
async function postConversions(
  { tables, books }: StoreContext,
  nowUs: bigint,
  event: LiquidityRow,
): Promise<void> {
  const rows = await tables
    .selectFrom('economy_conversion')
    .selectAll()
    .where('event_id', '=', event.id)
    .where('posted', '=', 0n)
    .orderBy('account')
    .execute();
  const { policy } = await policyByHash(tables, event.policy_sha256);
  for (const row of rows) {
    let decided = row;
    for (let again = 0; !(await books.tryPost(nowUs, entryOf(event, decided, again))); again++) {
      // Units were set aside for a redemption since: what is left converts, and that is decided before it is posted.
      const { microJam, cents } = conversionOf(policy, eventOf(event), await books.balance(row.account));
      decided = { ...row, micro_jam: microJam, cents };
      await change(tables, decided);
      if (microJam === 0n) break;
    }
    await change(tables, { ...decided, posted: 1n });
  }
}

function entryOf(event: LiquidityRow, { account, micro_jam, cents }: ConversionRow, again: number) {
  const payee = account.split(':')[1] ?? '';
  const owed = account.startsWith('escrow:') ? ACCOUNTS.escrowUsd(payee) : ACCOUNTS.payableUsd(payee);
  const legs = [
    { account, amount: -micro_jam },
    { account: ACCOUNTS.poolJam, amount: micro_jam },
    ...(cents > 0n
      ? [
          { account: ACCOUNTS.outsideUsd, amount: -cents },
          { account: owed, amount: cents },
        ]
      : []),
  ];
  const sha256 = hashOf(documentOf(eventOf(event)));
  const key = `liquidity:${sha256}:${account}:${micro_jam}${again === 0 ? '' : `:${again}`}`;
  return { key, kind: 'liquidity-conversion', legs, evidence: event.document_sha256 };
}

async function change(tables: Tables, row: ConversionRow): Promise<void> {
  const { event_id, account, ...values } = row;
  await tables
    .updateTable('economy_conversion')
    .set(values)
    .where('event_id', '=', event_id)
    .where('account', '=', account)
    .execute();
}

async function move(tables: Tables, id: string, state: LiquidityState): Promise<void> {
  await tables.updateTable('economy_liquidity').set({ state }).where('id', '=', id).execute();
}

async function find(tables: Tables, id: string): Promise<LiquidityRow | undefined> {
  return tables.selectFrom('economy_liquidity').selectAll().where('id', '=', id).executeTakeFirst();
}

function eventOf(row: LiquidityRow): LiquidityEvent {
  return {
    id: row.id,
    kind: row.kind === 'sale' ? 'sale' : 'listing',
    price: { cents: row.price_cents, units: row.price_units },
    datedAtUs: row.dated_at_us,
    approvedBy: row.approved_by,
    documentSha256: row.document_sha256,
  };
}

function documentOf({ price, ...event }: LiquidityEvent) {
  return { schema: 'jamnet/liquidity-event/v1', ...event, priceCents: price.cents, priceUnits: price.units };
}

async function viewOf(tables: Tables, id: string): Promise<LiquidityView> {
  const row = present(await find(tables, id), 'event');
  const { policy } = await policyByHash(tables, row.policy_sha256);
  const conversions = await tables
    .selectFrom('economy_conversion')
    .selectAll()
    .where('event_id', '=', id)
    .where('posted', '=', 1n)
    .execute();
  const event = eventOf(row);
  return {
    ...event,
    // Only `move` writes the column.
    state: row.state as LiquidityState,
    announcedAtUs: row.announced_at_us,
    convertsFromUs: convertsFromUs(policy, event, row.announced_at_us),
    convertedMicroJam: conversions.reduce((sum, { micro_jam }) => sum + micro_jam, 0n),
    paidCents: conversions.reduce((sum, { cents }) => sum + cents, 0n),
  };
}
