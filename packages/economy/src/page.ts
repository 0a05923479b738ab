// What pages use of the economy: reading what an operator hands in. No store, no rails.
export { chunksOfReceipts } from './core/intake/chunks-of-receipts.ts';
export { CURRENCIES, CURRENCY_DECIMALS, currencyNamed, formatMinor } from './core/intake/currencies.ts';
export type { IncomingReceipt } from './core/intake/incoming-receipt.ts';
export {
  type CsvMapping,
  type CsvRevenue,
  readRevenueCsv,
  revenueCsvColumns,
} from './core/intake/revenue-csv.ts';
export { timeUs } from './core/intake/time-us.ts';
export { malformedAt, parsePolicy } from './core/policy/policy.ts';
export { templatePolicy } from './core/policy/sample-policy.ts';
export { STREAMS } from './core/records/kinds.ts';
