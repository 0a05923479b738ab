export { REFUSAL_CODES, type RefusalCode } from './core/refusals.ts';
export {
  type Accepted,
  type AccountKind,
  type AccountRequest,
  type Answer,
  type AssetCode,
  BATCH_LEGS_MAX,
  BATCH_REQUESTS_MAX,
  type EntryRequest,
  LEGS_MAX,
  type Leg,
  type RecordRequest,
  type Request,
  type SettleRequest,
} from './core/requests.ts';
export { type Account, type JournalEntry, type Ledger, openLedger, PAGE_MAX } from './store/ledger.ts';
