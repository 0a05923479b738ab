import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Contribution, Economy } from '@jamnet/economy';
import { benchWave, encodeWaveInput } from '@jamnet/jamnode';
import type { Coordinator } from '@jamnet/mesh';
import { insist } from '../setup/role-processes.ts';

/** Between one act and the next of the same sequence, ms. */
const REST_MS = 100;
/** How long an act is tried again: all is to heal within. */
export const HEAL_MS = 30_000;
/** Every so manieth act of money redeems. */
const REDEEM_EVERY = 8;
const RECEIPT_CENTS = 990n;
export const REDEEM_MICRO_JAM = 1_000_000n;

export interface ActParts {
  readonly apiUrls: () => readonly string[];
  readonly operatorToken: string;
  readonly economy: Economy;
  readonly coordinator: Coordinator;
  /** Who redeems, in turn. */
  readonly payees: readonly string[];
}

/** What was done and answered for; each of it must be in the books once. */
export interface Done {
  readonly receipts: string[];
  receiptCents: bigint;
  readonly redemptions: string[];
  readonly contributions: string[];
  readonly tasks: string[];
}

/** People and machines who go on whatever fails: each act is sent again until it is answered, to the other process in turn. */
export class RoleActs {
  readonly done: Done = { receipts: [], receiptCents: 0n, redemptions: [], contributions: [], tasks: [] };
  /** The longest that an act waited for its answer, ms. */
  slowestMs = 0;
  readonly #parts: ActParts;
  #isOver = false;
  #asked = 0;
  #loops: Promise<unknown> = Promise.resolve();

  constructor(parts: ActParts) {
    this.#parts = parts;
  }

  begin(): void {
    const loops = [
      (n: number) => this.#money(n),
      (n: number) => this.#create(n),
      (n: number) => this.#earn(n),
    ];
    this.#loops = Promise.all(loops.map((act) => this.#repeat(act)));
    this.#loops.catch(() => undefined);
  }

  /** How many acts have been answered for. */
  get count(): number {
    const { receipts, redemptions, contributions, tasks } = this.done;
    return receipts.length + redemptions.length + contributions.length + tasks.length;
  }

  /** Fails as the first act that was not answered in time. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#loops;
  }

  /** Asks the processes of the role `api` in turn until one answers. */
  ask(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    return insist(() => this.askOnce(method, path, body), HEAL_MS);
  }

  /** `api` 1 or 2; else in turn. */
  async askOnce(method: 'GET' | 'POST', path: string, body?: object, api?: number): Promise<unknown> {
    const urls = this.#parts.apiUrls();
    const url = urls[(api === undefined ? this.#asked++ : api - 1) % urls.length];
    const answer = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${this.#parts.operatorToken}`,
        ...(body === undefined
          ? {}
          : { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
    return JSON.parse(text) as unknown;
  }

  async #repeat(act: (n: number) => Promise<void>): Promise<void> {
    for (let n = 0; !this.#isOver; n++) {
      const beganMs = performance.now();
      await act(n);
      this.slowestMs = Math.max(this.slowestMs, performance.now() - beganMs);
      await delay(REST_MS);
    }
  }

  async #money(n: number): Promise<void> {
    const { payees } = this.#parts;
    if (n % REDEEM_EVERY === REDEEM_EVERY - 1) {
      const payee = payees[Math.floor(n / REDEEM_EVERY) % payees.length];
      const key = `redemption-${n}`;
      await this.ask('POST', '/api/redemptions', { payee, amountMicroJam: `${REDEEM_MICRO_JAM}`, key });
      this.done.redemptions.push(key);
      return;
    }
    const id = `receipt-${n}`;
    const receipt = {
      ...{ id, principal: `payer-${n % 7}`, product: null, stream: 'subscription', currency: 'USD' },
      ...{ amountMinor: `${RECEIPT_CENTS}`, reference: '', refundOf: null },
      receivedAtUs: `${Date.now() * 1000}`,
    };
    // The same to the last byte however often: another time would be another receipt under this id.
    await this.ask('POST', '/api/receipts', { receipts: [receipt], checkOnly: false });
    this.done.receipts.push(id);
    this.done.receiptCents += RECEIPT_CENTS;
  }

  async #create(n: number): Promise<void> {
    const input = encodeWaveInput({ seed: n, frames: 1024 });
    const operations = benchWave.operations(input);
    if (!operations.ok) throw new Error(operations.message);
    const task = { kind: benchWave.kind, version: 1, input, operations: operations.value, subject: 'roles' };
    const tasks = await insist(async () => {
      const { answer } = await this.#parts.coordinator.apply(nowUs(), { type: 'create', tasks: [task] });
      if (!answer.ok) throw new Error(answer.message);
      return answer.value.tasks;
    }, HEAL_MS);
    this.done.tasks.push(...tasks);
  }

  async #earn(n: number): Promise<void> {
    const contribution = contributionOf(
      `roles-${n}`,
      n + 1,
      this.#parts.payees[n % this.#parts.payees.length],
    );
    await insist(async () => {
      const added = await this.#parts.economy.addContributions(nowUs(), [contribution]);
      if (!added.ok) throw new Error(added.message);
    }, HEAL_MS);
    this.done.contributions.push(contribution.id);
  }
}

export function nowUs(): bigint {
  return BigInt(Date.now()) * 1000n;
}

/** A curator's contribution; `number` makes its id. */
export function contributionOf(subject: string, number: number, payee = ''): Contribution {
  return {
    id: number.toString(16).padStart(32, '0'),
    schema: 'jamnet/contribution/v1',
    kind: 'curation',
    meter: 'curation/votes',
    payees: [{ payee, weight: 1n }],
    merit: 5n,
    subject,
    acceptedAtUs: 1_000_000n,
    evidence: 'ee'.repeat(32),
    ownerGroup: `group-${payee}`,
  };
}
