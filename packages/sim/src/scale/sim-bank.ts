import type { Chance } from '@jamnet/base';
import { Failure, ok } from '@jamnet/base';
import type { Destination, PaymentBatch, Rail, RailReport } from '@jamnet/economy';

interface Held {
  /** How many times it was taken in: more than one is somebody paid twice. */
  times: number;
  cents: bigint;
  outcome: RailReport['outcome'];
}

/** Payments asked to come back, of a hundred. */
const RETURNED_PERCENT = 10;

/** A bank that forgives nothing: a payout that comes twice is paid twice. Its line can lose messages and answers. */
export class SimBank implements Rail {
  readonly name = 'nacha';
  readonly currency = 'USD';
  readonly ordersMax = 500;
  readonly asksAgainUs = 0n;
  readonly taken = new Map<string, Held>();
  readonly #chance: Chance;
  readonly #open = new Map<string, Held>();
  #told: RailReport[] = [];
  loses: 'request' | 'reply' | 'all' | null = null;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  accountOf(payee: string): Destination {
    const accountNumber = BigInt(`0x${payee.slice(1, 13)}`).toString();
    return {
      name: 'A member',
      account: { kind: 'us', routingNumber: '021000021', accountNumber, type: 'checking' },
    };
  }

  async mayPay() {
    return ok(null);
  }

  async submit({ orders }: PaymentBatch): Promise<readonly RailReport[]> {
    this.#mustReach('request');
    for (const { payoutId, amountCents } of orders) {
      const held = this.taken.get(payoutId) ?? { times: 0, cents: 0n, outcome: 'accepted' as const };
      held.times++;
      held.cents += amountCents;
      this.taken.set(payoutId, held);
      this.#open.set(payoutId, held);
    }
    this.#mustReach('reply');
    return orders.map(({ payoutId }) => ({ payoutId, outcome: 'accepted', reason: null }));
  }

  async ask(payoutIds: readonly string[]): Promise<readonly RailReport[]> {
    this.#mustReach('request');
    this.#mustReach('reply');
    return payoutIds.map((payoutId) => ({
      payoutId,
      outcome: this.taken.get(payoutId)?.outcome ?? 'never-seen',
      reason: null,
    }));
  }

  /** A day at the bank: what waits is paid or comes back. */
  day(): void {
    for (const [payoutId, held] of this.#open) {
      if (this.#chance.below(3) === 0) continue;
      held.outcome = this.#chance.below(100) < RETURNED_PERCENT ? 'returned' : 'settled';
      this.#told.push({ payoutId, outcome: held.outcome, reason: null });
      this.#open.delete(payoutId);
    }
  }

  /** What it says by itself since it was last heard: some of it twice, out of order. */
  tell(): readonly RailReport[] {
    if (this.loses !== null) return [];
    const told: RailReport[] = [];
    for (const report of this.#told.splice(0)) {
      for (let times = 1 + this.#chance.below(2); times > 0; times--)
        told.splice(this.#chance.below(told.length + 1), 0, report);
    }
    return told;
  }

  #mustReach(part: 'request' | 'reply'): void {
    if (this.loses === 'all' || this.loses === part) throw new Failure('line-down', `the ${part} was lost`);
  }
}
