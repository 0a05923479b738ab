/** Structured (no lines) or hybrid (town and country beside at most two lines): EPC153-22, the forms allowed from November 2026. */
export interface PostalAddress {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly townName: string;
  readonly postCode?: string;
  readonly streetName?: string;
  readonly buildingNumber?: string;
  /** Hybrid only, at most two of 70 characters. */
  readonly lines?: readonly string[];
}

/** Where a payee's money goes: a SEPA account, an account in the United States, or a connected Stripe account. */
export type BankAccount =
  | { readonly kind: 'iban'; readonly iban: string; readonly bic?: string }
  | {
      readonly kind: 'us';
      readonly routingNumber: string;
      readonly accountNumber: string;
      readonly type: 'checking' | 'savings';
    }
  | { readonly kind: 'stripe'; readonly accountId: string };

export interface Destination {
  readonly name: string;
  readonly account: BankAccount;
  readonly address?: PostalAddress;
}

/** One payment of a batch. Its id is its EndToEndId, so that every answer names it. */
export interface PaymentOrder {
  /** 32 hex digits. */
  readonly payoutId: string;
  readonly to: Destination;
  /** Smallest units of the batch's currency, > 0. */
  readonly amountCents: bigint;
  readonly remittance: string;
}

export interface PaymentBatch {
  /** At most 35 characters of the SEPA set. */
  readonly batchId: string;
  readonly createdAtUs: bigint;
  /** `YYYY-MM-DD`. */
  readonly executionDate: string;
  readonly currency: 'EUR' | 'USD';
  readonly from: Destination;
  readonly orders: readonly PaymentOrder[];
}

/** Cents as `12.34`. */
export function amountText(cents: bigint): string {
  const digits = cents.toString().padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** `12.34`, `12.3`, `12` or `12.3400` as cents; `null` when it is no amount of whole cents. */
export function centsOf(text: string): bigint | null {
  const match = /^([0-9]{1,15})(?:\.([0-9]{0,2})0*)?$/.exec(text.trim());
  return match ? BigInt(`${match[1]}${(match[2] ?? '').padEnd(2, '0')}`) : null;
}

/** UTC µs as `YYYY-MM-DDThh:mm:ss.000Z`. */
export function isoTime(atUs: bigint): string {
  return new Date(Number(atUs / 1_000n)).toISOString();
}
