import { assert, ok, present, type Refusal, type Result, refuse } from '@jamnet/base';
import { applyLegs, type BalanceChange } from './apply-legs.ts';
import {
  type AccountState,
  type Books,
  type Changes,
  type HoldState,
  type KnownLeaf,
  noChanges,
} from './books.ts';
import { checkAccount, checkRequest, legsOf } from './check-request.ts';
import { decodeLeaf } from './decode-leaf.ts';
import { encodeLeaf } from './encode-leaf.ts';
import type { EntryLeaf, Leaf, Outcome } from './leaf.ts';
import type { RefusalCode } from './refusals.ts';
import {
  type Accepted,
  type AccountRequest,
  type Answer,
  BATCH_LEGS_MAX,
  BATCH_REQUESTS_MAX,
  type EntryRequest,
  type Request,
  type SettleRequest,
} from './requests.ts';
import { sameRequest } from './same-request.ts';
import { isTimeUs } from './texts.ts';

type Refused = Refusal<RefusalCode>;

/**
 * Decides requests one after the other over books that the store has locked. Both engines use this, so their answers,
 * leaves and balances are the same to the byte; the store only reads and writes rows.
 */
export class Decider {
  readonly #books: Books;
  readonly #changes: Changes = noChanges();
  /** Undo log of the chained group in progress; a single request is refused before it changes anything. */
  readonly #undo: (() => void)[] = [];
  #chained = false;
  #nowUs = 0n;

  constructor(books: Books) {
    this.#books = books;
  }

  get changes(): Changes {
    return this.#changes;
  }

  /** Answers one call, in order. Holds that expired by `nowUs` are voided first. */
  post(nowUs: bigint, batch: readonly Request[]): readonly Answer[] {
    const refusal = checkBatch(nowUs, batch);
    if (refusal) return batch.map(() => refusal);
    this.#advance(nowUs);
    const answers: Answer[] = [];
    for (let start = 0; start < batch.length; ) {
      const end = groupEnd(batch, start);
      this.#group(batch.slice(start, end), answers);
      start = end;
    }
    return answers;
  }

  /** Opens accounts; the same account again answers as the first time. */
  openAccounts(nowUs: bigint, requests: readonly AccountRequest[]): readonly Answer[] {
    if (!isTimeUs(nowUs)) return requests.map(() => timeMalformed());
    if (requests.length > BATCH_REQUESTS_MAX) return requests.map(() => tooLarge());
    this.#advance(nowUs);
    return requests.map((request) => this.#openAccount(request));
  }

  #advance(nowUs: bigint): void {
    this.#chained = false;
    this.#nowUs = nowUs > this.#books.lastAcceptedAtUs ? nowUs : this.#books.lastAcceptedAtUs;
    for (const hold of this.#books.holds.values()) {
      if (!hold.settled && this.#hasExpired(pendingLeafOf(hold))) this.#settle(hold, '', 'expired');
    }
  }

  #group(group: readonly Request[], answers: Answer[]): void {
    if (group[group.length - 1]?.chainedToNext === true) {
      for (const _ of group)
        answers.push(refuse('chain-open', 'The last request of a batch cannot be chained to a next.'));
      return;
    }
    const first = answers.length;
    this.#undo.length = 0;
    this.#chained = group.length > 1;
    for (const [position, request] of group.entries()) {
      const answer = this.#request(request);
      answers.push(answer);
      if (answer.ok) continue;
      for (let undo = this.#undo.pop(); undo; undo = this.#undo.pop()) undo();
      breakChain(answers, first, position, group.length);
      return;
    }
  }

  #request(request: Request): Answer {
    const malformed = checkRequest(request);
    if (malformed) return malformed;
    const known = this.#books.known.get(request.key);
    if (known) return this.#repeat(request, known);
    if ('legs' in request) return this.#entry(request);
    if ('settle' in request) return this.#settlement(request);
    const { kind, sha256 } = request.record;
    return this.#accept({ type: 'record', acceptedAtUs: this.#nowUs, key: request.key, kind, sha256 });
  }

