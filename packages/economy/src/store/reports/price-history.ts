import { oneAfterAnother, present } from '@jamnet/base';
import type { Ledger } from '@jamnet/ledger';
import { dateOf } from '../../core/records/civil-date.ts';
import type { Valuation } from '../../core/records/records.ts';
import { studioMovementOf } from '../../core/reports/movements.ts';
import type { Tables } from '../context.ts';
import { valuations } from '../intake/valuations.ts';
import { walkJournal } from './walk-journal.ts';

/** Pool and reserve at the end of a UTC day on which they moved. */
export interface BalanceDay {
  readonly day: string;
  readonly atUs: bigint;
  readonly authorisedMicroJam: bigint;
  readonly poolMicroJam: bigint;
  readonly reserveCents: bigint;
}

/** One valuation with what the pool and the reserve held when its day ended. */
export interface PricePoint extends Valuation {
  /** n in 10⁻⁴ dollar, rounded down, for people; payments use the exact ratio. */
  readonly priceTenThousandths: bigint;
  readonly usedMicroJam: bigint;
  readonly authorisedMicroJam: bigint;
  readonly reserveCents: bigint;
}

export interface PriceHistory {
  /** By date, the oldest first. */
  readonly points: readonly PricePoint[];
  readonly days: readonly BalanceDay[];
}

/** Days kept: thirty years of moves on every day. The oldest are forgotten beyond that. */
const DAYS_MAX = 11_000;

/** Follows the journal and remembers one balance a day; each look reads only the leaves that are new. */
export class PriceBook {
  readonly #ledger: Ledger;
  #next = 0n;
  #days: BalanceDay[] = [];
  readonly #inTurn = oneAfterAnother();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  /** Looks are taken one after another, so that no leaf is counted twice. */
  history(tables: Tables): Promise<PriceHistory> {
    return this.#inTurn(() => this.#history(tables));
  }

  async #history(tables: Tables): Promise<PriceHistory> {
    this.#next = await walkJournal(this.#ledger, this.#next, ({ leaf }) => {
      const { authorisedMicroJam, poolMicroJam, reserveCents } = studioMovementOf(leaf);
      if (authorisedMicroJam === 0n && poolMicroJam === 0n && reserveCents === 0n) return;
      const before = this.#days.at(-1);
      const day = dateOf(leaf.acceptedAtUs);
      const after: BalanceDay = {
        day,
        atUs: leaf.acceptedAtUs,
        authorisedMicroJam: (before?.authorisedMicroJam ?? 0n) + authorisedMicroJam,
        poolMicroJam: (before?.poolMicroJam ?? 0n) + poolMicroJam,
        reserveCents: (before?.reserveCents ?? 0n) + reserveCents,
      };
      if (before?.day === day) this.#days[this.#days.length - 1] = after;
      else this.#days.push(after);
      if (this.#days.length > DAYS_MAX) this.#days.shift();
    });
    const known = (await valuations(tables)).reverse();
    return { points: known.map((valuation) => pointOf(valuation, this.#days)), days: [...this.#days] };
  }
}

function pointOf(valuation: Valuation, days: readonly BalanceDay[]): PricePoint {
  const day = dateOf(valuation.datedAtUs);
  const at = days.findLast((known) => known.day <= day);
  return {
    ...valuation,
    priceTenThousandths: (valuation.valueCents * 100n) / present(valuation.fullyDilutedUnits, 'units'),
    usedMicroJam: at ? at.authorisedMicroJam - at.poolMicroJam : 0n,
    authorisedMicroJam: at?.authorisedMicroJam ?? 0n,
    reserveCents: at?.reserveCents ?? 0n,
  };
}
