import { type Chance, Failure } from '@jamnet/base';
import type { PaymentBatch } from '../../rails/payment.ts';
import type { Rail, RailReport } from '../../rails/rail.ts';

interface Held {
  /** How many times this payout was taken in: more than one is somebody paid twice. */
  times: number;
  outcome: RailReport['outcome'];
}

/**
 * A bank that forgives nothing: it does not notice a payout that comes twice but pays it again, loses messages and
 * answers by chance, and tells what it has done twice, late and out of order.
 */
export class HarshBank implements Rail {
  readonly name = 'harsh';
  readonly currency = 'USD';
  readonly ordersMax = 3;
  readonly held = new Map<string, Held>();
  readonly #chance: Chance;
  #told: RailReport[] = [];
  calm = false;

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  async submit({ orders }: PaymentBatch): Promise<void> {
    if (this.#fails(5)) throw new Failure('line-down', 'the message was lost on its way');
    for (const { payoutId } of orders) {
      const held = this.held.get(payoutId) ?? { times: 0, outcome: 'accepted' as const };
      held.times++;
      this.held.set(payoutId, held);
      this.#tell(payoutId, 'accepted');
    }
    if (this.#fails(3)) throw new Failure('line-down', 'the answer was lost');
  }

  async ask(payoutIds: readonly string[]): Promise<readonly RailReport[]> {
    if (this.#fails(4)) throw new Failure('line-down', 'no answer');
    return payoutIds.map((payoutId) => ({
      payoutId,
      outcome: this.held.get(payoutId)?.outcome ?? 'never-seen',
      reason: null,
    }));
  }

  /** A day at the bank: some payments settle, some come back, some of these after they had settled. */
  day(): void {
    for (const [payoutId, held] of this.held) {
      if (held.outcome === 'accepted' && (this.calm || this.#chance.below(2) === 0))
        held.outcome = this.#chance.below(4) === 0 ? 'returned' : 'settled';
      else if (held.outcome === 'settled' && !this.calm && this.#chance.below(10) === 0)
        held.outcome = 'returned';
      else continue;
      this.#tell(payoutId, held.outcome);
    }
  }

  /** What it says by itself: some of it, shuffled, some twice. */
  callbacks(): RailReport[] {
    const told: RailReport[] = [];
    for (const report of this.#told) {
      const times = this.calm ? 1 : this.#chance.below(3);
      for (let n = 0; n < times; n++) told.splice(this.#chance.below(told.length + 1), 0, report);
    }
    if (this.calm) this.#told = [];
    return told;
  }

  #tell(payoutId: string, outcome: RailReport['outcome']): void {
    this.#told.push({ payoutId, outcome, reason: null });
  }

  #fails(oneIn: number): boolean {
    return !this.calm && this.#chance.below(oneIn) === 0;
  }
}
