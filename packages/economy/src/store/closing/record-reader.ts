import type { Database } from '@jamnet/sql';
import type { Tables } from '../context.ts';

/** number, id, meter, payees, merit, owner group; amounts are exact: the limits of records keep them below 2⁵³. */
export type ContributionCells = readonly [number, string, string, string, number, string];
/** number, contribution, meter, quantity, principal; all but the quantity are numbers of rows. */
export type UseCells = readonly [number, number, number, number, number];

/** Records in the order of their numbers, a page after the other. */
export interface RecordReader {
  /** Open, accepted before a time. */
  contributions(beforeUs: bigint): AsyncGenerator<readonly ContributionCells[]>;
  /** With numbers in (after, through]. */
  uses(after: number, through: number): AsyncGenerator<readonly UseCells[]>;
  names(): AsyncGenerator<readonly (readonly [number: number, name: string])[]>;
}

/** Rows of one page. */
const PAGE_ROWS = 10_000;

export function recordReader(database: Database, tables: Tables): RecordReader {
  const pages = database.engine === 'sqlite' ? sqlitePages(database.sqlite) : queriedPages(tables);
  return {
    contributions: (beforeUs) => paged((after) => pages.contributions(beforeUs, after)),
    uses: (after, through) => paged((last) => pages.uses(last, through), after),
    names: () => paged((after) => pages.names(after)),
  };
}

async function* paged<Cells extends readonly [number, ...unknown[]]>(
  pageAfter: (number: number) => Promise<readonly Cells[]>,
  after = 0,
): AsyncGenerator<readonly Cells[]> {
  for (let page = await pageAfter(after); page.length > 0; ) {
    yield page;
    page = page.length < PAGE_ROWS ? [] : await pageAfter(page.at(-1)?.[0] ?? after);
  }
}

/** One page of each, behind a number. */
interface Pages {
  contributions(beforeUs: bigint, after: number): Promise<readonly ContributionCells[]>;
  uses(after: number, through: number): Promise<readonly UseCells[]>;
  names(after: number): Promise<readonly (readonly [number, string])[]>;
}

type Connection = Extract<Database, { engine: 'sqlite' }>['sqlite'];

/** Rows as arrays, integers as numbers: a third of the time that objects with bigints take. */
function sqlitePages(connection: Connection): Pages {
  const prepared = (query: string) => {
    const statement = connection.prepare(`${query} ORDER BY number LIMIT ${PAGE_ROWS}`);
    statement.setReturnArrays(true);
    return statement;
  };
  // STRICT tables keep the types of the columns that the queries name.
  const contributions = prepared(
    `SELECT number, id, meter, payees, merit, owner_group FROM economy_contribution
     WHERE number > ? AND epoch_id IS NULL AND accepted_at_us < ?`,
  );
  const uses = prepared(
    'SELECT number, contribution, meter, quantity, principal FROM economy_use WHERE number > ? AND number <= ?',
  );
  const names = prepared('SELECT number, name FROM economy_name WHERE number > ?');
  return {
    contributions: async (beforeUs, after) =>
      contributions.all(after, beforeUs) as unknown as ContributionCells[],
    uses: async (after, through) => uses.all(after, through) as unknown as UseCells[],
    names: async (after) => names.all(after) as unknown as [number, string][],
  };
}

function queriedPages(tables: Tables): Pages {
  return {
    contributions: async (beforeUs, after) => {
      const rows = await tables
        .selectFrom('economy_contribution')
        .select(['number', 'id', 'meter', 'payees', 'merit', 'owner_group'])
        .where('epoch_id', 'is', null)
        .where('accepted_at_us', '<', beforeUs)
        .where('number', '>', BigInt(after))
        .orderBy('number')
        .limit(PAGE_ROWS)
        .execute();
      return rows.map(({ number, id, meter, payees, merit, owner_group }) => [
        Number(number),
        id,
        meter,
        payees,
        Number(merit),
        owner_group,
      ]);
    },
    uses: async (after, through) => {
      const rows = await tables
        .selectFrom('economy_use')
        .select(['number', 'contribution', 'meter', 'quantity', 'principal'])
        .where('number', '>', BigInt(after))
        .where('number', '<=', BigInt(through))
        .orderBy('number')
        .limit(PAGE_ROWS)
        .execute();
      return rows.map(({ number, contribution, meter, quantity, principal }) => [
        Number(number),
        Number(contribution),
        Number(meter),
        Number(quantity),
        Number(principal),
      ]);
    },
    names: async (after) => {
      const rows = await tables
        .selectFrom('economy_name')
        .selectAll()
        .where('number', '>', BigInt(after))
        .orderBy('number')
        .limit(PAGE_ROWS)
        .execute();
      return rows.map(({ number, name }) => [Number(number), name]);
    },
  };
}
