import { canonicalJson, ok, type Result, refuse } from '@jamnet/base';
import { type Database, migrate, tablesOf } from '@jamnet/sql';
import {
  isVerified,
  mayBePaid,
  newPayeeFile,
  type PayeeFile,
  type PayeeFileCode,
  type PayeeFileEvent,
  type PaymentTerms,
  payeeFileAfter,
} from '../../core/payees/payee-file.ts';
import type { TaxFormState } from '../../core/payouts/payout-quote.ts';
import { isPayee } from '../../core/records/payee-id.ts';
import type { Destination } from '../../rails/payment.ts';
import {
  PAYEE_FILE_STEPS,
  type PayeeFileTables,
  readFileColumn,
  writeFileColumn,
} from './payee-file-table.ts';
import {
  commitTo,
  NO_DATA,
  type PersonalData,
  type SealedData,
  type SealingKey,
  seal,
  unseal,
} from './personal-data.ts';
import { judgedParts, type PersonalFormCode, readPersonalForm, taxFormFault } from './personal-form.ts';

export type PayeeFilesCode =
  | PayeeFileCode
  | PersonalFormCode
  | 'payee-malformed'
  | 'changed-meanwhile'
  | 'no-destination';

/** What a payee may take away: all that is kept about him. */
export interface PayeeExport {
  readonly file: PayeeFile;
  readonly personal: PersonalData;
}

/** What a payout needs to know of a payee, whether he may be paid or not. */
export interface PayeeForPayout {
  readonly destination: Destination | null;
  readonly taxForm: TaxFormState;
}

/** Files of payees: checks and holds in the open, personal data sealed with a key that the database never sees. */
export interface PayeeFiles {
  file(payee: string): Promise<PayeeFile>;
  /** Payees who have a file, by name, at most 10,000; go on with `after` the last. */
  payees(after?: string): Promise<readonly string[]>;
  /** Files by the payee's name, those after `after`, at most `limit`. */
  files(after: string, limit: number): Promise<readonly PayeeFile[]>;
  apply(nowUs: bigint, payee: string, event: PayeeFileEvent): Promise<Result<PayeeFile, PayeeFilesCode>>;
  /** Takes in what a payee handed in: replaces what is given, keeps the rest; parts that changed must be judged again. */
  hand(nowUs: bigint, payee: string, document: unknown): Promise<Result<PayeeFile, PayeeFilesCode>>;
  export(payee: string): Promise<PayeeExport>;
  /** Destroys personal data, salts and checks; holds stay, and the log, which holds none of it, stays as it is. */
  erase(nowUs: bigint, payee: string): Promise<Result<PayeeFile, PayeeFilesCode>>;
  forPayout(nowUs: bigint, payee: string): Promise<PayeeForPayout>;
  /** The gate of payouts: where the money goes, or why not now. */
  destinationOf(
    payee: string,
    nowUs: bigint,
    terms: PaymentTerms,
  ): Promise<Result<Destination, PayeeFilesCode>>;
}

const LISTED_MAX = 10_000;
const NOTHING: SealedData = { data: NO_DATA, salts: {} };

