export { benchEpoch, type EpochBench } from './bench/bench-epoch.ts';
export type { EpochSize } from './bench/made-up-epoch.ts';
export type { CapTable } from './core/cap-table/cap-table.ts';
export { type OcfFile, type OcfName, type OcfOptions, ocfFiles } from './core/cap-table/ocf-export.ts';
export { type ClosedColumns, closeColumns } from './core/epoch/close-columns.ts';
export { closeEpoch, type EpochInput, type EpochStatement } from './core/epoch/close-epoch.ts';
export { EpochColumns } from './core/epoch/epoch-columns.ts';
export type { EpochCode, EpochTerms } from './core/epoch/epoch-terms.ts';
export type { ExplainedPayment, PaymentLine } from './core/epoch/explain.ts';
export { ACCOUNTS, type JournalEntry, type JournalLeg, journalOf } from './core/epoch/journal.ts';
export type { OpenFigures } from './core/epoch/open-figures.ts';
export type { Payment, PublicRow } from './core/epoch/settle.ts';
export { claimCodeSha256, newClaimCode, readClaimCode } from './core/hardware/claim-code.ts';
export { claimStatement, sessionStatement } from './core/hardware/device-statement.ts';
export type { HardwareOrder } from './core/hardware/order.ts';
export { chunksOfReceipts } from './core/intake/chunks-of-receipts.ts';
export { CURRENCIES, type Currency, currencyNamed, formatMinor } from './core/intake/currencies.ts';
export { dayText, type ExchangeRate, rateId } from './core/intake/exchange-rate.ts';
export type { IncomingReceipt } from './core/intake/incoming-receipt.ts';
export {
  type CsvCode,
  type CsvFault,
  type CsvMapping,
  type CsvRevenue,
  readRevenueCsv,
} from './core/intake/revenue-csv.ts';
export { timeUs } from './core/intake/time-us.ts';
export { apportion } from './core/money/apportion.ts';
export type { LiquidityEvent } from './core/money/liquidity.ts';
export { issuedMicroJam, type UnitPrice, unitPrice, worthCents } from './core/money/unit-price.ts';
export {
  type CheckState,
  type Hold,
  mayBePaid,
  type NameCheck,
  newPayeeFile,
  PAYEE_CHECKS,
  type PayeeCheck,
  type PayeeFile,
  type PayeeFileCode,
  type PayeeFileEvent,
  payeeFileAfter,
} from './core/payees/payee-file.ts';
export {
  type PayoutQuote,
  type QuoteCode,
  quotePayout,
  type TaxFormState,
} from './core/payouts/payout-quote.ts';
export {
  DEFAULT_PAYOUT_RULES,
  type PayoutRules,
  RAIL_NAMES,
  type RailName,
} from './core/payouts/payout-rules.ts';
export { PERK_KINDS, type PerkKind } from './core/policy/perk-catalogue.ts';
export {
  hashOf,
  type Policy,
  type PolicyCode,
  PolicySchema,
  parsePolicy,
  policySha256,
} from './core/policy/policy.ts';
export { diffPolicies, type PolicyChange } from './core/policy/policy-diff.ts';
export { SAMPLE_METERS, samplePolicy, templatePolicy } from './core/policy/sample-policy.ts';
export {
  type AuditCode,
  type AuditedEpoch,
  type AuditedLeaf,
  auditEpoch,
  openedKey,
} from './core/public/audit-epoch.ts';
export { parsePublicEpoch } from './core/public/parse-public-epoch.ts';
export {
  type PublicEpoch,
  publicEpochDocument,
  publicEpochPieces,
  publicEpochSha256,
} from './core/public/public-epoch.ts';
export { type EpochWindow, monthNamed, monthOf } from './core/records/calendar.ts';
export { dateOf, isoTimeOf } from './core/records/civil-date.ts';
export {
  type ByKind,
  byKind,
  CONTRIBUTION_KINDS,
  type ContributionKind,
  STREAMS,
  type Stream,
} from './core/records/kinds.ts';
export { isPayee, PAYEE_PATTERN } from './core/records/payee-id.ts';
export {
  type Contribution,
  checkContribution,
  checkReceipt,
  checkUse,
  checkValuation,
  PAYEES_PER_CONTRIBUTION_MAX,
  type PayeeWeight,
  QUANTITY_MAX,
  type Receipt,
  type RecordCode,
  type Use,
  type Valuation,
} from './core/records/records.ts';
export { clearRequests, type Fill, type PricedRequest } from './core/redemption/redemption-clear.ts';
export { type GateState, redemptionCapCents } from './core/redemption/redemption-gate.ts';
export {
  cutoffOf,
  type Redemption,
  type RedemptionState,
  type RedemptionStatus,
  statusOf,
} from './core/redemption/redemption-state.ts';
export { type RunMonth, type RunPlan, simulateRun } from './core/redemption/simulate-redemption.ts';
export { type CsvRow, csvText } from './core/reports/csv.ts';
export { type PaidShare, RECURRING_STREAMS } from './core/reports/epoch-figures.ts';
export type { TaxBasis, TaxLine, TaxYear } from './core/reports/tax-year.ts';
export {
  type AnswerCode,
  type BankAnswer,
  readBankAnswer,
} from './rails/answers.ts';
export { type BankFileFormat, type BankFileOptions, bankFileRail } from './rails/bank-file/bank-file-rail.ts';
export type { BankEntry } from './rails/iso20022/camt054.ts';
export { checkPain001, type PaymentFileCode, type PaymentFileFault } from './rails/iso20022/check-pain001.ts';
export { isIban, isRoutingNumber } from './rails/iso20022/iban.ts';
export type { BatchCode, Pain001Version } from './rails/iso20022/pain001.ts';
export {
  type BankOutcome,
  outcomesOf,
  type PaymentStatus,
  type ReportCode,
  type StatusReport,
} from './rails/iso20022/pain002.ts';
export type { NachaOrigin } from './rails/nacha/nacha-file.ts';
export type { NachaAnswer, NachaChange, NachaReturn } from './rails/nacha/nacha-returns.ts';
export type { BankAccount, Destination, PaymentBatch, PaymentOrder, PostalAddress } from './rails/payment.ts';
export type { PayoutEvent, PayoutState, RailOutcome } from './rails/payout-state.ts';
export type { Rail, RailReport } from './rails/rail.ts';
export { readStripePayoutEvent, stripeClient, stripeRail } from './rails/stripe/stripe-rail.ts';
export type { ClosedEpoch, CloseOptions, OnClosePhase, StoredPayment } from './store/closing/close-epoch.ts';
export type { PublicFile, PublishedEpoch } from './store/closing/public-files.ts';
export type { EconomyCode } from './store/codes.ts';
export type { Added } from './store/intake/records-once.ts';
export type { LiquidityView } from './store/liquidity/liquidity.ts';
export { type Economy, openEconomy, type StoredStatement } from './store/open-economy.ts';
export {
  openPayeeFiles,
  type PayeeExport,
  type PayeeFiles,
  type PayeeFilesCode,
} from './store/payee-files/payee-files.ts';
export type { PersonalData, SealingKey, TaxForm } from './store/payee-files/personal-data.ts';
export { readDestination } from './store/payee-files/personal-form.ts';
export type { PayeeRegistration } from './store/payees.ts';
export { openPayouts } from './store/payouts/open-payouts.ts';
export type {
  AppliedAnswer,
  PayoutCode,
  PayoutFilter,
  PayoutOptions,
  PayoutRequest,
  PayoutRun,
  Payouts,
  PayoutView,
  RailSetup,
} from './store/payouts/payouts.ts';
export type { PerkCode } from './store/perks/perk-codes.ts';
export type { PerkDesk, PerkEventView, PerkOffer } from './store/perks/perk-desk.ts';
export type { PerkView } from './store/perks/perk-tables.ts';
export type { PerkRequest } from './store/perks/request-perk.ts';
export type { PerkRun } from './store/perks/settle-perks.ts';
export type { Discount, PerkUse } from './store/perks/use-perk.ts';
export type { EpochInfo, PublishedPolicy } from './store/policies.ts';
export type { RedemptionView } from './store/redemptions/redemption-views.ts';
export type { RedemptionRequest } from './store/redemptions/request-redemption.ts';
export type { RedemptionRun } from './store/redemptions/run-redemptions.ts';
export type { ReportedEpoch } from './store/reports/closed-epochs.ts';
export type { BalanceDay, PriceHistory, PricePoint } from './store/reports/price-history.ts';
export type { PayeeStatement, ReportReader } from './store/reports/report-reader.ts';
export type { RevenueDesk } from './store/revenue/revenue-desk.ts';
export type { RowPlace, RowsAfter } from './store/row-place.ts';
export type { Wallet, WalletHead } from './store/wallet.ts';
export type { LinePlace, WalletLine } from './store/wallet-lines.ts';
export { signOrderEvent } from './store/webhooks/signatures.ts';
