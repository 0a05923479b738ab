import type { PayoutRequest } from '@jamnet/economy';
import type { ScaleWorld } from './scale-world.ts';

/** Payees who wish something on one day at most. */
const WISHES_MAX = 2_000;
const REQUESTS_AT_ONCE = 200;
/** Of a hundred: ask for more than they have; take back what they asked for; ask twice with the same key. */
const TOO_MUCH_PERCENT = 10;
const CANCELLED_PERCENT = 10;
const TWICE_PERCENT = 10;
const CENTS_MIN = 100n;

/** Payees turn units into cash and have it sent. Each wish has a key, so that asking again asks once. */
export class WishesForCash {
  readonly #world: ScaleWorld;
  readonly #payees: readonly string[];

  constructor(world: ScaleWorld) {
    this.#world = world;
    this.#payees = world.people.payees().map(({ payee }) => payee);
  }

  /** About half of them redeem a part of what they have. */
  async redeem(month: string): Promise<void> {
    const world = this.#world;
    for (const payee of this.#some()) {
      if (world.chance.below(2) === 0) continue;
      const microJam = await world.balance(`payee:${payee}:JAM`);
      if (microJam < 1_000_000n) continue;
      const isTooMuch = world.chance.below(100) < TOO_MUCH_PERCENT;
      const amountMicroJam = isTooMuch ? 2n * microJam : microJam / 2n;
      await this.#askFor(payee, amountMicroJam, `redeem-${month}`);
    }
  }

  async #askFor(payee: string, amountMicroJam: bigint, key: string): Promise<void> {
    const world = this.#world;
    const ask = () =>
      world.insist('redeem', ({ economy }) =>
        economy.requestRedemption(world.clockUs, { payee, amountMicroJam, key }),
      );
    const asked = await ask();
    if (world.chance.below(100) < TWICE_PERCENT) await ask();
    world.trace.add(world.nowUs, `redeem ${payee} ${asked.ok ? asked.value.state : asked.code}`);
    if (!asked.ok) return;
    const { id } = asked.value;
    world.known.redemptions.set(id, { payee, microJam: amountMicroJam });
    if (world.chance.below(100) >= CANCELLED_PERCENT) return;
    const cancelled = await world.insist('cancel', ({ economy }) =>
      economy.cancelRedemption(world.clockUs, { id, payee }),
    );
    world.trace.add(world.nowUs, `cancel ${cancelled.ok ? 'done' : cancelled.code}`);
  }

  /** What is payable to them leaves, with tax kept back for some. */
  async payOut(month: string, payees: readonly string[] = this.#some()): Promise<void> {
    const world = this.#world;
    const requests: PayoutRequest[] = [];
    for (const payee of payees) {
      const cents = await world.balance(`payable:${payee}:USD`);
      if (cents < CENTS_MIN) continue;
      const usdCents = cents - BigInt(world.chance.below(50));
      const withheldCents = world.chance.below(4) === 0 ? usdCents / 10n : 0n;
      requests.push({ payee, usdCents, withheldCents, key: `payout-${month}`, rail: 'nacha' });
    }
    for (let start = 0; start < requests.length; start += REQUESTS_AT_ONCE)
      await this.#askAll(requests.slice(start, start + REQUESTS_AT_ONCE));
  }

  async #askAll(requests: readonly PayoutRequest[]): Promise<void> {
    const world = this.#world;
    const times = world.chance.below(100) < TWICE_PERCENT ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const answers = await world.insist('payouts', ({ payouts }) =>
        payouts.requestAll(world.clockUs, requests),
      );
      for (const [index, answer] of answers.entries()) {
        const request = requests[index];
        if (answer.ok && request)
          world.known.payouts.set(answer.value.id, {
            payee: request.payee,
            key: request.key,
            cents: request.usdCents,
          });
        if (!answer.ok) world.trace.add(world.nowUs, `payout ${answer.code}`);
      }
    }
    world.trace.add(world.nowUs, `payouts ${requests.length}`);
  }

  /** All of them, or as many as wish on one day. */
  #some(): readonly string[] {
    if (this.#payees.length <= WISHES_MAX) return this.#payees;
    const first = this.#world.chance.below(this.#payees.length);
    return Array.from(
      { length: WISHES_MAX },
      (_, n) => this.#payees[(first + n) % this.#payees.length] ?? '',
    );
  }
}