  #repeat(request: Request, known: KnownLeaf): Answer {
    const settles = 'settle' in request ? this.#books.known.get(request.settle)?.index : undefined;
    const acceptedAtUs = sameRequest(request, known.leaf, settles);
    if (acceptedAtUs !== null) return { ok: true, index: known.index, acceptedAtUs, repeated: true };
    return refuse('key-reused', `The key ${request.key} was used for another request: choose a new key.`);
  }

  #entry(request: EntryRequest): Answer {
    const { key, kind, legs } = request;
    const state = request.state ?? 'posted';
    const expiresAtUs = request.expiresAtUs ?? null;
    if (expiresAtUs !== null && expiresAtUs <= this.#nowUs) {
      return refuse('expiry-malformed', 'The hold would have expired already: choose a later time.');
    }
    const change = applyLegs(this.#books.accounts, legs, state);
    if (!change.ok) return change;
    const evidence = request.evidence ?? null;
    const { index } = this.#commit(change.value, {
      type: 'entry',
      acceptedAtUs: this.#nowUs,
      state,
      key,
      kind,
      evidence,
      expiresAtUs,
      legs,
    });
    if (state === 'pending') this.#openHold(index, expiresAtUs);
    return { ok: true, index, acceptedAtUs: this.#nowUs, repeated: false };
  }

  #openHold(index: bigint, expiresAtUs: bigint | null): void {
    const leaf = present(this.#changes.leaves.at(-1), 'leaf just accepted').bytes;
    this.#books.holds.set(index, { index, leaf, settled: false });
    this.#changes.newHolds.push({ index, expiresAtUs });
    if (this.#chained)
      this.#undo.push(() => {
        this.#books.holds.delete(index);
        this.#changes.newHolds.pop();
      });
  }

  #settlement(request: SettleRequest): Answer {
    const target = this.#books.known.get(request.settle);
    const hold = target && this.#books.holds.get(target.index);
    if (!hold)
      return refuse('pending-unknown', `No pending entry was accepted under the key ${request.settle}.`);
    if (hold.settled)
      return refuse(
        'pending-settled',
        `The pending entry ${request.settle} was settled, or expired, before.`,
      );
    // What has expired was settled as such before this request's turn (#advance).
    return this.#settle(hold, request.key, request.as);
  }

  #settle(hold: HoldState, key: string, outcome: Outcome): Answer {
    const { legs } = pendingLeafOf(hold);
    const change = applyLegs(this.#books.accounts, legs, outcome === 'posted' ? 'settled' : 'released');
    if (!change.ok) return change;
    const leaf: Leaf = {
      type: 'settlement',
      acceptedAtUs: this.#nowUs,
      key,
      pendingIndex: hold.index,
      outcome,
    };
    const accepted = this.#commit(change.value, leaf);
    hold.settled = true;
    this.#changes.settledHolds.push({ index: hold.index, settledBy: accepted.index });
    if (this.#chained)
      this.#undo.push(() => {
        hold.settled = false;
        this.#changes.settledHolds.pop();
      });
    return accepted;
  }

  #hasExpired(leaf: EntryLeaf): boolean {
    return leaf.expiresAtUs !== null && leaf.expiresAtUs <= this.#nowUs;
  }

  /** Writes a decided change of balances and its leaf; the legs are rows only where a balance moved. */
  #commit(change: readonly BalanceChange<AccountState>[], leaf: Leaf): Accepted {
    const index = this.#books.nextIndex;
    const legsBefore = this.#changes.legs.length;
    for (const [legNumber, { account, amount, balance, held }] of change.entries()) {
      if (this.#chained) this.#undoBalance(account);
      if (balance !== account.balance) {
        this.#changes.legs.push({ accountId: account.id, entryIndex: index, legNumber, amount, balance });
      }
      account.balance = balance;
      account.held = held;
      this.#changes.touched.add(account);
    }
    if (this.#chained)
      this.#undo.push(() => {
        this.#changes.legs.length = legsBefore;
      });
    return this.#accept(leaf);
  }

  #undoBalance(account: AccountState): void {
    const { balance, held } = account;
    this.#undo.push(() => Object.assign(account, { balance, held }));
  }

  #accept(leaf: Leaf): Accepted {
    const books = this.#books;
    const index = books.nextIndex++;
    const key = 'key' in leaf && leaf.key !== '' ? leaf.key : null;
    const bytes = encodeLeaf(leaf);
    const timeBefore = books.lastAcceptedAtUs;
    books.lastAcceptedAtUs = this.#nowUs;
    this.#changes.leaves.push({ index, key, bytes });
    if (key !== null) books.known.set(key, { index, leaf: bytes });
    if (this.#chained)
      this.#undo.push(() => {
        books.nextIndex = index;
        books.lastAcceptedAtUs = timeBefore;
        this.#changes.leaves.pop();
        if (key !== null) books.known.delete(key);
      });
    return { ok: true, index, acceptedAtUs: this.#nowUs, repeated: false };
  }

  #openAccount(request: AccountRequest): Answer {
    const malformed = checkAccount(request);
    if (malformed) return malformed;
    const { code, asset, kind, floor } = request;
    const existing = this.#books.known.get(accountKey(code));
    const leaf: Leaf = { type: 'account', acceptedAtUs: this.#nowUs, code, asset, kind, floor };
    if (existing) return repeatAccount(leaf, existing);
    const state = { id: this.#books.nextAccountId++, code, asset, floor, balance: 0n, held: 0n };
    const accepted = this.#accept(leaf);
    const bytes = present(this.#changes.leaves.at(-1), 'leaf just accepted').bytes;
    this.#books.accounts.set(code, state);
    this.#books.known.set(accountKey(code), { index: accepted.index, leaf: bytes });
    this.#changes.opened.push({ state, owner: request.owner, kind, openedAtIndex: accepted.index });
    return accepted;
  }
}

/** Account openings are known under a key no request can have: request keys hold no space. */
export function accountKey(code: string): string {
  return `account ${code}`;
}

function repeatAccount(leaf: Leaf, existing: KnownLeaf): Answer {
  const first = decodeLeaf(existing.leaf);
  assert(
    first.ok && first.value.type === 'account' && leaf.type === 'account',
    'an opening is an account leaf',
  );
  const { acceptedAtUs } = first.value;
  const same =
    first.value.asset === leaf.asset && first.value.kind === leaf.kind && first.value.floor === leaf.floor;
  if (same) return { ok: true, index: existing.index, acceptedAtUs, repeated: true };
  return refuse('account-differs', `The account ${leaf.code} exists with another kind or floor.`);
}

function checkBatch(nowUs: bigint, batch: readonly Request[]): Refused | null {
  if (!isTimeUs(nowUs)) return timeMalformed();
  if (batch.length > BATCH_REQUESTS_MAX) return tooLarge();
  let legs = 0;
  for (const request of batch) legs += legsOf(request).length;
  if (legs <= BATCH_LEGS_MAX) return null;
  return refuse('batch-legs-too-many', `One call holds at most ${BATCH_LEGS_MAX} legs: split it.`);
}

function timeMalformed(): Refused {
  return refuse('time-malformed', 'The time is a UTC µs bigint above zero.');
}

function tooLarge(): Refused {
  return refuse('batch-too-large', `One call holds at most ${BATCH_REQUESTS_MAX} requests: split it.`);
}

function groupEnd(batch: readonly Request[], start: number): number {
  let end = start;
  while (end < batch.length && batch[end]?.chainedToNext === true) end++;
  return Math.min(end + 1, batch.length);
}

/** The request that failed keeps its own code; what was undone or never tried says so. Repeats stand: they are history. */
function breakChain(answers: Answer[], first: number, failed: number, length: number): void {
  const broken = refuse(
    'chain-broken' as const,
    'Another request of its chain was refused, so nothing of it was written.',
  );
  for (let i = 0; i < length; i++) {
    const answer = answers[first + i];
    if (i !== failed && !(answer?.ok && answer.repeated)) answers[first + i] = broken;
  }
}

const decodedHolds = new WeakMap<HoldState, EntryLeaf>();

function pendingLeafOf(hold: HoldState): EntryLeaf {
  const cached = decodedHolds.get(hold);
  if (cached) return cached;
  const decoded: Result<Leaf> = decodeLeaf(hold.leaf);
  assert(
    decoded.ok && decoded.value.type === 'entry' && decoded.value.state === 'pending',
    'a hold is a pending entry',
  );
  decodedHolds.set(hold, decoded.value);
  return ok(decoded.value).value;
}
