import { seededChance } from '@jamnet/base';
import { type Answer, type Ledger, openLedger, type Request } from '@jamnet/ledger';
import { type NaiveAnswer, NaiveLedger } from '@jamnet/ledger/testing';
import type { Database } from '@jamnet/sql';
import { checkBooks } from './check-books.ts';
import { FUZZ_ACCOUNTS, FuzzRequests } from './fuzz-requests.ts';
import { LedgerBroken } from './ledger-broken.ts';

export interface FuzzReport {
  readonly requests: number;
  readonly leaves: bigint;
  /** How often each answer was given: `accepted`, `accepted again`, or a code. */
  readonly answers: Readonly<Record<string, number>>;
}

/** Requests per database: the model copies its whole state for each chain. */
const REQUESTS_PER_WORLD = 2_000;

/**
 * Sends random requests, good and bad, through the public API to the ledger and to the naive model and demands the same
 * answers, balances, past balances and leaves. Throws {@link LedgerBroken} where they part.
 */
export async function fuzzLedger(options: {
  seed: string;
  requests: number;
  openFresh: () => Promise<{ database: Database; close(): Promise<void> }>;
}): Promise<FuzzReport> {
  const answers: Record<string, number> = {};
  let [requests, leaves] = [0, 0n];
  for (let world = 0; requests < options.requests; world++) {
    const { database, close } = await options.openFresh();
    try {
      const run = new FuzzWorld(`${options.seed}/${world}`, await openLedger(database), answers);
      const target = Math.min(REQUESTS_PER_WORLD, options.requests - requests);
      requests += await run.run(target);
      leaves += await run.finish();
    } finally {
      await close();
    }
  }
  return { requests, leaves, answers };
}

class FuzzWorld {
  readonly #ledger: Ledger;
  readonly #source: FuzzRequests;
  readonly #naive: NaiveLedger;
  readonly #chance;
  readonly #answers: Record<string, number>;
  #nowUs = 1_000_000n;

  constructor(seed: string, ledger: Ledger, answers: Record<string, number>) {
    this.#chance = seededChance(seed);
    this.#source = new FuzzRequests(this.#chance.fork('requests'));
    this.#naive = new NaiveLedger(this.#source.codeOf);
    this.#ledger = ledger;
    this.#answers = answers;
  }

  /** Sends at least `target` requests; answers how many it were. */
  async run(target: number): Promise<number> {
    await this.#open(FUZZ_ACCOUNTS);
    let sent = 0;
    while (sent < target) {
      // The clock mostly runs on, sometimes back.
      this.#nowUs += BigInt(this.#chance.below(40)) - 8n;
      if (this.#chance.below(5) === 0) await this.#open([this.#source.account(), this.#source.account()]);
      const batch = this.#source.batch(this.#nowUs);
      await this.#post(batch);
      sent += batch.length;
      if (this.#chance.below(10) === 0) await this.#lookBack(batch);
    }
    return sent;
  }

  async finish(): Promise<bigint> {
    await checkBooks(this.#ledger, this.#naive);
    return await this.#ledger.size();
  }

  async #open(requests: Parameters<Ledger['openAccounts']>[1]): Promise<void> {
    const got = await this.#ledger.openAccounts(this.#nowUs, requests);
    this.#compare(got, this.#naive.openAccounts(this.#nowUs, requests), requests);
  }

  async #post(batch: readonly Request[]): Promise<void> {
    const got = await this.#ledger.post(this.#nowUs, batch);
    this.#compare(got, this.#naive.post(this.#nowUs, batch), batch);
  }

  /** Balances at any past entry, and entries by key. */
  async #lookBack(batch: readonly Request[]): Promise<void> {
    const index = BigInt(this.#chance.below(Number(this.#naive.size) + 2));
    for (const { code } of FUZZ_ACCOUNTS) {
      const [got, expected] = [await this.#ledger.balanceAt(code, index), this.#naive.balanceAt(code, index)];
      if (got !== expected)
        throw new LedgerBroken(`${code} at ${index} had ${expected}, not ${got}, at ${this.#nowUs}`);
    }
    const key = batch[0]?.key;
    if (typeof key !== 'string') return;
    const found = (await this.#ledger.entryByKey(key))?.index ?? null;
    if (found !== this.#naive.indexOfKey(key)) throw new LedgerBroken(`the key ${key} is found at ${found}`);
  }

  #compare(got: readonly Answer[], expected: readonly NaiveAnswer[], requests: readonly unknown[]): void {
    for (const [i, answer] of got.entries()) {
      const [one, other] = [shape(answer), shape(expected[i])];
      const name = answer.ok ? (answer.repeated ? 'accepted again' : 'accepted') : answer.code;
      this.#answers[name] = (this.#answers[name] ?? 0) + 1;
      if (one !== other) throw new LedgerBroken(`${one} instead of ${other} for ${text(requests[i])}`);
    }
    if (got.length !== expected.length) throw new LedgerBroken('another number of answers');
  }
}

function shape(answer: Answer | NaiveAnswer | undefined): string {
  if (answer === undefined || typeof answer === 'string') return String(answer);
  if (!answer.ok) return answer.code;
  return `${answer.index} at ${answer.acceptedAtUs}${answer.repeated ? ' again' : ''}`;
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}n` : one)) ?? 'undefined';
}
