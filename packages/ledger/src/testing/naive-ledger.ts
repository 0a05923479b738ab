import type { AccountRequest, EntryRequest, Leg, Request } from '../core/requests.ts';

interface NaiveAccount {
  asset: string;
  kind: string;
  floor: bigint | null;
  balance: bigint;
  held: bigint;
  opened: bigint;
  openedAtUs: bigint;
  /** Balance after each leaf that moved it. */
  history: { index: bigint; balance: bigint }[];
}

interface NaiveHold {
  index: bigint;
  request: EntryRequest;
  open: boolean;
}

export type NaiveAnswer = { ok: true; index: bigint; acceptedAtUs: bigint; repeated: boolean } | string;

interface State {
  size: bigint;
  lastUs: bigint;
  accounts: Map<string, NaiveAccount>;
  first: Map<string, { body: string; index: bigint; acceptedAtUs: bigint }>;
  holds: Map<string, NaiveHold>;
}

type Effect = 'posted' | 'pending' | 'settled' | 'released';

const LARGEST = 2n ** 63n - 1n;

/**
 * The rules of the ledger once more, as plainly as they can be said: a whole copy of the state before each chain, no
 * caches, no bytes. Written apart from the real decider, to disagree with it where that is wrong. What is wrong with a
 * request by its shape alone it does not judge: `malformed` answers that, and who made the request knows.
 */
export class NaiveLedger {
  #state: State = { size: 0n, lastUs: 0n, accounts: new Map(), first: new Map(), holds: new Map() };
  readonly #malformed: (request: unknown) => string | null;

  constructor(malformed: (request: unknown) => string | null = () => null) {
    this.#malformed = malformed;
  }

  get size(): bigint {
    return this.#state.size;
  }

  openAccounts(nowUs: bigint, requests: readonly AccountRequest[]): NaiveAnswer[] {
    const now = this.#advance(nowUs);
    return requests.map((request) => this.#malformed(request) ?? this.#open(request, now));
  }

  /** Code, balance and holds of each account, by code. */
  balances(): [string, bigint, bigint][] {
    const rows = [...this.#state.accounts].map(([code, { balance, held }]): [string, bigint, bigint] => [
      code,
      balance,
      held,
    ]);
    return rows.sort();
  }

  balanceAt(code: string, index: bigint): bigint | null {
    const account = this.#state.accounts.get(code);
    if (!account || account.opened > index || index >= this.#state.size) return null;
    return account.history.findLast((row) => row.index <= index)?.balance ?? 0n;
  }

  indexOfKey(key: string): bigint | null {
    return this.#state.first.get(key)?.index ?? null;
  }

  post(nowUs: bigint, batch: readonly Request[]): NaiveAnswer[] {
    const now = this.#advance(nowUs);
    const answers: NaiveAnswer[] = [];
    let group: Request[] = [];
    for (const request of batch) {
      group.push(request);
      if (request?.chainedToNext) continue;
      answers.push(...this.#group(group, now));
      group = [];
    }
    return [...answers, ...group.map(() => 'chain-open')];
  }

  /** Voids what has expired by then; answers the time that counts. */
  #advance(nowUs: bigint): bigint {
    const now = nowUs > this.#state.lastUs ? nowUs : this.#state.lastUs;
    const overdue = [...this.#state.holds.values()].filter(
      ({ open, request }) => open && request.expiresAtUs !== undefined && request.expiresAtUs <= now,
    );
    for (const hold of overdue.sort((a, b) => Number(a.index - b.index))) {
      this.#settle(hold, 'released');
      this.#leaf(now);
    }
    return now;
  }

  #open({ code, asset, kind, floor }: AccountRequest, now: bigint): NaiveAnswer {
    const account = this.#state.accounts.get(code);
    if (!account) {
      const index = this.#leaf(now);
      const opened = { opened: index, openedAtUs: now, history: [] };
      this.#state.accounts.set(code, { asset, kind, floor, balance: 0n, held: 0n, ...opened });
      return { ok: true, index, acceptedAtUs: now, repeated: false };
    }
    if (account.kind !== kind || account.floor !== floor) return 'account-differs';
    return { ok: true, index: account.opened, acceptedAtUs: account.openedAtUs, repeated: true };
  }

