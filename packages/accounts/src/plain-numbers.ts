import type { KyselyPlugin } from 'kysely';

/**
 * Gives integers as numbers: our databases answer bigint, so that no amount is rounded, but better-auth counts and
 * compares in numbers and writes its rows as JSON. None of its columns holds an amount.
 */
export const PLAIN_NUMBERS: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => ({ ...result, rows: result.rows.map(plain) }),
};

function plain<Row extends Record<string, unknown>>(row: Row): Row {
  const entries = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'bigint' ? Number(value) : value,
  ]);
  return Object.fromEntries(entries) as Row;
}
