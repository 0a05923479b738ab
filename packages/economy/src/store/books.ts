import { Failure } from '@jamnet/base';
import type { Accepted, AccountKind, AccountRequest, Ledger, Request } from '@jamnet/ledger';
import { ACCOUNTS } from '../core/epoch/journal.ts';

/** Requests per call: below the ledger's own limits, at 201 legs an entry at most. */
const BATCH_MAX = 400;
/** Accounts opened per call: each has no legs, and each call waits for the disk. */
const OPENINGS_MAX = 5_000;
/** Codes remembered as open; opening again is harmless, so forgetting them costs only a look-up. */
const REMEMBERED_MAX = 200_000;

/** The ledger as the economy uses it: accounts are opened on the way, and an entry that follows from decided facts must stand. */
export class Books {
  readonly #ledger: Ledger;
  readonly #opened = new Set<string>();

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  async balance(code: string): Promise<bigint> {
    return (await this.#ledger.balance(code)) ?? 0n;
  }

  /** All units outside the pool, µJAM. */
  async outstandingMicroJam(): Promise<bigint> {
    return -(await this.balance(ACCOUNTS.authorisedJam)) - (await this.balance(ACCOUNTS.poolJam));
  }

  /** Accounts with this prefix, by code. */
  async *accounts(prefix: string): AsyncGenerator<{ readonly code: string; readonly balance: bigint }> {
    let page = await this.#ledger.balances(prefix);
    while (page.length > 0) {
      yield* page;
      page = await this.#ledger.balances(prefix, page.at(-1)?.code);
    }
  }

  /** Leaf of the entry posted under a key, or `null`. */
  async leafOf(key: string): Promise<bigint | null> {
    return (await this.#ledger.entryByKey(key))?.index ?? null;
  }

  /** Posts what must stand; a refusal is our mistake or a broken ledger and stops the caller with its code. */
  async post(nowUs: bigint, requests: readonly Request[]): Promise<readonly Accepted[]> {
    const accepted: Accepted[] = [];
    for (let start = 0; start < requests.length; start += BATCH_MAX) {
      const batch = requests.slice(start, start + BATCH_MAX);
      await this.#openAccountsOf(nowUs, batch);
      const answers = await this.#ledger.post(nowUs, batch);
      answers.forEach((answer, index) => {
        if (!answer.ok)
          throw new Failure('ledger-refused', `${batch[index]?.key}: ${answer.code}: ${answer.message}`);
        accepted.push(answer);
      });
    }
    return accepted;
  }

  /** Posts one request that may be refused for lack of funds: `false` then. */
  async tryPost(nowUs: bigint, request: Request): Promise<boolean> {
    const [posted] = await this.tryPostAll(nowUs, [request]);
    return posted === true;
  }

  /** Posts requests each of which may be refused for lack of funds; one answer each, in order. */
  async tryPostAll(nowUs: bigint, requests: readonly Request[]): Promise<boolean[]> {
    const posted: boolean[] = [];
    for (let start = 0; start < requests.length; start += BATCH_MAX) {
      const batch = requests.slice(start, start + BATCH_MAX);
      await this.#openAccountsOf(nowUs, batch);
      const answers = await this.#ledger.post(nowUs, batch);
      answers.forEach((answer, index) => {
        if (!answer.ok && answer.code !== 'below-floor')
          throw new Failure('ledger-refused', `${batch[index]?.key}: ${answer.code}: ${answer.message}`);
        posted.push(answer.ok);
      });
    }
    return posted;
  }

  async #openAccountsOf(nowUs: bigint, requests: readonly Request[]): Promise<void> {
    const codes = requests.flatMap((request) =>
      'legs' in request ? request.legs.map(({ account }) => account) : [],
    );
    const fresh = [...new Set(codes)].filter((code) => !this.#opened.has(code));
    for (let start = 0; start < fresh.length; start += OPENINGS_MAX) {
      const answers = await this.#ledger.openAccounts(
        nowUs,
        fresh.slice(start, start + OPENINGS_MAX).map(accountOf),
      );
      const refused = answers.find((answer) => !answer.ok);
      if (refused && !refused.ok)
        throw new Failure('ledger-refused', `opening accounts: ${refused.code}: ${refused.message}`);
    }
    if (this.#opened.size + fresh.length > REMEMBERED_MAX) this.#opened.clear();
    for (const code of fresh) this.#opened.add(code);
  }
}

const STUDIO_ACCOUNTS: Readonly<Record<string, { kind: AccountKind; floor: bigint | null }>> = {
  [ACCOUNTS.outsideUsd]: { kind: 'external', floor: null },
  [ACCOUNTS.incomeUsd]: { kind: 'income', floor: null },
  [ACCOUNTS.reserveUsd]: { kind: 'reserve', floor: 0n },
  [ACCOUNTS.authorisedJam]: { kind: 'external', floor: null },
  [ACCOUNTS.poolJam]: { kind: 'pool', floor: 0n },
};

function accountOf(code: string): AccountRequest {
  const asset = code.endsWith(':JAM') ? 'JAM' : 'USD';
  const studio = STUDIO_ACCOUNTS[code];
  if (studio) return { code, owner: 'studio', asset, ...studio };
  return { code, owner: code.split(':')[1] ?? code, asset, kind: 'person', floor: 0n };
}
