import type { Policy } from '../policy/policy.ts';
import type { EpochWindow } from '../records/calendar.ts';
import type { ByKind } from '../records/kinds.ts';
import type { Receipt, RecordCode, Valuation } from '../records/records.ts';
import type { RevenueCode } from './revenue.ts';

export type EpochCode =
  | RecordCode
  | RevenueCode
  | 'valuation-missing'
  | 'valuation-after-epoch'
  | 'unknown-meter'
  | 'meter-of-other-kind'
  | 'contribution-after-epoch'
  | 'duplicate-contribution'
  | 'use-of-unknown-contribution'
  | 'epoch-too-large'
  | 'row-key-malformed';

/** SHA-256 over bytes in pieces. Any implementation gives the same hash; the platform's is the faster one. */
export interface Sha256Stream {
  update(bytes: Uint8Array): unknown;
  digest(): Uint8Array;
}

/** HMAC-SHA256 under a key, for many messages. */
export type HmacOf = (key: Uint8Array) => (message: Uint8Array) => Uint8Array;

/** Everything that decides an epoch beside its contributions and uses. */
export interface EpochTerms {
  readonly policy: Policy;
  readonly window: EpochWindow;
  /** All receipts that no earlier epoch has counted. */
  readonly receipts: readonly Receipt[];
  readonly valuation: Valuation | null;
  readonly verifiedPayees: ReadonlySet<string>;
  /** Owner groups of registered payees. */
  readonly payeeGroups?: ReadonlyMap<string, string>;
  readonly deficitInCents: bigint;
  readonly carriedInCents: ByKind<bigint>;
  readonly poolMicroJam: bigint;
  /** 32 fresh random bytes: they name the public rows and decide nothing that is paid. */
  readonly rowKey: Uint8Array;
  readonly newSha256?: () => Sha256Stream;
  /** HMAC-SHA256 by the platform, for the same reason. */
  readonly hmacOf?: HmacOf;
}
