import type { MigrationStep } from '@jamnet/sql';
import { sql } from 'kysely';
import {
  type CheckRecord,
  newPayeeFile,
  PAYEE_CHECKS,
  type PayeeFile,
} from '../../core/payees/payee-file.ts';

export interface PayeeFileTables {
  economy_payee_file: {
    payee: string;
    version: bigint;
    document: string;
    /** Sealed personal data, or `null` when there is none or it was erased. */
    box: string | null;
    key_id: string | null;
  };
}

export const PAYEE_FILE_STEPS: Readonly<Record<string, MigrationStep>> = {
  '001-payee-file': async (kysely, engine) => {
    const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
    const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
    await sql`CREATE TABLE economy_payee_file (payee TEXT PRIMARY KEY, version ${integer} NOT NULL, document TEXT NOT NULL,
      box TEXT, key_id TEXT)${strict}`.execute(kysely);
  },
};

/** JSON with times as decimal strings. */
export function writeFileColumn(file: PayeeFile): string {
  return JSON.stringify(file, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

export function readFileColumn(text: string): PayeeFile {
  const file = JSON.parse(text) as PayeeFile; // only `writeFileColumn` fills this column; its times are still text
  const record = ({ state, evidence, atUs }: CheckRecord): CheckRecord => ({
    state,
    evidence,
    atUs: BigInt(atUs),
  });
  const [identity, taxForm, sanctions, bank] = PAYEE_CHECKS.map((check) => record(file.checks[check]));
  const { payee, nameCheck } = file;
  const before = newPayeeFile(payee).checks;
  return {
    payee,
    nameCheck,
    checks: {
      identity: identity ?? before.identity,
      taxForm: taxForm ?? before.taxForm,
      sanctions: sanctions ?? before.sanctions,
      bank: bank ?? before.bank,
    },
    holds: file.holds.map((hold) => ({ ...hold, sinceUs: BigInt(hold.sinceUs) })),
  };
}