export async function openPayeeFiles(database: Database, key: SealingKey): Promise<PayeeFiles> {
  await migrate(database, 'economy_payee_files', PAYEE_FILE_STEPS);
  const tables = tablesOf<PayeeFileTables>(database);
  const rowOf = (payee: string) =>
    tables.selectFrom('economy_payee_file').selectAll().where('payee', '=', payee).executeTakeFirst();
  type Row = Awaited<ReturnType<typeof rowOf>>;
  const fileOf = (payee: string, row: Row): PayeeFile =>
    row ? readFileColumn(row.document) : newPayeeFile(payee);
  const sealedOf = (payee: string, row: Row): SealedData =>
    row?.box && row.key_id ? unseal(key, payee, { box: row.box, keyId: row.key_id }) : NOTHING;
  const save = async (
    before: Row,
    file: PayeeFile,
    sealed: { box: string | null; key_id: string | null },
  ): Promise<Result<PayeeFile, PayeeFilesCode>> => {
    const { payee } = file;
    const values = { document: writeFileColumn(file), ...sealed };
    const changed = before
      ? (
          await tables
            .updateTable('economy_payee_file')
            .set({ ...values, version: before.version + 1n })
            .where('payee', '=', payee)
            .where('version', '=', before.version)
            .executeTakeFirst()
        ).numUpdatedRows
      : (
          await tables
            .insertInto('economy_payee_file')
            .values({ payee, version: 1n, ...values })
            .onConflict((c) => c.column('payee').doNothing())
            .executeTakeFirst()
        ).numInsertedOrUpdatedRows;
    return (changed ?? 0n) === 1n ? ok(file) : MEANWHILE;
  };
  const apply: PayeeFiles['apply'] = async (nowUs, payee, event) => {
    if (!isPayee(payee)) return MALFORMED;
    const row = await rowOf(payee);
    const next = payeeFileAfter(fileOf(payee, row), event, nowUs);
    if (!next.ok) return next;
    const kept =
      event.type === 'erased'
        ? { box: null, key_id: null }
        : { box: row?.box ?? null, key_id: row?.key_id ?? null };
    return save(row, next.value, kept);
  };
  return {
    file: async (payee) => fileOf(payee, await rowOf(payee)),
    async payees(after = '') {
      const rows = await tables
        .selectFrom('economy_payee_file')
        .select('payee')
        .where('payee', '>', after)
        .orderBy('payee')
        .limit(LISTED_MAX)
        .execute();
      return rows.map(({ payee }) => payee);
    },
    async files(after, limit) {
      const rows = await tables
        .selectFrom('economy_payee_file')
        .select('document')
        .where('payee', '>', after)
        .orderBy('payee')
        .limit(Math.min(limit, LISTED_MAX))
        .execute();
      return rows.map(({ document }) => readFileColumn(document));
    },
    apply,
    async hand(nowUs, payee, document) {
      if (!isPayee(payee)) return MALFORMED;
      const form = readPersonalForm(document);
      if (!form.ok) return form;
      const row = await rowOf(payee);
      const before = sealedOf(payee, row);
      const data = { ...before.data, ...form.value };
      const fault = taxFormFault(data);
      if (fault) return fault;
      const handed = handedIn(fileOf(payee, row), before, data, nowUs);
      if (!handed.ok) return handed;
      const { box, keyId } = seal(key, payee, { data, salts: handed.value.salts });
      return save(row, handed.value.file, { box, key_id: keyId });
    },
    async export(payee) {
      const row = await rowOf(payee);
      return { file: fileOf(payee, row), personal: sealedOf(payee, row).data };
    },
    erase: (nowUs, payee) => apply(nowUs, payee, { type: 'erased' }),
    async forPayout(nowUs, payee) {
      const row = await rowOf(payee);
      const { tax, address, destination } = sealedOf(payee, row).data;
      const isUs = (tax?.country ?? address?.country) === 'US';
      const taxForm = isVerified(fileOf(payee, row), 'taxForm', nowUs)
        ? 'valid'
        : isUs
          ? 'missing-us'
          : 'missing-foreign';
      return { destination, taxForm };
    },
    async destinationOf(payee, nowUs, terms) {
      const row = await rowOf(payee);
      const may = mayBePaid(fileOf(payee, row), nowUs, terms);
      if (!may.ok) return may;
      const { destination } = sealedOf(payee, row).data;
      return destination ? ok(destination) : refuse('no-destination', 'There is no account to pay to.');
    },
  };
}

/** Each part that changed is submitted anew, under a commitment with a fresh salt. */
function handedIn(
  file: PayeeFile,
  before: SealedData,
  data: PersonalData,
  nowUs: bigint,
): Result<{ file: PayeeFile; salts: Record<string, string> }, PayeeFileCode> {
  const salts: Record<string, string> = { ...before.salts };
  const [was, now] = [judgedParts(before.data), judgedParts(data)];
  let next = file;
  for (const check of ['identity', 'taxForm', 'bank'] as const) {
    const part = now[check];
    const isSame =
      canonicalJson(part) === canonicalJson(was[check]) && next.checks[check].state !== 'rejected';
    if (part === null || isSame) continue;
    const { evidence, saltHex } = commitTo(part);
    const submitted = payeeFileAfter(next, { type: 'submitted', check, evidence }, nowUs);
    if (!submitted.ok) return submitted;
    salts[check] = saltHex;
    next = submitted.value;
  }
  return ok({ file: next, salts });
}

const MALFORMED = refuse<PayeeFilesCode>('payee-malformed', 'A payee is p and 32 lower-case hex digits.');
const MEANWHILE = refuse<PayeeFilesCode>(
  'changed-meanwhile',
  'The file was changed by somebody else: read it again.',
);
