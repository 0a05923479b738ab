import { bigintAsText, present } from '@jamnet/base';
import { type Bar, parseStanding, type Standing, standingText, type Task } from '@jamnet/groove';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import type { Kysely } from 'kysely';
import { GROOVE_MIGRATIONS, type GrooveTables, type PerformanceRow } from './groove-tables.ts';
import type { Performance, PerformanceState } from './live-types.ts';

/** What a settlement changes, all of it or nothing. */
export interface SettlementChange {
  readonly performance: Performance;
  readonly bars: readonly Bar[] | null;
  readonly task: Task;
  readonly standings: readonly Standing[];
  readonly reasons: readonly { readonly contribution: string; readonly reason: string }[];
}

/** What is drawn and from whom, before its beacons are known. */
export interface FixedDraw {
  /** Of the document, hex. */
  readonly sha256: string;
  readonly document: string;
  readonly atUs: bigint;
}

/** Performances, standings and reasons as they are kept. */
export class GrooveStore {
  readonly #tables: Kysely<GrooveTables>;

  static async open(database: Database): Promise<GrooveStore> {
    await migrate(database, 'groove', GROOVE_MIGRATIONS);
    return new GrooveStore(tablesOf<GrooveTables>(database));
  }

  constructor(tables: Kysely<GrooveTables>) {
    this.#tables = tables;
  }

  /** The newest chain, `null` before the first. */
  async chain(): Promise<{ number: bigint; tipLeaf: bigint; published: bigint } | null> {
    const row = await this.#tables
      .selectFrom('groove_chain')
      .selectAll()
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirst();
    return row ? { number: row.number, tipLeaf: row.tip_leaf, published: row.published } : null;
  }

  async addChain(number: bigint, tipLeaf: bigint): Promise<void> {
    const row = { number, tip_leaf: tipLeaf, published: 0n };
    await this.#tables.insertInto('groove_chain').values(row).execute();
  }

  /** The draw that waits to be opened, or `null`. */
  async fixedDraw(): Promise<FixedDraw | null> {
    const row = await this.#tables.selectFrom('groove_draw').selectAll().limit(1).executeTakeFirst();
    return row ? { sha256: row.sha256, document: row.document, atUs: BigInt(row.fixed_at_us) } : null;
  }

  async addFixedDraw({ sha256, document, atUs }: FixedDraw): Promise<void> {
    await this.#tables.insertInto('groove_draw').values({ sha256, document, fixed_at_us: atUs }).execute();
  }

