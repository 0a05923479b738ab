import { createHmac, timingSafeEqual } from 'node:crypto';

/** Longest life of a link. */
export const LINK_DAYS_MAX = 90;

/** Links that show one payee's statement of one epoch to whoever holds them, until they expire. */
export class StatementLinks {
  readonly #key: Uint8Array;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  /** The query of a link that lasts until `untilS` (UTC seconds). */
  query(payee: string, epochId: string, untilS: number): string {
    return `until=${untilS}&key=${this.#signature(payee, epochId, untilS)}`;
  }

  isValid(payee: string, epochId: string, given: { until: number; key: string }, nowS: number): boolean {
    if (!Number.isSafeInteger(given.until) || given.until <= nowS) return false;
    const wanted = Buffer.from(this.#signature(payee, epochId, given.until));
    const shown = Buffer.from(given.key);
    return wanted.length === shown.length && timingSafeEqual(wanted, shown);
  }

  #signature(payee: string, epochId: string, untilS: number): string {
    return createHmac('sha256', this.#key)
      .update(`jamnet/statement-link/v1\0${payee}\0${epochId}\0${untilS}`)
      .digest('hex');
  }
}
