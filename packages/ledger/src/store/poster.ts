import { Failure, refuse } from '@jamnet/base';
import { legsOf } from '../core/check-request.ts';
import { Decider } from '../core/decide.ts';
import {
  type AccountRequest,
  type Answer,
  BATCH_LEGS_MAX,
  BATCH_REQUESTS_MAX,
  type Request,
} from '../core/requests.ts';
import { isTimeUs } from '../core/texts.ts';
import type { JournalEngine, JournalSession } from './journal-engine.ts';
import { type AccountCache, loadBooks } from './load-books.ts';

/** Requests that may wait for the transaction in progress; beyond it callers are asked to come back. */
export const QUEUED_REQUESTS_MAX = 100_000;

interface Call {
  readonly nowUs: bigint;
  readonly requests: readonly Request[];
  readonly openings: readonly AccountRequest[];
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (cause: unknown) => void;
}

/**
 * The one batching poster of a process: calls that arrive while a transaction runs share the next one, so a hot account
 * is written once per transaction however many callers touch it.
 */
export class Poster {
  readonly #engine: JournalEngine;
  readonly #queue: Call[] = [];
  #queued = 0;
  #running = false;
  #cache: AccountCache | null = null;

  constructor(engine: JournalEngine) {
    this.#engine = engine;
  }

  submit(
    nowUs: bigint,
    requests: readonly Request[],
    openings: readonly AccountRequest[],
  ): Promise<readonly Answer[]> {
    const count = requests.length + openings.length;
    if (this.#queued + count > QUEUED_REQUESTS_MAX) {
      const busy = refuse(
        'ledger-busy' as const,
        'Too many requests are waiting: send this again in a moment.',
      );
      return Promise.resolve([...requests, ...openings].map(() => busy));
    }
    this.#queued += count;
    return new Promise((resolve, reject) => {
      this.#queue.push({ nowUs, requests, openings, resolve, reject });
      void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (this.#queue.length > 0) await this.#round(this.#take());
    this.#running = false;
  }

  /** As many waiting calls as fit one transaction, at least one. */
  #take(): readonly Call[] {
    let count = 0;
    let legs = 0;
    let end = 0;
    for (const call of this.#queue) {
      count += call.requests.length + call.openings.length;
      legs += legCountOf(call);
      if (end > 0 && (count > BATCH_REQUESTS_MAX || legs > BATCH_LEGS_MAX)) break;
      end++;
    }
    const calls = this.#queue.splice(0, end);
    for (const call of calls) this.#queued -= call.requests.length + call.openings.length;
    return calls;
  }

  async #round(calls: readonly Call[]): Promise<void> {
    try {
      const cache = this.#cache;
      // In doubt until the commit is certain: the decider works on the cached accounts themselves.
      this.#cache = null;
      const { answers, books } = await this.#engine.transaction((session) =>
        decideCalls(session, cache, calls),
      );
      this.#cache = { size: books.nextIndex, accounts: books.accounts };
      for (const [i, call] of calls.entries()) call.resolve(answers[i] ?? []);
    } catch (cause) {
      // Whether a commit that failed half-way reached the disk is unknown here; the same keys tell, when sent again.
      const failure = new Failure(
        'ledger-write-failed',
        'The ledger could not write: send the same requests again.',
        { cause },
      );
      for (const call of calls) call.reject(failure);
    }
  }
}

async function decideCalls(session: JournalSession, cache: AccountCache | null, calls: readonly Call[]) {
  const [requests, openings] = [calls.flatMap(requestsOf), calls.flatMap(openingsOf)];
  const books = await loadBooks(session, cache, latest(calls), requests, openings);
  const decider = new Decider(books);
  const answers = calls.map((call) => decide(decider, call));
  if (decider.changes.leaves.length > 0) await session.write(decider.changes, books);
  return { answers, books };
}

function decide(decider: Decider, call: Call): readonly Answer[] {
  if (call.openings.length > 0) return decider.openAccounts(call.nowUs, call.openings);
  return decider.post(call.nowUs, call.requests);
}

function latest(calls: readonly Call[]): bigint {
  let nowUs = 0n;
  for (const call of calls) if (isTimeUs(call.nowUs) && call.nowUs > nowUs) nowUs = call.nowUs;
  return nowUs;
}

function requestsOf(call: Call): readonly Request[] {
  return call.requests.length <= BATCH_REQUESTS_MAX ? call.requests : [];
}

function openingsOf(call: Call): readonly AccountRequest[] {
  return call.openings.length <= BATCH_REQUESTS_MAX ? call.openings : [];
}

function legCountOf(call: Call): number {
  let legs = 0;
  for (const request of call.requests) legs += legsOf(request).length;
  return legs;
}
