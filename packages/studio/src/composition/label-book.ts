import { existsSync, readFileSync } from 'node:fs';
import { writeWhole } from '../config/write-whole.ts';

/** Names that are remembered; further members are shown by their pseudonym. */
export const LABELS_MAX = 100_000;

/** Enough of a payee's id to tell it from the others on a page. */
export function pseudonymOf(payee: string): string {
  return payee.slice(0, 9);
}

/** What the studio's own pages call a payee. Kept beside the books, never in the log. */
export class LabelBook {
  readonly #file: string;
  readonly #labels: Map<string, string>;

  constructor(file: string) {
    this.#file = file;
    // Written by this class.
    const stored = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
    this.#labels = new Map(Object.entries(stored));
  }

  labelOf(payee: string): string {
    return this.#labels.get(payee) ?? pseudonymOf(payee);
  }

  /** Back to the pseudonym. */
  forget(payee: string): void {
    if (this.#labels.delete(payee)) this.#write();
  }

  name(payee: string, label: string): void {
    if (this.#labels.get(payee) === label) return;
    if (this.#labels.size >= LABELS_MAX && !this.#labels.has(payee)) return;
    this.#labels.set(payee, label);
    this.#write();
  }

  #write(): void {
    writeWhole(this.#file, JSON.stringify(Object.fromEntries(this.#labels)));
  }
}
