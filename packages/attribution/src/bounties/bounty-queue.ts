import { encodeUtf8, ok, type Result, refuse, toHex } from '@jamnet/base';
import { sha256 } from '@noble/hashes/sha2.js';
import type { GatedWork } from './gated-work.ts';
import { readBountyEntry } from './read-bounty-entry.ts';

export type BountyCode =
  | 'bounty-unknown'
  | 'bounty-decided'
  | 'bounty-malformed'
  | 'bounty-queue-full'
  | 'bounty-journal-malformed';

/** Commits that wait, and their statements. What is decided no longer counts: only a curator's hand adds to that. */
export const BOUNTIES_MAX = 20_000;
export const BOUNTY_KEYS_MAX = 1_000_000;

/** One line of the queue's journal; lines are only ever added. */
export type BountyEntry =
  | {
      readonly kind: 'queued';
      readonly id: string;
      readonly repository: string;
      readonly work: GatedWork;
      /** UTC µs. */
      readonly atUs: string;
    }
  | {
      readonly kind: 'granted' | 'refused';
      readonly id: string;
      /** Payee of the curator. */
      readonly curator: string;
      readonly reason: string;
      readonly atUs: string;
    }
  | {
      readonly kind: 'paid';
      readonly id: string;
      readonly epochId: string;
      readonly contribution: string;
      readonly atUs: string;
    };

/** What became of the gated hunks of one commit. */
export interface Bounty extends GatedWork {
  /** 16 hex digits, from repository and commit. */
  readonly id: string;
  readonly repository: string;
  readonly queuedAtUs: string;
  readonly state: 'waiting' | 'granted' | 'refused' | 'paid';
  readonly curator: string | null;
  readonly reason: string | null;
  readonly epochId: string | null;
  readonly contribution: string | null;
}

/**
 * Commits whose hunks the gate held back, for a curator to look at: after every entry so far. A statement stands in the queue
 * once, whatever commit brings it again after a rebase, so no bounty is granted or asked for twice.
 */
export class BountyQueue {
  readonly #bounties = new Map<string, Bounty>();
  readonly #keys = new Set<string>();
  #waiting = { commits: 0, keys: 0 };

  /** Oldest first. */
  list(): readonly Bounty[] {
    return [...this.#bounties.values()];
  }

  get(id: string): Bounty | undefined {
    return this.#bounties.get(id);
  }

  /** The entry that queues this work; `null` when all of it stands in the queue already. */
  queue(repository: string, work: GatedWork, atUs: bigint): Result<BountyEntry | null, BountyCode> {
    const keys = work.keys.filter((key) => !this.#keys.has(`${repository} ${key}`));
    const id = bountyId(repository, work.commit);
    if (keys.length === 0 || this.#bounties.has(id)) return ok(null);
    return this.apply({
      kind: 'queued',
      id,
      repository,
      work: { ...work, keys },
      atUs: String(atUs),
    });
  }

  /** Takes one entry, from a curator, a filing or the journal. */
  apply(entry: BountyEntry): Result<BountyEntry, BountyCode> {
    const fault = entry.kind === 'queued' ? this.#fullness(entry.work) : this.#fault(entry);
    if (fault !== null) return fault;
    if (entry.kind === 'queued') {
      const { id, repository, work, atUs } = entry;
      for (const key of work.keys) this.#keys.add(`${repository} ${key}`);
      this.#wait(1, work.keys.length);
      const undecided = { curator: null, reason: null, epochId: null, contribution: null };
      this.#bounties.set(id, {
        id,
        repository,
        ...work,
        queuedAtUs: atUs,
        state: 'waiting',
        ...undecided,
      });
      return ok(entry);
    }
    const bounty = this.#bounties.get(entry.id);
    if (bounty === undefined) return unknown(entry.id);
    const { kind, id, atUs: _, ...rest } = entry;
    if (bounty.state === 'waiting') this.#wait(-1, -bounty.keys.length);
    this.#bounties.set(id, { ...bounty, ...rest, state: kind });
    return ok(entry);
  }

  /** One entry a line, as JSON. */
  static parse(text: string): Result<BountyQueue, BountyCode> {
    const queue = new BountyQueue();
    for (const [index, line] of text.split('\n').entries()) {
      if (line === '') continue;
      const entry = readBountyEntry(line);
      const applied = entry === null ? null : queue.apply(entry);
      if (applied?.ok) continue;
      return refuse(
        'bounty-journal-malformed',
        `Line ${index + 1} of the bounty journal ${applied === null ? 'is no entry' : `does not follow (${applied.code})`}: restore it from a backup.`,
      );
    }
    return ok(queue);
  }

  #wait(commits: number, keys: number): void {
    this.#waiting = { commits: this.#waiting.commits + commits, keys: this.#waiting.keys + keys };
  }

  #fullness(work: GatedWork) {
    const { commits, keys } = this.#waiting;
    if (commits < BOUNTIES_MAX && keys + work.keys.length <= BOUNTY_KEYS_MAX) return null;
    return refuse<BountyCode>(
      'bounty-queue-full',
      `${commits} commits wait for a curator, as many as fit: grant or refuse some of them.`,
    );
  }

  #fault(entry: Exclude<BountyEntry, { kind: 'queued' }>) {
    const bounty = this.#bounties.get(entry.id);
    if (bounty === undefined) return unknown(entry.id);
    const before = entry.kind === 'paid' ? 'granted' : 'waiting';
    if (bounty.state === before) return null;
    return refuse<BountyCode>(
      'bounty-decided',
      entry.kind === 'paid'
        ? `Bounty ${entry.id} is ${bounty.state}, so it cannot be paid.`
        : `Bounty ${entry.id} is ${bounty.state} already: a decision stands.`,
    );
  }
}

function unknown(id: string) {
  return refuse<BountyCode>('bounty-unknown', `There is no bounty ${id}: jamnet bounty list shows them.`);
}

export function bountyId(repository: string, commit: string): string {
  return toHex(sha256(encodeUtf8(`jamnet/bounty/v1\n${repository}\n${commit}`))).slice(0, 16);
}

export function bountyLine(entry: BountyEntry): string {
  return `${JSON.stringify(entry)}\n`;
}
