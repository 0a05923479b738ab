import { ok, type Result, refuse } from '@jamnet/base';
import { STREAMS } from '../records/kinds.ts';
import { checkReceipt, type RecordCode } from '../records/records.ts';
import { CURRENCIES, type Currency, currencyNamed, parseMinor } from './currencies.ts';
import type { IncomingReceipt } from './incoming-receipt.ts';

export type CsvCode =
  | RecordCode
  | 'csv-malformed'
  | 'csv-too-large'
  | 'column-missing'
  | 'amount-malformed'
  | 'time-malformed'
  | 'duplicate-receipt';

/** Column of the file for each member, or a fixed text after `=`, e.g. `stream: '=subscription'`. */
export interface CsvMapping {
  readonly id: string;
  readonly principal: string;
  /** Where one of the four optional members is not mapped, a column of its own name is taken. One of stream and product says what was paid for; of a refund its payment does. */
  readonly stream?: string;
  /** Key of the policy's catalogue. */
  readonly product?: string;
  readonly amount: string;
  readonly currency: string;
  /** UTC: `2026-10-31`, `2026-10-31T12:00:00Z` or seconds since 1970. */
  readonly receivedAt: string;
  readonly reference?: string;
  /** Id of the receipt that the line pays back; empty for a payment. */
  readonly refundOf?: string;
}

export interface CsvFault {
  /** Line of the file, the heading is 1. */
  readonly line: number;
  readonly code: CsvCode;
  readonly message: string;
}

export interface CsvRevenue {
  readonly receipts: readonly IncomingReceipt[];
  readonly faults: readonly CsvFault[];
  /** Net of refunds, of the receipts that are good, by product or stream (`refund` where a line names neither) and currency. */
  readonly sums: readonly CsvSum[];
}

export interface CsvSum {
  readonly of: string;
  readonly currency: Currency;
  readonly amountMinor: bigint;
}

/** Lines of one file. */
export const CSV_LINES_MAX = 1_000_000;
const FAULTS_MAX = 100;

/** Receipts of a CSV file (RFC 4180, comma or semicolon, first line names the columns). Reads all, writes nothing. */
export function readRevenueCsv(
  text: string,
  given: CsvMapping,
  timeUs: (text: string) => bigint | null,
  linesMax = CSV_LINES_MAX,
): Result<CsvRevenue, CsvCode> {
  const rows = parseCsv(text.startsWith('\ufeff') ? text.slice(1) : text, linesMax);
  if (!rows.ok) return rows;
  const [heading, ...lines] = rows.value;
  if (!heading) return refuse('csv-malformed', 'The file is empty.');
  const mapping = withColumnsOfTheirName(given, heading.fields);
  const fault = mappingFault(mapping, heading.fields);
  if (fault) return fault;
  const receipts: IncomingReceipt[] = [];
  const faults: CsvFault[] = [];
  const seen = new Set<string>();
  const sums = new Map<string, CsvSum>();
  for (const { line, fields } of lines) {
    const of = (column: string | undefined): string => {
      if (column === undefined) return '';
      return column.startsWith('=') ? column.slice(1) : (fields[heading.fields.indexOf(column)] ?? '').trim();
    };
    const read =
      fields.length === heading.fields.length
        ? receiptOf(mapping, of, timeUs)
        : tooFew(fields.length, heading.fields.length);
    const fresh =
      read.ok && seen.has(read.value.id)
        ? refuse<CsvCode>('duplicate-receipt', `${read.value.id} is in the file twice.`)
        : read;
    if (!fresh.ok) {
      if (faults.length < FAULTS_MAX) faults.push({ line, code: fresh.code, message: fresh.message });
      continue;
    }
    const receipt = fresh.value;
    seen.add(receipt.id);
    receipts.push(receipt);
    addTo(sums, receipt);
  }
  return ok({ receipts, faults, sums: [...sums.values()] });
}

/** Names of a file's columns, for choosing which is what. */
export function revenueCsvColumns(text: string): Result<readonly string[], CsvCode> {
  const rows = parseCsv(text.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0] ?? '', 1);
  if (!rows.ok) return rows;
  return ok(rows.value[0]?.fields ?? []);
}

/** A column that bears a member's own name is that member: a refund in `refundOf` is never read as a payment. */
function withColumnsOfTheirName(given: CsvMapping, columns: readonly string[]): CsvMapping {
  const named = (['stream', 'product', 'reference', 'refundOf'] as const).filter(
    (member) => given[member] === undefined && columns.includes(member),
  );
  return { ...given, ...Object.fromEntries(named.map((member) => [member, member])) };
}

