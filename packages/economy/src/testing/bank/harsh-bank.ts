import { type Chance, Failure, ok } from '@jamnet/base';
import type { Destination, PaymentBatch } from '../../rails/payment.ts';
import type { Rail, RailReport } from '../../rails/rail.ts';
import type { Payouts } from '../../store/payouts/payouts.ts';
import { usOrder } from './bank-samples.ts';
import type { CrashBank } from './crash-bank.ts';

interface Held {
  /** How many times this payout was taken in: more than one is somebody paid twice. */
  times: number;
  outcome: RailReport['outcome'];
}

/**
 * A bank that forgives nothing: it does not notice a payout that comes twice but pays it again, loses messages and
 * answers by chance, and tells what it has done twice, late and out of order.
 */
export class HarshBank implements Rail, CrashBank {
  readonly name = 'nacha';
  readonly currency = 'USD';
  readonly ordersMax = 3;
  readonly asksAgainUs = 0n;
  readonly rail = this;
  readonly taken = new Map<string, Held>();
  readonly #chance: Chance;
  #told: RailReport[] = [];
  calm = false;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  async mayPay() {
    return ok(null);
  }

  accountOf(): Destination {
    return usOrder(1).to;
  }

  held(payoutId: string): Held {
    return this.taken.get(payoutId) ?? { times: 0, outcome: 'never-seen' };
  }

  async submit({ orders }: PaymentBatch): Promise<RailReport[]> {
    if (this.#fails(5)) throw new Failure('line-down', 'the message was lost on its way');
    for (const { payoutId } of orders) {
      const { times, outcome } = this.taken.get(payoutId) ?? { times: 0, outcome: 'accepted' as const };
      this.taken.set(payoutId, { times: times + 1, outcome });
      this.#say(payoutId, 'accepted');
    }
    if (this.#fails(3)) throw new Failure('line-down', 'the answer was lost');
    return orders.map(({ payoutId }) => ({ payoutId, outcome: 'accepted', reason: null }));
  }

  async ask(payoutIds: readonly string[]): Promise<readonly RailReport[]> {
    if (this.#fails(4)) throw new Failure('line-down', 'no answer');
    return payoutIds.map((payoutId) => ({ payoutId, outcome: this.held(payoutId).outcome, reason: null }));
  }

  day(): void {
    for (const [payoutId, held] of this.taken) {
      if (held.outcome === 'accepted' && (this.calm || this.#chance.below(2) === 0))
        held.outcome = this.#chance.below(4) === 0 ? 'returned' : 'settled';
      else if (held.outcome === 'settled' && !this.calm && this.#chance.below(10) === 0)
        held.outcome = 'returned';
      else continue;
      this.#say(payoutId, held.outcome);
    }
  }

  async tell(payouts: Payouts, nowUs: bigint): Promise<void> {
    const told: RailReport[] = [];
    for (const report of this.#told) {
      const times = this.calm ? 1 : this.#chance.below(3);
      for (let n = 0; n < times; n++) told.splice(this.#chance.below(told.length + 1), 0, report);
    }
    if (this.calm) this.#told = [];
    await payouts.report(nowUs, told);
  }

  #say(payoutId: string, outcome: RailReport['outcome']): void {
    this.#told.push({ payoutId, outcome, reason: null });
  }

  #fails(oneIn: number): boolean {
    return !this.calm && this.#chance.below(oneIn) === 0;
  }
}
