import { encodeUtf8, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Identity, Mailmap } from './mailmap.ts';

export interface CommitRecord {
  readonly id: string;
  readonly author: Identity;
  /** Values of the `Co-authored-by` trailers, as written. */
  readonly coAuthors: readonly string[];
}

export interface Person {
  /** 32 hex characters from the proper e-mail address, so the same person has one id in every repository. */
  readonly id: string;
  name: string;
  readonly emails: Set<string>;
}

/** Authors of one commit are at most this many; further trailers are not read. */
export const AUTHORS_PER_COMMIT_MAX = 32;

/** Everybody a history names, united by `.mailmap`; bots are known by list and never become people. */
export class PeopleRegister {
  readonly #mailmap: Mailmap;
  readonly #bots: ReadonlySet<string>;
  readonly #isClaimed: (person: string) => boolean;
  readonly #people = new Map<string, Person>();

  /** `isClaimed`: whether somebody has shown that the address behind an id is theirs; no `.mailmap` leads such a one elsewhere. */
  constructor(
    mailmap: Mailmap,
    botList: readonly string[],
    isClaimed: (person: string) => boolean = () => false,
  ) {
    this.#mailmap = mailmap;
    this.#isClaimed = isClaimed;
    this.#bots = new Set(botList.map((entry) => entry.trim().toLowerCase()));
  }

  /** Ids of the people who share this commit, the author first, without bots and without repeats. */
  authorsOf(commit: CommitRecord): string[] {
    const written = [commit.author, ...commit.coAuthors.map(parseTrailer)].slice(0, AUTHORS_PER_COMMIT_MAX);
    const ids = new Set<string>();
    for (const identity of written) {
      if (identity === null) continue;
      const proper = this.#properOf(identity);
      if (this.#isBot(identity) || this.#isBot(proper)) continue;
      ids.add(this.#enter(proper, identity).id);
    }
    return [...ids];
  }

  get(id: string): Person | undefined {
    return this.#people.get(id);
  }

  /** The name as `.mailmap` has it; a claimed address stays itself. */
  #properOf(identity: Identity): Identity {
    const proper = this.#mailmap(identity);
    return this.#isClaimed(personId(identity.email)) ? { ...proper, email: identity.email } : proper;
  }

  /** Listed by name or address, or a forge's own mark: a name or mailbox that ends in `[bot]`. */
  #isBot(identity: Identity): boolean {
    const name = identity.name.toLowerCase();
    const email = identity.email.toLowerCase();
    const marked = name.endsWith('[bot]') || /\[bot\]@/.test(email);
    return marked || this.#bots.has(name) || this.#bots.has(email);
  }

  #enter(proper: Identity, written: Identity): Person {
    const id = personId(proper.email);
    const person = this.#people.get(id) ?? { id, name: proper.name, emails: new Set<string>() };
    person.name = proper.name;
    person.emails.add(proper.email.toLowerCase()).add(written.email.toLowerCase());
    this.#people.set(id, person);
    return person;
  }
}

/** Id of the person behind an e-mail address (case is not significant). */
export function personId(email: string): string {
  return toHex(sha256(encodeUtf8(`jamnet/attribution/person/v1\n${email.toLowerCase()}`))).slice(0, 32);
}

function parseTrailer(value: string): Identity | null {
  const match = /^\s*([^<]*?)\s*<([^<>\s]+)>/.exec(value);
  return match === null ? null : { name: match[1] ?? '', email: match[2] ?? '' };
}
