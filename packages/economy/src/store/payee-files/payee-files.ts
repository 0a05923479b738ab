import { ok, type Result, refuse } from '@jamnet/base';
import { type Database, type MigrationStep, migrate, tablesOf } from '@jamnet/sql';
import { sql } from 'kysely';
import {
  type CheckRecord,
  mayBePaid,
  newPayeeFile,
  PAYEE_CHECKS,
  type PayeeFile,
  type PayeeFileCode,
  type PayeeFileEvent,
  payeeFileAfter,
} from '../../core/payees/payee-file.ts';
import type { Destination } from '../../rails/payment.ts';
import { NO_DATA, type PersonalData, type SealingKey, seal, unseal } from './personal-data.ts';

export type PayeeFilesCode = PayeeFileCode | 'payee-malformed' | 'changed-meanwhile' | 'no-destination';

interface PayeeFileTables {
  economy_payee_file: {
    payee: string;
    version: bigint;
    document: string;
    /** Sealed personal data, or `null` when there is none or it was erased. */
    box: string | null;
    key_id: string | null;
  };
}

const STEPS: Readonly<Record<string, MigrationStep>> = {
  '001-payee-file': async (kysely, engine) => {
    const strict = sql.raw(engine === 'sqlite' ? ' STRICT' : '');
    const integer = sql.raw(engine === 'sqlite' ? 'INTEGER' : 'BIGINT');
    await sql`CREATE TABLE economy_payee_file (payee TEXT PRIMARY KEY, version ${integer} NOT NULL, document TEXT NOT NULL,
      box TEXT, key_id TEXT)${strict}`.execute(kysely);
  },
};

/** What a payee may take away: all that is kept about him. */
export interface PayeeExport {
  readonly file: PayeeFile;
  readonly personal: PersonalData;
}

/** Files of payees: checks and holds in the open, personal data sealed with a key that the database never sees. */
export interface PayeeFiles {
  file(payee: string): Promise<PayeeFile>;
  apply(nowUs: bigint, payee: string, event: PayeeFileEvent): Promise<Result<PayeeFile, PayeeFilesCode>>;
  /** Replaces what is given, keeps the rest. */
  writePersonal(payee: string, data: Partial<PersonalData>): Promise<Result<null, PayeeFilesCode>>;
  export(payee: string): Promise<PayeeExport>;
  /** Destroys personal data and checks; holds stay, and the log holds only salted hashes, so it stays as it is. */
  erase(nowUs: bigint, payee: string): Promise<Result<PayeeFile, PayeeFilesCode>>;
  /** The gate of payouts: where the money goes, or why not now. */
  destinationOf(payee: string, nowUs: bigint): Promise<Result<Destination, PayeeFilesCode>>;
}

export async function openPayeeFiles(database: Database, key: SealingKey): Promise<PayeeFiles> {
  await migrate(database, 'economy_payee_files', STEPS);
  const tables = tablesOf<PayeeFileTables>(database);
  const rowOf = (payee: string) =>
    tables.selectFrom('economy_payee_file').selectAll().where('payee', '=', payee).executeTakeFirst();
  type Row = Awaited<ReturnType<typeof rowOf>>;
  const fileOf = (payee: string, row: Row): PayeeFile =>
    row ? parseFile(row.document) : newPayeeFile(payee);
  const personalOf = (payee: string, row: Row): PersonalData =>
    row?.box && row.key_id ? unseal(key, payee, { box: row.box, keyId: row.key_id }) : NO_DATA;
  const save = async (
    before: Row,
    file: PayeeFile,
    sealed: { box: string | null; key_id: string | null },
  ) => {
    const { payee } = file;
    const values = { document: writeFile(file), ...sealed };
    if (!before) {
      const added = await tables
        .insertInto('economy_payee_file')
        .values({ payee, version: 1n, ...values })
        .onConflict((c) => c.column('payee').doNothing())
        .executeTakeFirst();
      return (added.numInsertedOrUpdatedRows ?? 0n) === 1n;
    }
    const changed = await tables
      .updateTable('economy_payee_file')
      .set({ ...values, version: before.version + 1n })
      .where('payee', '=', payee)
      .where('version', '=', before.version)
      .executeTakeFirst();
    return changed.numUpdatedRows === 1n;
  };
  const apply: PayeeFiles['apply'] = async (nowUs, payee, event) => {
    if (!/^p[0-9a-f]{32}$/.test(payee))
      return refuse('payee-malformed', 'A payee is p and 32 lower-case hex digits.');
    const row = await rowOf(payee);
    const next = payeeFileAfter(fileOf(payee, row), event, nowUs);
    if (!next.ok) return next;
    const kept =
      event.type === 'erased'
        ? { box: null, key_id: null }
        : { box: row?.box ?? null, key_id: row?.key_id ?? null };
    return (await save(row, next.value, kept)) ? next : MEANWHILE;
  };
  return {
    file: async (payee) => fileOf(payee, await rowOf(payee)),
    apply,
    async writePersonal(payee, data) {
      if (!/^p[0-9a-f]{32}$/.test(payee))
        return refuse('payee-malformed', 'A payee is p and 32 lower-case hex digits.');
      const row = await rowOf(payee);
      const { box, keyId } = seal(key, payee, { ...personalOf(payee, row), ...data });
      return (await save(row, fileOf(payee, row), { box, key_id: keyId })) ? ok(null) : MEANWHILE;
    },
    async export(payee) {
      const row = await rowOf(payee);
      return { file: fileOf(payee, row), personal: personalOf(payee, row) };
    },
    erase: (nowUs, payee) => apply(nowUs, payee, { type: 'erased' }),
    async destinationOf(payee, nowUs) {
      const row = await rowOf(payee);
      const may = mayBePaid(fileOf(payee, row), nowUs);
      if (!may.ok) return may;
      const { destination } = personalOf(payee, row);
      return destination ? ok(destination) : refuse('no-destination', 'There is no account to pay to.');
    },
  };
}

const MEANWHILE = refuse<PayeeFilesCode>(
  'changed-meanwhile',
  'The file was changed by somebody else: read it again.',
);

/** JSON with times as decimal strings. */
function writeFile(file: PayeeFile): string {
  return JSON.stringify(file, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

function parseFile(text: string): PayeeFile {
  const file = JSON.parse(text) as PayeeFile; // only `writeFile` fills this column; its times are still text
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
