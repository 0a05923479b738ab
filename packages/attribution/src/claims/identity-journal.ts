import { ok, type Result, refuse } from '@jamnet/base';
import { personId } from '../core/people.ts';

export type IdentityCode =
  | 'identity-malformed'
  | 'identity-taken'
  | 'identity-not-held'
  | 'identity-journal-full'
  | 'identity-journal-malformed';

/** Entries of a journal at most. */
export const IDENTITY_ENTRIES_MAX = 100_000;

/**
 * Somebody showed that an e-mail address of commits is theirs (`claim`), or let go of it (`release`). Two addresses claimed
 * for one payee are merged by that; releasing one of them un-merges them. Entries are never changed and never pay anything
 * anew: what was paid before a release stays where it went.
 */
export interface IdentityEntry {
  readonly kind: 'claim' | 'release';
  /** Of the e-mail address, see {@link personId}: the address itself is not kept. */
  readonly person: string;
  readonly payee: string;
  /** UTC µs. */
  readonly atUs: string;
  /** Fingerprint of the key that signed, e.g. `SHA256:…`. */
  readonly key: string;
}

export interface IdentityRequest {
  readonly kind: IdentityEntry['kind'];
  readonly email: string;
  readonly payee: string;
}

/** Who is paid for which identity, after every entry so far. */
export class IdentityJournal {
  readonly #entries: IdentityEntry[] = [];
  readonly #payeeOf = new Map<string, string>();
  readonly #changesOf = new Map<string, number>();

  get entries(): readonly IdentityEntry[] {
    return this.#entries;
  }

  /** The payee who holds this identity; `undefined`: nobody has claimed it, so what it earns waits in escrow. */
  payeeOf(person: string): string | undefined {
    return this.#payeeOf.get(person);
  }

  /** Identities that one payee holds: the merged ones. */
  personsOf(payee: string): string[] {
    return [...this.#payeeOf].filter(([, holder]) => holder === payee).map(([person]) => person);
  }

  /**
   * What the holder of the address signs. It names how often this identity changed hands, so that no old signature counts
   * again after a release, and the studio, so that it counts nowhere else.
   */
  challenge(request: IdentityRequest, studio: string): Result<string, IdentityCode> {
    const { kind, email, payee } = request;
    if (!isEmail(email) || !isPayee(payee) || !/^[\w.:/-]{1,200}$/.test(studio))
      return refuse(
        'identity-malformed',
        'Give an e-mail address and a payee (p and 32 hex digits), e.g. ada@example.org.',
      );
    const number = this.#changesOf.get(personId(email)) ?? 0;
    const lines = [`jamnet identity ${kind} v1`, `email ${email.toLowerCase()}`, `payee ${payee}`];
    return ok([...lines, `studio ${studio}`, `change ${number + 1}`, ''].join('\n'));
  }

  /** Enters a request whose signature was checked. */
  enter(request: IdentityRequest, atUs: bigint, key: string): Result<IdentityEntry, IdentityCode> {
    const person = personId(request.email);
    const entry = { kind: request.kind, person, payee: request.payee, atUs: String(atUs), key };
    return this.#apply(entry);
  }

  #apply(entry: IdentityEntry): Result<IdentityEntry, IdentityCode> {
    const holder = this.#payeeOf.get(entry.person);
    if (this.#entries.length >= IDENTITY_ENTRIES_MAX)
      return refuse('identity-journal-full', `The journal holds ${IDENTITY_ENTRIES_MAX} entries, its limit.`);
    if (entry.kind === 'claim' && holder !== undefined)
      return refuse('identity-taken', 'This address is claimed already: its payee must release it first.');
    if (entry.kind === 'release' && holder !== entry.payee)
      return refuse(
        'identity-not-held',
        `${entry.payee} does not hold this address, so it cannot release it.`,
      );
    this.#entries.push(entry);
    this.#changesOf.set(entry.person, (this.#changesOf.get(entry.person) ?? 0) + 1);
    if (entry.kind === 'claim') this.#payeeOf.set(entry.person, entry.payee);
    else this.#payeeOf.delete(entry.person);
    return ok(entry);
  }

  /** One entry a line, as JSON. */
  static parse(text: string): Result<IdentityJournal, IdentityCode> {
    const journal = new IdentityJournal();
    for (const [index, line] of text.split('\n').entries()) {
      if (line === '') continue;
      const entry = readEntry(line);
      if (entry === null)
        return refuse(
          'identity-journal-malformed',
          `Line ${index + 1} of the identity journal is no entry: restore it from a backup.`,
        );
      const applied = journal.#apply(entry);
      if (!applied.ok) return applied;
    }
    return ok(journal);
  }
}

export function identityLine(entry: IdentityEntry): string {
  return `${JSON.stringify(entry)}\n`;
}

/** One address and nothing that a list of signers could take for a pattern. */
function isEmail(text: string): boolean {
  return /^[\w.+=~-]{1,100}@[A-Za-z0-9.-]{1,200}$/.test(text);
}

function isPayee(text: unknown): text is string {
  return typeof text === 'string' && /^p[0-9a-f]{32}$/.test(text);
}

function readEntry(line: string): IdentityEntry | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    // Any object may be read by name; each field is checked here.
    const { kind, person, payee, atUs, key } = value as Record<string, unknown>;
    if ((kind !== 'claim' && kind !== 'release') || !isPayee(payee)) return null;
    if (typeof person !== 'string' || !/^[0-9a-f]{32}$/.test(person)) return null;
    if (typeof atUs !== 'string' || !/^\d{1,20}$/.test(atUs) || typeof key !== 'string') return null;
    return { kind, person, payee, atUs, key };
  } catch {
    // No JSON: the caller names the line.
    return null;
  }
}
