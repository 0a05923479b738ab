import { ok, type Result, refuse } from '@jamnet/base';
import { personId } from '../core/people.ts';
import { packagesId } from '../earnings/pseudonyms.ts';

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
  /** Of the e-mail address, see {@link personId}: the address itself is not kept. Of packages, {@link packagesId}. */
  readonly person: string;
  /** Repository of the packages that are claimed; absent: an e-mail address of commits is. */
  readonly packages?: string;
  readonly payee: string;
  /** UTC µs. */
  readonly atUs: string;
  /** What showed it: fingerprint of the key that signed (`SHA256:…`, `PGP:…`; of a forge account ` of HOST/NAME` behind it), or `git:` and the commit that held the challenge. */
  readonly key: string;
}

export interface EmailRequest {
  readonly kind: IdentityEntry['kind'];
  readonly email: string;
  readonly payee: string;
}

/** For what the packages of a repository (`host/owner/name`) earn. */
export interface PackagesRequest {
  readonly kind: IdentityEntry['kind'];
  readonly packages: string;
  readonly payee: string;
}

export type IdentityRequest = EmailRequest | PackagesRequest;

/** Who is paid for which identity, after every entry so far. */
export class IdentityJournal {
  readonly #entries: IdentityEntry[] = [];
  readonly #payeeOf = new Map<string, string>();
  readonly #changesOf = new Map<string, number>();
  /** What showed the last entry of each identity. */
  readonly #keyOf = new Map<string, string>();

  get entries(): readonly IdentityEntry[] {
    return this.#entries;
  }

  /** The payee who holds this identity; `undefined`: nobody has claimed it, so what it earns waits in escrow. */
  payeeOf(person: string): string | undefined {
    return this.#payeeOf.get(person);
  }

  /** Identities that somebody holds now. */
  claimedPersons(): ReadonlySet<string> {
    return new Set(this.#payeeOf.keys());
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
    const { kind, payee } = request;
    if (!isNamed(request) || !isPayee(payee) || !/^[\w.:/-]{1,200}$/.test(studio))
      return refuse(
        'identity-malformed',
        'Give an e-mail address (ada@example.org) or a repository of packages (codeberg.org/ada/mill), and a payee (p and 32 hex digits).',
      );
    const number = this.#changesOf.get(idOf(request)) ?? 0;
    const what =
      'packages' in request ? `packages ${request.packages}` : `email ${request.email.toLowerCase()}`;
    const lines = [`jamnet identity ${kind} v1`, what, `payee ${payee}`];
    return ok([...lines, `studio ${studio}`, `change ${number + 1}`, ''].join('\n'));
  }

  /** Enters a request whose signature was checked. */
  enter(request: IdentityRequest, atUs: bigint, key: string): Result<IdentityEntry, IdentityCode> {
    const { kind, payee } = request;
    const packages = 'packages' in request ? { packages: request.packages } : {};
    const claimedBy = this.#keyOf.get(idOf(request));
    if (kind === 'release' && isOfAccount(key) && claimedBy !== key)
      return refuse(
        'identity-not-held',
        `This was claimed by ${claimedBy}: release it by the same key, or have the repository list yours. A forge may give a name to somebody else.`,
      );
    return this.#apply({ kind, person: idOf(request), ...packages, payee, atUs: String(atUs), key });
  }

  #apply(entry: IdentityEntry): Result<IdentityEntry, IdentityCode> {
    const holder = this.#payeeOf.get(entry.person);
    if (this.#entries.length >= IDENTITY_ENTRIES_MAX)
      return refuse('identity-journal-full', `The journal holds ${IDENTITY_ENTRIES_MAX} entries, its limit.`);
    if (entry.kind === 'claim' && holder !== undefined)
      return refuse('identity-taken', 'This is claimed already: its payee must release it first.');
    if (entry.kind === 'release' && holder !== entry.payee)
      return refuse('identity-not-held', `${entry.payee} does not hold this, so it cannot release it.`);
    this.#entries.push(entry);
    this.#changesOf.set(entry.person, (this.#changesOf.get(entry.person) ?? 0) + 1);
    if (entry.kind === 'claim') this.#payeeOf.set(entry.person, entry.payee);
    else this.#payeeOf.delete(entry.person);
    this.#keyOf.set(entry.person, entry.key);
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

/** Shown by a key that a forge publishes for an account. */
function isOfAccount(key: string): boolean {
  return key.includes(' of ');
}

/** One address and nothing that a list of signers could take for a pattern. */
function isEmail(text: string): boolean {
  return /^[\w.+=~-]{1,100}@[A-Za-z0-9.-]{1,200}$/.test(text);
}

function isNamed(request: IdentityRequest): boolean {
  return 'packages' in request ? isRepository(request.packages) : isEmail(request.email);
}

/** A name as {@link repositoryName} gives it. */
function isRepository(text: unknown): text is string {
  return (
    typeof text === 'string' && text.length <= 200 && /^[a-z0-9][a-z0-9.-]*(\/[a-z0-9._~-]+){2,8}$/.test(text)
  );
}

function idOf(request: IdentityRequest): string {
  return 'packages' in request ? packagesId(request.packages) : personId(request.email);
}

function isPayee(text: unknown): text is string {
  return typeof text === 'string' && /^p[0-9a-f]{32}$/.test(text);
}

function readEntry(line: string): IdentityEntry | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    // Any object may be read by name; each field is checked here.
    const { kind, person, packages, payee, atUs, key } = value as Record<string, unknown>;
    if ((kind !== 'claim' && kind !== 'release') || !isPayee(payee)) return null;
    if (typeof person !== 'string' || !/^[0-9a-f]{32}$/.test(person)) return null;
    if (typeof atUs !== 'string' || !/^\d{1,20}$/.test(atUs) || typeof key !== 'string') return null;
    if (packages !== undefined && (!isRepository(packages) || packagesId(packages) !== person)) return null;
    return { kind, person, ...(packages === undefined ? {} : { packages }), payee, atUs, key };
  } catch {
    // No JSON: the caller names the line.
    return null;
  }
}
