import { ok, type Result } from '@jamnet/base';
import type { MigrationStep } from '@jamnet/sql';
import { type Kysely, sql } from 'kysely';
import { checkDisplayName, type NameCode } from '../../core/reports/display-name.ts';
import type { EconomyTables } from '../tables.ts';

export interface ReportTables extends EconomyTables {
  economy_display_name: {
    payee: string;
    /** `null` after it was withdrawn: the name itself is gone, that there was one stays. */
    name: string | null;
    agreed_at_us: bigint;
    withdrawn_at_us: bigint | null;
  };
}

/** Forward only: add a step, never change one. */
export const REPORT_STEPS: Readonly<Record<string, MigrationStep>> = {
  '001-display-name': async (kysely, engine) => {
    const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
    const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
    await sql`CREATE TABLE economy_display_name (payee TEXT PRIMARY KEY, name TEXT, agreed_at_us ${integer} NOT NULL,
      withdrawn_at_us ${integer})${strict}`.execute(kysely);
  },
};

/** Names looked up in one statement. */
const IDS_PER_STATEMENT = 500;

/** Shows a payee under a name from now on, by the member's own wish. */
export async function agreeToName(
  tables: Kysely<ReportTables>,
  nowUs: bigint,
  { payee, name }: { payee: string; name: string },
): Promise<Result<{ name: string }, NameCode>> {
  const checked = checkDisplayName(payee, name);
  if (!checked.ok) return checked;
  const row = { payee, name: checked.value, agreed_at_us: nowUs, withdrawn_at_us: null };
  await tables
    .insertInto('economy_display_name')
    .values(row)
    .onConflict((c) => c.column('payee').doUpdateSet(row))
    .execute();
  return ok({ name: checked.value });
}

/** Back to the pseudonym, in all reports at once. Repeating it is harmless. */
export async function withdrawName(
  tables: Kysely<ReportTables>,
  nowUs: bigint,
  payee: string,
): Promise<void> {
  await tables
    .updateTable('economy_display_name')
    .set({ name: null, withdrawn_at_us: nowUs })
    .where('payee', '=', payee)
    .where('name', 'is not', null)
    .execute();
}

/** The names that these payees agreed to. */
export async function namesOf(
  tables: Kysely<ReportTables>,
  payees: readonly string[],
): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (let start = 0; start < payees.length; start += IDS_PER_STATEMENT) {
    const rows = await tables
      .selectFrom('economy_display_name')
      .select(['payee', 'name'])
      .where('payee', 'in', payees.slice(start, start + IDS_PER_STATEMENT))
      .execute();
    for (const { payee, name } of rows) if (name !== null) names.set(payee, name);
  }
  return names;
}
