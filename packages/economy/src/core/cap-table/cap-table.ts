import { assert, present } from '@jamnet/base';
import { lesser } from '../money/amounts.ts';
import type { Valuation } from '../records/records.ts';
import type { Movement } from '../reports/movements.ts';

/** A grant of units to one payee by one entry of the journal. */
export interface Issue {
  readonly key: string;
  readonly payee: string;
  readonly microJam: bigint;
  readonly atUs: bigint;
}

/** Units of one grant that went back to the pool. */
export interface Exercise {
  readonly key: string;
  readonly issue: Issue;
  readonly microJam: bigint;
  readonly atUs: bigint;
  readonly kind: string;
}

/** The pool's size from one entry on. */
export interface PoolSize {
  readonly key: string;
  readonly microJam: bigint;
  readonly atUs: bigint;
}

/** Everything the export says, in the order of the journal. */
export interface CapTable {
  /** Time of the last leaf: the state of the books that is told. */
  readonly asOfUs: bigint;
  readonly pools: readonly PoolSize[];
  readonly valuations: readonly Valuation[];
  readonly issues: readonly Issue[];
  readonly exercises: readonly Exercise[];
}

/**
 * Follows the journal leaf by leaf. Units of one payee are alike, so what goes back is taken from the oldest grants
 * first; each piece names the grant it came from, as the format wants it.
 */
export class CapTableBuilder {
  readonly #issues: Issue[] = [];
  readonly #exercises: Exercise[] = [];
  readonly #pools: PoolSize[] = [];
  readonly #open = new Map<string, { issue: Issue; left: bigint }[]>();

  addPool(key: string, addedMicroJam: bigint, atUs: bigint): void {
    const before = this.#pools.at(-1)?.microJam ?? 0n;
    this.#pools.push({ key, microJam: before + addedMicroJam, atUs });
  }

  addMovement({ payee, microJam, key, kind, atUs }: Movement): void {
    if (microJam > 0n) {
      const issue: Issue = { key, payee, microJam, atUs };
      this.#issues.push(issue);
      const open = this.#open.get(payee) ?? [];
      open.push({ issue, left: microJam });
      this.#open.set(payee, open);
    }
    if (microJam < 0n) this.#takeBack(-microJam, { payee, key, kind, atUs });
  }

  table(asOfUs: bigint, valuations: readonly Valuation[]): CapTable {
    return {
      asOfUs,
      valuations,
      pools: this.#pools,
      issues: this.#issues,
      exercises: this.#exercises,
    };
  }

  #takeBack(microJam: bigint, by: { payee: string; key: string; kind: string; atUs: bigint }): void {
    const open = this.#open.get(by.payee) ?? [];
    let left = microJam;
    while (left > 0n) {
      assert(open.length > 0, 'nobody gives back units that were never issued');
      const oldest = present(open[0], 'oldest grant');
      const taken = lesser(left, oldest.left);
      this.#exercises.push({
        key: by.key,
        issue: oldest.issue,
        microJam: taken,
        atUs: by.atUs,
        kind: by.kind,
      });
      oldest.left -= taken;
      left -= taken;
      if (oldest.left === 0n) open.shift();
    }
  }
}
