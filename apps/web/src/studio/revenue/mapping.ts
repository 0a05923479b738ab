import type { Result } from '@jamnet/base';
import { type CsvMapping, type CsvRevenue, readRevenueCsv, timeUs } from '@jamnet/economy/page';

/** Column of the file for each member of a receipt, a fixed text after `=`, or nothing. */
export const EMPTY_MAPPING = {
  id: '',
  principal: '',
  amount: '',
  currency: '',
  receivedAt: '',
  stream: '',
  product: '',
  reference: '',
  refundOf: '',
};
export type Mapping = typeof EMPTY_MAPPING;
export const MEMBERS = Object.keys(EMPTY_MAPPING) as readonly (keyof Mapping)[];

/** Columns that bear a member's name, whatever their case, are that member. */
export function mappingFor(columns: readonly string[]): Mapping {
  const found = MEMBERS.map((member) => [
    member,
    columns.find((column) => column.trim().toLowerCase() === member.toLowerCase()) ?? '',
  ]);
  return { ...EMPTY_MAPPING, ...Object.fromEntries(found) };
}

/** The receipts of a file as its columns are named; a member without one that is needed is missed by its own name. */
export function readMapped(text: string, mapping: Mapping): Result<CsvRevenue> {
  const { id, principal, amount, currency, receivedAt, ...optional } = mapping;
  const named: CsvMapping = {
    id: id || 'id',
    principal: principal || 'principal',
    amount: amount || 'amount',
    currency: currency || 'currency',
    receivedAt: receivedAt || 'receivedAt',
    ...Object.fromEntries(Object.entries(optional).filter(([, column]) => column !== '')),
  };
  return readRevenueCsv(text, named, timeUs);
}
