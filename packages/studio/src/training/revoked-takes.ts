import { existsSync, readFileSync } from 'node:fs';
import { ok, type Result, refuse } from '@jamnet/base';
import { writeWhole } from '../config/write-whole.ts';

/** Consents taken back that are remembered, of takes that stay; what is erased needs no place. */
export const REVOKED_MAX = 100_000;

export interface Revoked {
  readonly take: string;
  readonly player: string;
  /** UTC µs, decimal. */
  readonly atUs: string;
}

/** Whose playing in which takes must not be learnt from any more, whatever the take says; kept in one file. */
export class RevokedTakes {
  readonly #file: string;
  readonly #max: number;
  readonly #revoked = new Map<string, Revoked>();

  constructor(file: string, max = REVOKED_MAX) {
    this.#file = file;
    this.#max = max;
    if (!existsSync(file)) return;
    // Written by this class, whole.
    const rows = JSON.parse(readFileSync(file, 'utf8')) as Revoked[];
    for (const row of rows) this.#revoked.set(keyOf(row.take, row.player), row);
  }

  has(take: string, player: string): boolean {
    return this.#revoked.has(keyOf(take, player));
  }

  list(): readonly Revoked[] {
    return [...this.#revoked.values()];
  }

  /** On disk when it answers; the same again keeps the first time. */
  revoke(revoked: Revoked): Result<Revoked, 'revoked-too-many'> {
    const key = keyOf(revoked.take, revoked.player);
    const known = this.#revoked.get(key);
    if (known) return ok(known);
    if (this.#revoked.size >= this.#max)
      return refuse(
        'revoked-too-many',
        `${this.#max} consents are taken back: remove those takes from the archive.`,
      );
    writeWhole(this.#file, JSON.stringify([...this.#revoked.values(), revoked]));
    this.#revoked.set(key, revoked);
    return ok(revoked);
  }

  /** The take is gone from the archive, which remembers that for good. */
  forgetTake(take: string): void {
    const left = [...this.#revoked].filter(([, row]) => row.take !== take);
    if (left.length === this.#revoked.size) return;
    writeWhole(this.#file, JSON.stringify(left.map(([, row]) => row)));
    for (const [key, row] of [...this.#revoked]) if (row.take === take) this.#revoked.delete(key);
  }

  /** The player agrees again. */
  restore(take: string, player: string): boolean {
    const key = keyOf(take, player);
    if (!this.#revoked.has(key)) return false;
    const left = [...this.#revoked].filter(([other]) => other !== key).map(([, row]) => row);
    writeWhole(this.#file, JSON.stringify(left));
    return this.#revoked.delete(key);
  }
}

function keyOf(take: string, player: string): string {
  return JSON.stringify([take, player]);
}
