// The formulas themselves, for pages that let people calculate with them. No store, no rails.
export { closeEpoch, type EpochStatement } from './core/epoch/close-epoch.ts';
export { unitPrice, worthCents } from './core/money/unit-price.ts';
export { type Policy, parsePolicy } from './core/policy/policy.ts';
export { SAMPLE_METERS, samplePolicy } from './core/policy/sample-policy.ts';
export { END_OF_TIME_US } from './core/records/calendar.ts';
export {
  type ByKind,
  byKind,
  CONTRIBUTION_KINDS,
  type ContributionKind,
  STREAMS,
  type Stream,
} from './core/records/kinds.ts';
export type { Contribution, Receipt, Valuation } from './core/records/records.ts';
export { type RunMonth, simulateRun } from './core/redemption/simulate-redemption.ts';
