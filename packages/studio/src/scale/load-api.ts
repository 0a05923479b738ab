import { Agent, request } from 'node:http';
import { type Chance, Failure, seededChance } from '@jamnet/base';

/** What people and machines ask of a studio, and how often of a hundred. */
export const API_MIX = [
  { name: 'GET /api/state', percent: 35 },
  { name: 'GET /api/ledger/entries', percent: 20 },
  { name: 'GET /api/wallets/:payee', percent: 20 },
  { name: 'GET /api/books/epochs', percent: 10 },
  { name: 'GET /api/health', percent: 5 },
  { name: 'POST /api/receipts', percent: 10 },
] as const;

type Ask = (typeof API_MIX)[number]['name'];

export interface ApiTarget {
  readonly url: string;
  readonly token: string;
  readonly payees: readonly string[];
}

export interface ApiFigures {
  readonly requests: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  /** 95 of a hundred of each kind came within, ms. */
  readonly p95MsByAsk: Readonly<Record<string, number>>;
}

/** Clients that each wait for an answer before they ask again, over connections that stay open. */
export class ApiClients {
  readonly #target: ApiTarget;
  readonly #agent: Agent;
  readonly #chance: Chance;
  #receipts = 0;

  constructor(target: ApiTarget, clients: number, seed: string) {
    this.#target = target;
    this.#agent = new Agent({ keepAlive: true, maxSockets: clients });
    this.#chance = seededChance(`bench scale/${seed}`);
  }

  /** Asks by the mix until told to stop. An answer other than 2xx ends it with a `Failure`. */
  async load(clients: number, mayGoOn: (asked: number) => boolean): Promise<ApiFigures> {
    const tookMs = new Map<Ask, number[]>();
    let asked = 0;
    const startedMs = performance.now();
    const client = async (): Promise<void> => {
      while (mayGoOn(asked)) {
        asked++;
        const ask = this.#draw();
        const beganMs = performance.now();
        await this.#ask(ask);
        const times = tookMs.get(ask) ?? [];
        times.push(performance.now() - beganMs);
        tookMs.set(ask, times);
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
    const seconds = (performance.now() - startedMs) / 1000;
    const all = [...tookMs.values()].flat();
    return {
      requests: all.length,
      perSecond: Math.round(all.length / seconds),
      p50Ms: quantile(all, 0.5),
      p95Ms: quantile(all, 0.95),
      p99Ms: quantile(all, 0.99),
      p95MsByAsk: Object.fromEntries([...tookMs].map(([ask, times]) => [ask, quantile(times, 0.95)])),
    };
  }

  /** A native player takes a seat: the answer holds the room's keys and where its relay is. */
  join(room: string, player: string): Promise<void> {
    return this.send('POST', `/api/rooms/${room}/join`, { player });
  }

  send(method: 'GET' | 'POST', path: string, body?: object): Promise<void> {
    const text = body === undefined ? null : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const asked = request(
        `${this.#target.url}${path}`,
        {
          agent: this.#agent,
          method,
          headers: {
            authorization: `Bearer ${this.#target.token}`,
            ...(text === null
              ? {}
              : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
          },
        },
        (answer) => {
          let said = '';
          const { statusCode = 0 } = answer;
          const isFine = statusCode >= 200 && statusCode < 300;
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            if (!isFine) said = (said + chunk).slice(0, 500);
          });
          answer.once('error', reject).once('end', () => {
            if (isFine) resolve();
            else reject(new Failure('answer-unexpected', `${method} ${path}: ${statusCode} ${said}`));
          });
        },
      );
      asked.once('error', reject);
      asked.end(text);
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #draw(): Ask {
    let left = this.#chance.below(100);
    for (const { name, percent } of API_MIX) {
      left -= percent;
      if (left < 0) return name;
    }
    return 'GET /api/state';
  }

  #ask(ask: Ask): Promise<void> {
    const { payees } = this.#target;
    switch (ask) {
      case 'GET /api/ledger/entries':
        return this.send('GET', `/api/ledger/entries?from=0&limit=50`);
      case 'GET /api/wallets/:payee':
        return this.send('GET', `/api/wallets/${payees[this.#chance.below(payees.length)]}`);
      case 'POST /api/receipts':
        return this.send('POST', '/api/receipts', { receipts: [this.#receipt()], checkOnly: false });
      case 'GET /api/state':
      case 'GET /api/books/epochs':
      case 'GET /api/health':
        return this.send('GET', ask.slice('GET '.length));
    }
  }

  #receipt() {
    const id = `bench-${this.#chance.uint32()}-${this.#receipts++}`;
    return {
      id,
      principal: `payer-${this.#chance.below(1000)}`,
      product: null,
      stream: 'subscription',
      amountMinor: '990',
      currency: 'USD',
      reference: '',
      refundOf: null,
      receivedAtUs: `${Date.now() * 1000}`,
    };
  }
}

/** Nearest rank, to the µs; 0 without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return Math.round(at * 1000) / 1000;
}
