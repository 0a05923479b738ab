import type { AccountRequest, EntryRequest, Request } from '../core/requests.ts';

interface NaiveAccount {
  asset: string;
  floor: bigint | null;
  balance: bigint;
  held: bigint;
}

interface NaiveHold {
  index: bigint;
  request: EntryRequest;
  open: boolean;
}

type NaiveAnswer = { ok: true; index: bigint; acceptedAtUs: bigint; repeated: boolean } | string;

interface State {
  size: bigint;
  lastUs: bigint;
  accounts: Map<string, NaiveAccount>;
  first: Map<string, { body: string; index: bigint; acceptedAtUs: bigint }>;
  holds: Map<string, NaiveHold>;
}

/**
 * The rules of the ledger once more, as plainly as they can be said, for well-formed requests: a whole copy of the state
 * before each group, no caches, no bytes. Written apart from the real decider, to disagree with it where that is wrong.
 */
export class NaiveLedger {
  #state: State = { size: 0n, lastUs: 0n, accounts: new Map(), first: new Map(), holds: new Map() };

  get size(): bigint {
    return this.#state.size;
  }

  openAccounts(nowUs: bigint, requests: readonly AccountRequest[]): void {
    for (const { code, asset, floor } of requests) {
      this.#state.accounts.set(code, { asset, floor, balance: 0n, held: 0n });
      this.#leaf(nowUs);
    }
  }

  balances(): [string, bigint, bigint][] {
    const rows = [...this.#state.accounts].map(([code, { balance, held }]): [string, bigint, bigint] => [
      code,
      balance,
      held,
    ]);
    return rows.sort();
  }

  post(nowUs: bigint, batch: readonly Request[]): NaiveAnswer[] {
    const now = nowUs > this.#state.lastUs ? nowUs : this.#state.lastUs;
    const overdue = [...this.#state.holds.values()].filter((hold) => hold.open && expired(hold.request, now));
    for (const hold of overdue.sort((a, b) => Number(a.index - b.index))) {
      this.#release(hold);
      this.#leaf(now);
    }
    const answers: NaiveAnswer[] = [];
    let group: Request[] = [];
    for (const request of batch) {
      group.push(request);
      if (request.chainedToNext) continue;
      answers.push(...this.#group(group, now));
      group = [];
    }
    return [...answers, ...group.map(() => 'chain-open')];
  }

  #group(group: readonly Request[], now: bigint): NaiveAnswer[] {
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

  #one(request: Request, now: bigint): NaiveAnswer {
    const zero = 'legs' in request && request.legs.some(({ amount }) => amount === 0n);
    if (zero) return 'amount-zero';
    const { chainedToNext: _, ...rest } = request;
    const body = JSON.stringify(rest, (_key, value) => (typeof value === 'bigint' ? String(value) : value));
    const first = this.#state.first.get(request.key);
    if (first) {
      if (first.body !== body) return 'key-reused';
      return { ok: true, index: first.index, acceptedAtUs: first.acceptedAtUs, repeated: true };
    }
    const refusal = this.#effect(request, now);
    if (refusal) return refusal;
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
    if ('legs' in request) return this.#entry(request, now);
    const hold = this.#state.holds.get(request.settle);
    if (!hold) return 'pending-unknown';
    if (!hold.open) return 'pending-settled';
    this.#release(hold);
    if (request.as === 'posted')
      for (const { account, amount } of hold.request.legs) this.#account(account).balance += amount;
    return null;
  }

  #entry(request: EntryRequest, now: bigint): string | null {
    if (request.expiresAtUs !== undefined && request.expiresAtUs <= now) return 'expiry-malformed';
    for (const { account } of request.legs) if (!this.#state.accounts.has(account)) return 'account-unknown';
    for (const asset of ['JAM', 'USD']) {
      const legs = request.legs.filter(({ account }) => this.#account(account).asset === asset);
      if (legs.reduce((sum, { amount }) => sum + amount, 0n) !== 0n) return 'unbalanced';
    }
    for (const { account, amount } of request.legs) {
      if (request.state !== 'pending') this.#account(account).balance += amount;
      else if (amount < 0n) this.#account(account).held -= amount;
    }
    const broken = request.legs.some(({ account }) => {
      const { balance, held, floor } = this.#account(account);
      return floor !== null && balance - held < floor;
    });
    if (!broken) return null;
    for (const { account, amount } of request.legs) {
      if (request.state !== 'pending') this.#account(account).balance -= amount;
      else if (amount < 0n) this.#account(account).held += amount;
    }
    return 'below-floor';
  }

  #release(hold: NaiveHold): void {
    hold.open = false;
    for (const { account, amount } of hold.request.legs)
      if (amount < 0n) this.#account(account).held += amount;
  }

  #account(code: string): NaiveAccount {
    const account = this.#state.accounts.get(code);
    if (!account) throw new Error(`the model lacks ${code}`);
    return account;
  }
}

function expired(request: EntryRequest, now: bigint): boolean {
  return request.expiresAtUs !== undefined && request.expiresAtUs <= now;
}
