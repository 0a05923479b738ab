import type { Database } from '@jamnet/sql';
import type { Selectable } from 'kysely';
import type { Tables } from '../context.ts';
import type { ContributionRow, UseRow } from '../tables.ts';

/** What the close reads of a contribution; amounts are exact: the limits of records keep them below 2⁵³. */
export type TakeContribution = (
  id: string,
  meter: string,
  payees: string,
  merit: number,
  ownerGroup: string,
) => void;
export type TakeUse = (contribution: string, meter: string, quantity: number, principal: string) => void;

/** Open records one after another, never all at once. */
export interface RecordReader {
  contributions(beforeUs: bigint, take: TakeContribution): Promise<void>;
  uses(take: TakeUse): Promise<void>;
}

export function recordReader(database: Database, tables: Tables): RecordReader {
  return database.engine === 'sqlite' ? sqliteReader(database.sqlite) : pagedReader(tables);
}

type Connection = Extract<Database, { engine: 'sqlite' }>['sqlite'];

type ContributionCells = readonly [string, string, string, number, string];
type UseCells = readonly [string, string, number, string];

/** Rows as arrays, integers as numbers: a third of the time that objects with bigints take. */
function sqliteReader(connection: Connection): RecordReader {
  // STRICT tables keep the types of the columns that the query names.
  const rowsOf = <Cells>(query: string, ...parameters: bigint[]): Iterable<Cells> => {
    const statement = connection.prepare(query);
    statement.setReturnArrays(true);
    return statement.iterate(...parameters) as unknown as Iterable<Cells>;
  };
  return {
    contributions: async (beforeUs, take) => {
      const query = `SELECT id, meter, payees, merit, owner_group FROM economy_contribution
        WHERE epoch_id IS NULL AND accepted_at_us < ?`;
      for (const cells of rowsOf<ContributionCells>(query, beforeUs)) take(...cells);
    },
    uses: async (take) => {
      const query = 'SELECT contribution, meter, quantity, principal FROM economy_use WHERE epoch_id IS NULL';
      for (const [contribution, meter, quantity, principal] of rowsOf<UseCells>(query))
        take(contribution, meter, quantity, principal);
    },
  };
}

/** Rows of one page. */
const PAGE_ROWS = 20_000;

/** Pages by key, on any engine. */
function pagedReader(tables: Tables): RecordReader {
  return {
    contributions: async (beforeUs, take) => {
      const page = (after: string): Promise<Selectable<ContributionRow>[]> =>
        tables
          .selectFrom('economy_contribution')
          .selectAll()
          .where('epoch_id', 'is', null)
          .where('accepted_at_us', '<', beforeUs)
          .where('id', '>', after)
          .orderBy('id')
          .limit(PAGE_ROWS)
          .execute();
      for (let rows = await page(''); rows.length > 0; rows = await page(rows.at(-1)?.id ?? ''))
        for (const { id, meter, payees, merit, owner_group } of rows)
          take(id, meter, payees, Number(merit), owner_group);
    },
    uses: async (take) => {
      const page = (after: string): Promise<Selectable<UseRow>[]> =>
        tables
          .selectFrom('economy_use')
          .selectAll()
          .where('epoch_id', 'is', null)
          .where('row_id', '>', after)
          .orderBy('row_id')
          .limit(PAGE_ROWS)
          .execute();
      for (let rows = await page(''); rows.length > 0; rows = await page(rows.at(-1)?.row_id ?? ''))
        for (const { contribution, meter, quantity, principal } of rows)
          take(contribution, meter, Number(quantity), principal);
    },
  };
}
