import type { Chance } from '@jamnet/base';
import type { Destination } from '../../rails/payment.ts';
import type { Rail } from '../../rails/rail.ts';
import { PAYOUT_METADATA, readStripePayoutEvent, stripeRail } from '../../rails/stripe/stripe-rail.ts';
import type { Payouts } from '../../store/payouts/payouts.ts';
import type { CrashBank } from './crash-bank.ts';
import { type LocalStripe, WEBHOOK_SECRET } from './local-stripe.ts';

/** A third of all requests meet one of these. */
const TROUBLES = ['bad-gateway', 'late', 'late', 'late', 'cut-reply', 'busy'] as const;

/** The Stripe rail, by the real SDK, over the local server: requests and replies are lost, keys forgotten, events shuffled. */
export class CrashStripe implements CrashBank {
  readonly rail: Rail;
  readonly #stripe: LocalStripe;
  readonly #chance: Chance;
  calm = false;

  constructor(stripe: LocalStripe, chance: Chance) {
    this.#stripe = stripe;
    this.#chance = chance;
    this.rail = stripeRail({ client: stripe.client(), currency: 'USD' });
    stripe.trouble = (request) => {
      if (this.calm) return null;
      if (request.startsWith('POST') && chance.below(3) === 0) stripe.arriveLate();
      // A closed connection costs half a second of the SDK's patience, so most messages are lost in other ways.
      if (chance.below(200) === 0) return chance.below(2) === 0 ? 'lose-request' : 'lose-reply';
      return TROUBLES[chance.below(3 * TROUBLES.length)] ?? null;
    };
  }

  accountOf(n: number): Destination {
    const accountId = `acct_${n}`;
    if (!this.#stripe.books.accounts.has(accountId)) this.#stripe.books.addAccount(accountId);
    return { name: `Payee ${n}`, account: { kind: 'stripe', accountId } };
  }

  day(): void {
    const { books } = this.#stripe;
    const isLong = this.#chance.below(4) === 0;
    // Longer than idempotency keys live, now and then; no request is on its way for so long.
    if (isLong) this.#stripe.arriveLate();
    books.nowS += isLong ? 90_000 : 100;
    for (const payout of [...books.payouts]) {
      if (payout.status === 'pending' && (this.calm || this.#chance.below(2) === 0))
        books.decide(payout, this.#chance.below(4) === 0 ? 'failed' : 'paid');
      else if (payout.status === 'paid' && !this.calm && this.#chance.below(10) === 0)
        books.decide(payout, 'failed');
    }
  }

  async tell(payouts: Payouts, nowUs: bigint): Promise<void> {
    const told: unknown[] = [];
    for (const event of this.#stripe.books.events) {
      const times = this.calm ? 1 : this.#chance.below(3);
      for (let n = 0; n < times; n++) told.splice(this.#chance.below(told.length + 1), 0, event);
    }
    const { nowS } = this.#stripe.books;
    const ids: string[] = [];
    for (const event of told) {
      const { body, signature } = this.#stripe.signed(event);
      const read = readStripePayoutEvent(body, signature, WEBHOOK_SECRET, BigInt(nowS) * 1_000_000n);
      if (read.ok) ids.push(...read.value);
    }
    await payouts.hint(nowUs, ids);
  }

  held(payoutId: string) {
    const { transfers, payouts } = this.#stripe.books;
    const own = transfers.filter((one) => one.metadata[PAYOUT_METADATA] === payoutId);
    const paid = payouts.filter((one) => one.metadata[PAYOUT_METADATA] === payoutId);
    const times = Math.max(own.length, paid.length);
    if (own.some(({ reversed }) => reversed)) return { times, outcome: 'returned' as const };
    return { times, outcome: paid[0]?.status === 'paid' ? ('settled' as const) : ('accepted' as const) };
  }
}
