import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { bigintAsText } from '@jamnet/base';
import { writeWhole } from '../config/write-whole.ts';

/** What a take that was learnt from adds (see `takeValues`). */
export interface TakeWorth {
  readonly take: string;
  readonly player: string;
  readonly performanceSha256: string;
  readonly value: bigint;
}

/** What is paid when the candidate of a round is released, be it days later. */
export interface RoundWorth {
  readonly takes: readonly TakeWorth[];
  /** Values of what came from files. */
  readonly others: readonly bigint[];
}

/** `round.json` in a round's folder: what it learnt from, by hash, and what came of it. Stays for ever. */
export class RoundRecord {
  readonly #file: string;

  constructor(folder: string) {
    this.#file = join(folder, 'round.json');
  }

  write(record: object): void {
    writeWhole(this.#file, JSON.stringify(record, bigintAsText));
  }

  /** Adds to the outcome and leaves the rest as it is. */
  end(outcome: object): void {
    const before = this.#read();
    this.write({ ...before, outcome: { ...before.outcome, ...outcome } });
  }

  /** As it was written when the candidate was left to curators; `null`: nothing was. */
  worth(): RoundWorth | null {
    const { outcome } = this.#read();
    const { takes, others } = outcome?.waiting ?? {};
    if (!takes || !others) return null;
    return {
      takes: takes.map((row) => ({ ...row, value: BigInt(row.value) })),
      others: others.map(BigInt),
    };
  }

  #read(): Row {
    // Written by this class, whole.
    return existsSync(this.#file) ? (JSON.parse(readFileSync(this.#file, 'utf8')) as Row) : {};
  }
}

interface Row {
  readonly outcome?: {
    readonly waiting?: {
      readonly takes?: readonly (Omit<TakeWorth, 'value'> & { readonly value: string })[];
      readonly others?: readonly string[];
    };
  } | null;
}