function mappingFault(mapping: CsvMapping, columns: readonly string[]) {
  const there = `there are ${columns.join(', ').slice(0, 400)}`;
  const missing = Object.values(mapping).find(
    (column) => !column.startsWith('=') && !columns.includes(column),
  );
  if (missing !== undefined)
    return refuse<CsvCode>('column-missing', `There is no column ${missing}; ${there}.`);
  if (mapping.stream !== undefined || mapping.product !== undefined) return null;
  return refuse<CsvCode>('column-missing', `No column says product or stream: map one of them; ${there}.`);
}

function addTo(sums: Map<string, CsvSum>, receipt: IncomingReceipt): void {
  const of = receipt.product ?? receipt.stream ?? 'refund';
  const currency = currencyNamed(receipt.currency) ?? 'USD';
  const signed = receipt.refundOf === null ? receipt.amountMinor : -receipt.amountMinor;
  const key = `${of} ${currency}`;
  sums.set(key, { of, currency, amountMinor: (sums.get(key)?.amountMinor ?? 0n) + signed });
}

function tooFew(found: number, wanted: number): Result<IncomingReceipt, CsvCode> {
  return refuse('csv-malformed', `The line has ${found} fields, the heading ${wanted}.`);
}

function receiptOf(
  mapping: CsvMapping,
  of: (column: string | undefined) => string,
  timeUs: (text: string) => bigint | null,
): Result<IncomingReceipt, CsvCode> {
  const [named, product] = [of(mapping.stream).toLowerCase(), of(mapping.product) || null];
  const refundOf = of(mapping.refundOf) || null;
  const stream = STREAMS.find((known) => known === named) ?? null;
  if (stream === null && (named !== '' || (product === null && refundOf === null)))
    return refuse('receipt-malformed', `${named || 'nothing'} is no stream: ${STREAMS.join(', ')}.`);
  const code = of(mapping.currency).toUpperCase();
  const currency = currencyNamed(code);
  if (currency === null)
    return refuse('wrong-currency', `${code || 'nothing'} is none of ${CURRENCIES.join(', ')}.`);
  const signed = of(mapping.amount);
  const amount = parseMinor(signed.replace(/^-/, ''), currency);
  if (!amount.ok) return amount;
  if (signed.startsWith('-') && refundOf === null)
    return refuse(
      'amount-malformed',
      'A negative amount is a refund: map a column to refundOf that names the payment.',
    );
  const receivedAtUs = timeUs(of(mapping.receivedAt));
  if (receivedAtUs === null)
    return refuse('time-malformed', `${of(mapping.receivedAt) || 'nothing'} is no UTC time.`);
  const [id, principal, reference] = [of(mapping.id), of(mapping.principal), of(mapping.reference)];
  const shape = { id, principal, reference, refundOf, receivedAtUs };
  // Names and ranges only: whether the currency is accepted and the product known is for the policy to say.
  const checked = checkReceipt({
    ...shape,
    stream: stream ?? 'hardware',
    amountCents: amount.value,
    currency: 'USD',
  });
  return checked.ok ? ok({ ...shape, product, stream, amountMinor: amount.value, currency }) : checked;
}

interface CsvLine {
  readonly line: number;
  readonly fields: readonly string[];
}

/** RFC 4180; the separator is what the first line has more of. Empty lines are skipped. */
function parseCsv(text: string, linesMax: number): Result<CsvLine[], CsvCode> {
  const first = text.slice(0, Math.max(0, text.indexOf('\n')) || text.length);
  const separator = first.split(';').length > first.split(',').length ? ';' : ',';
  const lines: CsvLine[] = [];
  let [fields, field, quoted, line, beganAt]: [string[], string, boolean, number, number] = [
    [],
    '',
    false,
    1,
    1,
  ];
  const endLine = (): void => {
    fields.push(field);
    if (fields.length > 1 || field !== '') lines.push({ line: beganAt, fields });
    [fields, field, beganAt] = [[], '', line];
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '\n') line++;
    if (quoted && character === '"' && text[i + 1] === '"') field += text[++i];
    else if (character === '"' && (quoted || field === '')) quoted = !quoted;
    else if (quoted) field += character;
    else if (character === separator) {
      fields.push(field);
      field = '';
    } else if (character === '\n') endLine();
    else if (character !== '\r') field += character;
    if (lines.length > linesMax) return tooLarge(linesMax);
  }
  if (quoted) return refuse('csv-malformed', `The quotation that begins in line ${beganAt} does not end.`);
  endLine();
  return lines.length > linesMax ? tooLarge(linesMax) : ok(lines);
}

function tooLarge(linesMax: number): Result<never, CsvCode> {
  return refuse('csv-too-large', `A file has at most ${linesMax} lines: split it.`);
}