  #group(group: readonly Request[], now: bigint): NaiveAnswer[] {
    const [only] = group;
    if (group.length === 1 && only !== undefined) return [this.#one(only, now)];
    const before = structuredClone(this.#state);
    const answers: NaiveAnswer[] = [];
    for (const request of group) {
      const answer = this.#one(request, now);
      answers.push(answer);
      if (typeof answer !== 'string') continue;
      this.#state = before;
      const failed = answers.length - 1;
      return group.map((_, i) => {
        const earlier = answers[i];
        if (i === failed) return answer;
        return typeof earlier === 'object' && earlier.repeated ? earlier : 'chain-broken';
      });
    }
    return answers;
  }

  /** A refusal leaves the state as it was. */
  #one(request: Request, now: bigint): NaiveAnswer {
    const malformed = this.#malformed(request);
    if (malformed !== null) return malformed;
    const { chainedToNext: _, ...rest } = request;
    const body = JSON.stringify(rest, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
    const first = this.#state.first.get(request.key);
    if (first) {
      if (first.body !== body) return 'key-reused';
      return { ok: true, index: first.index, acceptedAtUs: first.acceptedAtUs, repeated: true };
    }
    const refusal = this.#effect(request, now);
    if (refusal !== null) return refusal;
    const index = this.#leaf(now);
    this.#state.first.set(request.key, { body, index, acceptedAtUs: now });
    if ('legs' in request && request.state === 'pending')
      this.#state.holds.set(request.key, { index, request, open: true });
    return { ok: true, index, acceptedAtUs: now, repeated: false };
  }

  #leaf(now: bigint): bigint {
    this.#state.lastUs = now;
    return this.#state.size++;
  }

  #effect(request: Request, now: bigint): string | null {
    if ('record' in request) return null;
    if ('legs' in request) {
      if (request.expiresAtUs !== undefined && request.expiresAtUs <= now) return 'expiry-malformed';
      return this.#apply(request.legs, request.state ?? 'posted');
    }
    const hold = this.#state.holds.get(request.settle);
    if (!hold) return 'pending-unknown';
    if (!hold.open) return 'pending-settled';
    return this.#settle(hold, request.as === 'posted' ? 'settled' : 'released');
  }

  #settle(hold: NaiveHold, effect: Effect): string | null {
    const refusal = this.#apply(hold.request.legs, effect);
    if (refusal === null) hold.open = false;
    return refusal;
  }

  #apply(legs: readonly Leg[], effect: Effect): string | null {
    const after = new Map<NaiveAccount, { balance: bigint; held: bigint }>();
    const sums = new Map<string, bigint>();
    for (const { account: code, amount } of legs) {
      const account = this.#state.accounts.get(code);
      if (!account) return 'account-unknown';
      let { balance, held } = after.get(account) ?? account;
      const debit = amount < 0n ? -amount : 0n;
      if (effect === 'posted' || effect === 'settled') balance += amount;
      if (effect === 'pending') held += debit;
      if (effect === 'settled' || effect === 'released') held -= debit;
      if (balance > LARGEST || balance < -LARGEST || held > LARGEST) return 'balance-out-of-range';
      after.set(account, { balance, held });
      sums.set(account.asset, (sums.get(account.asset) ?? 0n) + amount);
    }
    for (const sum of sums.values()) if (sum !== 0n) return 'unbalanced';
    if (effect === 'posted' || effect === 'pending') {
      for (const [{ floor }, { balance, held }] of after)
        if (floor !== null && balance - held < floor) return 'below-floor';
    }
    for (const [account, { balance, held }] of after) {
      if (balance !== account.balance) account.history.push({ index: this.#state.size, balance });
      Object.assign(account, { balance, held });
    }
    return null;
  }
}
