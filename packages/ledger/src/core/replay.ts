import { ok, type Result, refuse } from '@jamnet/base';
import { applyLegs } from './apply-legs.ts';
import { decodeLeaf, type LeafCode } from './decode-leaf.ts';
import type { EntryLeaf, Leaf, SettlementLeaf } from './leaf.ts';
import type { RefusalCode } from './refusals.ts';
import type { AccountKind, AssetCode } from './requests.ts';

/** An account as its leaves tell it. */
export interface ReplayedAccount {
  readonly code: string;
  readonly asset: AssetCode;
  readonly kind: AccountKind;
  readonly floor: bigint | null;
  readonly balance: bigint;
  readonly held: bigint;
}

interface Mutable extends ReplayedAccount {
  balance: bigint;
  held: bigint;
}

export type ReplayCode =
  | LeafCode
  | RefusalCode
  | 'time-decreases'
  | 'account-twice'
  | 'hold-unknown'
  | 'hold-misjudged'
  | 'replay-too-large';

/** Accounts one replay keeps, unless told otherwise; beyond it the log needs a verifier with a disk. */
export const REPLAY_ACCOUNTS_MAX = 10_000_000;
/** Open holds one replay keeps, unless told otherwise. */
export const REPLAY_HOLDS_MAX = 1_000_000;

/**
 * Does the books again from leaves alone: sums per asset, floors, holds, times. Memory grows with accounts and open
 * holds, not with entries.
 */
export class Replay {
  readonly #accounts = new Map<string, Mutable>();
  readonly #holds = new Map<bigint, EntryLeaf>();
  #size = 0n;
  #lastUs = 0n;
  readonly #accountsMax: number;
  readonly #holdsMax: number;

  constructor({ accountsMax = REPLAY_ACCOUNTS_MAX, holdsMax = REPLAY_HOLDS_MAX } = {}) {
    this.#accountsMax = accountsMax;
    this.#holdsMax = holdsMax;
  }

  /** Leaves applied. */
  get size(): bigint {
    return this.#size;
  }

  get openHolds(): number {
    return this.#holds.size;
  }

  /** Applies the next leaf, or says what is wrong with it and changes nothing. */
  apply(bytes: Uint8Array): Result<Leaf, ReplayCode> {
    const decoded = decodeLeaf(bytes);
    if (!decoded.ok) return decoded;
    const leaf = decoded.value;
    if (leaf.acceptedAtUs < this.#lastUs) {
      return refuse('time-decreases', `Leaf ${this.#size} is earlier than the leaf before it.`);
    }
    const refusal = this.#applyLeaf(leaf);
    if (refusal) return refusal;
    this.#lastUs = leaf.acceptedAtUs;
    this.#size++;
    return decoded;
  }

  account(code: string): ReplayedAccount | null {
    return this.#accounts.get(code) ?? null;
  }

  accounts(): IterableIterator<ReplayedAccount> {
    return this.#accounts.values();
  }

  #applyLeaf(leaf: Leaf): Result<never, ReplayCode> | null {
    switch (leaf.type) {
      case 'account':
        return this.#open(leaf);
      case 'entry':
        return this.#entry(leaf);
      case 'settlement':
        return this.#settlement(leaf);
      case 'record':
        return null;
    }
  }

  #open(leaf: Leaf & { type: 'account' }): Result<never, ReplayCode> | null {
    const { code, asset, kind, floor } = leaf;
    if (this.#accounts.has(code)) return refuse('account-twice', `Leaf ${this.#size} opens ${code} again.`);
    if (this.#accounts.size >= this.#accountsMax)
      return refuse('replay-too-large', 'Too many accounts for this verifier.');
    this.#accounts.set(code, { code, asset, kind, floor, balance: 0n, held: 0n });
    return null;
  }

  #entry(leaf: EntryLeaf): Result<never, ReplayCode> | null {
    if (leaf.state === 'pending') {
      if (this.#holds.size >= this.#holdsMax)
        return refuse('replay-too-large', 'Too many open holds for this verifier.');
      if (leaf.expiresAtUs !== null && leaf.expiresAtUs <= leaf.acceptedAtUs) {
        return refuse('expiry-malformed', `Leaf ${this.#size} had expired when it was accepted.`);
      }
    }
    const refusal = this.#apply(leaf, leaf.state);
    if (!refusal && leaf.state === 'pending') this.#holds.set(this.#size, leaf);
    return refusal;
  }

  #settlement(leaf: SettlementLeaf): Result<never, ReplayCode> | null {
    const hold = this.#holds.get(leaf.pendingIndex);
    if (!hold)
      return refuse(
        'hold-unknown',
        `Leaf ${this.#size} settles ${leaf.pendingIndex}, which is no open hold.`,
      );
    const expired = hold.expiresAtUs !== null && hold.expiresAtUs <= leaf.acceptedAtUs;
    if (expired !== (leaf.outcome === 'expired')) {
      return refuse(
        'hold-misjudged',
        `Leaf ${this.#size} settles a hold as ${leaf.outcome} at a time that does not allow it.`,
      );
    }
    const refusal = this.#apply(hold, leaf.outcome === 'posted' ? 'settled' : 'released');
    if (!refusal) this.#holds.delete(leaf.pendingIndex);
    return refusal;
  }

  #apply(
    leaf: EntryLeaf,
    effect: 'posted' | 'pending' | 'settled' | 'released',
  ): Result<never, ReplayCode> | null {
    const changes = applyLegs(this.#accounts, leaf.legs, effect);
    if (!changes.ok) return refuse(changes.code, `Leaf ${this.#size}: ${changes.message}`);
    for (const { account, balance, held } of changes.value) {
      account.balance = balance;
      account.held = held;
    }
    return null;
  }
}

/** Replays leaves from the beginning; stops at the first that is wrong. */
export function replay(leaves: Iterable<Uint8Array>): Result<Replay, ReplayCode> {
  const books = new Replay();
  for (const bytes of leaves) {
    const applied = books.apply(bytes);
    if (!applied.ok) return applied;
  }
  return ok(books);
}