  /** The next link of the chain is public, and with it the draw that was fixed is over. */
  publishLink(number: bigint): Promise<void> {
    return this.#tables.transaction().execute(async (tables) => {
      await tables
        .updateTable('groove_chain')
        .set(({ eb }) => ({ published: eb('published', '+', 1n) }))
        .where('number', '=', number)
        .execute();
      await tables.deleteFrom('groove_draw').execute();
    });
  }

  async add(performance: Performance): Promise<void> {
    await this.#tables.insertInto('groove_performance').values(rowOf(performance)).execute();
  }

  async save(performance: Performance): Promise<void> {
    const { performance: id, ...row } = rowOf(performance);
    const { state, body } = row;
    await this.#tables
      .updateTable('groove_performance')
      .set({ state, body })
      .where('performance', '=', id)
      .execute();
  }

  async performance(id: string): Promise<Performance | null> {
    const row = await this.#tables
      .selectFrom('groove_performance')
      .selectAll()
      .where('performance', '=', id)
      .executeTakeFirst();
    return row ? performanceOf(row) : null;
  }

  /** Oldest first. */
  async inState(...states: readonly PerformanceState[]): Promise<Performance[]> {
    const rows = await this.#tables
      .selectFrom('groove_performance')
      .selectAll()
      .where('state', 'in', [...states])
      .orderBy('opened_at_us')
      .orderBy('performance')
      .execute();
    return rows.map(performanceOf);
  }

  async openedSince(performerGroup: string, sinceUs: bigint): Promise<number> {
    const { count } = await this.#tables
      .selectFrom('groove_performance')
      .where('performer_group', '=', performerGroup)
      .where('opened_at_us', '>', sinceUs)
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    return Number(count);
  }

  /** What was played before, for comparison; one performance at a time, for all of them are large. */
  async *heard(): AsyncGenerator<{ performance: string; bars: Bar[] }> {
    const ids = await this.#tables
      .selectFrom('groove_performance')
      .select('performance')
      .where('bars', 'is not', null)
      .orderBy('opened_at_us')
      .execute();
    for (const { performance } of ids) {
      const { bars } = await this.#tables
        .selectFrom('groove_performance')
        .select('bars')
        .where('performance', '=', performance)
        .executeTakeFirstOrThrow();
      yield { performance, bars: barsOf(present(bars, 'bars of a performance')) };
    }
  }

  async standings(task: Task, ownerGroups: readonly string[]): Promise<Map<string, Standing>> {
    const rows = await this.#tables
      .selectFrom('groove_standing')
      .selectAll()
      .where('task', '=', task)
      .where('owner_group', 'in', [...ownerGroups])
      .execute();
    return new Map(
      rows.map(({ owner_group, body }) => {
        const standing = parseStanding(body);
        return [owner_group, present(standing.ok ? standing.value : null, `standing of ${owner_group}`)];
      }),
    );
  }

  settle(change: SettlementChange): Promise<void> {
    const { performance, bars, task, standings, reasons } = change;
    return this.#tables.transaction().execute(async (tables) => {
      const { state, body } = rowOf(performance);
      await tables
        .updateTable('groove_performance')
        .set({ state, body, bars: bars && textOf(bars) })
        .where('performance', '=', performance.performance)
        .execute();
      for (const standing of standings) {
        const row = { owner_group: standing.ownerGroup, task, body: standingText(standing) };
        await tables
          .insertInto('groove_standing')
          .values(row)
          .onConflict((conflict) => conflict.columns(['owner_group', 'task']).doUpdateSet({ body: row.body }))
          .execute();
      }
      for (const reason of reasons)
        await tables
          .insertInto('groove_reason')
          .values(reason)
          .onConflict((conflict) => conflict.column('contribution').doNothing())
          .execute();
    });
  }

  /** Reasons of those contributions that have one. */
  async reasons(contributions: readonly string[]): Promise<Map<string, string>> {
    if (contributions.length === 0) return new Map();
    const rows = await this.#tables
      .selectFrom('groove_reason')
      .selectAll()
      .where('contribution', 'in', [...contributions])
      .execute();
    return new Map(rows.map(({ contribution, reason }) => [contribution, reason]));
  }
}

function rowOf(performance: Performance): PerformanceRow {
  const { performance: id, state, openedAtUs, performerGroup, ...rest } = performance;
  return {
    performance: id,
    state,
    opened_at_us: openedAtUs,
    performer_group: performerGroup,
    body: JSON.stringify(rest, bigintAsText),
    bars: null,
  };
}

function performanceOf(row: PerformanceRow): Performance {
  // Written by rowOf alone, with integers as text.
  const body = JSON.parse(row.body) as Performance;
  return {
    ...body,
    changedAtUs: BigInt(body.changedAtUs),
    contributions: body.contributions.map((each) => ({
      ...each,
      merit: BigInt(each.merit),
      acceptedAtUs: BigInt(each.acceptedAtUs),
      payees: each.payees.map(({ payee, weight }) => ({ payee, weight: BigInt(weight) })),
    })),
    performance: row.performance,
    state: row.state as PerformanceState,
    openedAtUs: row.opened_at_us,
    performerGroup: row.performer_group,
  };
}

/** `[index, [cell, offsetUs, velocity] …]` of each bar. */
function textOf(bars: readonly Bar[]): string {
  return JSON.stringify(
    bars.map(({ index, hits }) => [
      index,
      ...hits.map(({ cell, offsetUs, velocity }) => [cell, offsetUs, velocity]),
    ]),
  );
}

function barsOf(text: string): Bar[] {
  // Written by textOf alone.
  const rows = JSON.parse(text) as [number, ...[number, number, number][]][];
  return rows.map(([index, ...hits]) => ({
    index,
    hits: hits.map(([cell, offsetUs, velocity]) => ({ cell, offsetUs, velocity })),
  }));
}
