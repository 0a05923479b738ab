import type { Contribution, Receipt, Use } from '@jamnet/economy';
import { DAY_US } from './fault-plan.ts';
import { DAY_ZERO_US, type ScaleWorld } from './scale-world.ts';

/** Members pay on one day of four weeks. */
const PAY_DAYS = 28;
const SUBSCRIPTION_CENTS = 990n;
const REFUNDED_PERCENT = 3;
/** Days between payment and refund. */
const REFUND_AFTER_DAYS = 9;
const USES_A_MONTH = 3;
/** Contributions that listeners choose among. */
const RECENT_MAX = 1_000;
const RECORDS_AT_ONCE = 1_000;
/** Of a hundred reports and payments: sent twice, and sent days later. */
const TWICE_PERCENT = 5;
const LATE_PERCENT = 10;
const LATE_DAYS = 3;
/** A room plays every other day. */
const PLAYS_IN_DAYS = 2;
const HOUR_MS = 3_600_000;

/** What brings music and money in: rooms that played, members who pay, are refunded, and listen. */
export class RoomsAndPayers {
  readonly #world: ScaleWorld;
  readonly #payees: ReturnType<ScaleWorld['people']['payees']>;
  /** The last contributions that are known to be in. */
  readonly #recent: string[] = [];
  #place = 0;

  constructor(world: ScaleWorld) {
    this.#world = world;
    this.#payees = world.people.payees();
  }

  planDay(day: number): void {
    const { size, chance } = this.#world;
    const startUs = day * DAY_US;
    for (const { member, day: registers } of this.#payees)
      if (registers === day) this.#world.at(startUs + 3 * 3_600_000_000, () => this.#register(member));
    for (let room = 0; room < size.rooms; room++) {
      if (chance.below(PLAYS_IN_DAYS) !== 0) continue;
      const endedAtUs = startUs + chance.below(86_400) * 1_000_000;
      const late = chance.below(100) < LATE_PERCENT ? chance.below(LATE_DAYS) * DAY_US : 0;
      const played = this.#playing(room, day, endedAtUs);
      this.#world.at(endedAtUs + late, () => this.#report(played));
    }
    const payers: number[] = [];
    for (let member = day % PAY_DAYS; member < size.members; member += PAY_DAYS) payers.push(member);
    for (let start = 0; start < payers.length; start += RECORDS_AT_ONCE) {
      const some = payers.slice(start, start + RECORDS_AT_ONCE);
      this.#world.at(startUs + chance.below(86_400) * 1_000_000, () => this.#pay(some, day));
    }
  }

  async #register(member: number): Promise<void> {
    const { people, known } = this.#world;
    const registration = people.registration(member);
    await this.#world.insist('register payee', async ({ economy }) =>
      this.#world.demand('register payee', await economy.registerPayee(this.#world.clockUs, registration)),
    );
    known.registered.add(registration.payee);
  }

  #playing(room: number, day: number, endedAtUs: number): Contribution {
    const { people, chance } = this.#world;
    const players = people.players(room, day).map((member) => ({
      payee: people.payee(member),
      weight: BigInt(1 + chance.below(HOUR_MS)),
    }));
    const name = `room-${room}/day-${day}`;
    return {
      id: people.digest(name).slice(0, 40),
      schema: 'jamnet/contribution/v1',
      kind: 'music',
      meter: 'music/played-ms',
      payees: players,
      merit: players.reduce((sum, { weight }) => sum + weight, 0n),
      subject: name,
      acceptedAtUs: DAY_ZERO_US + BigInt(endedAtUs),
      evidence: people.digest(`evidence/${name}`),
      ownerGroup: people.ownerGroup(people.players(room, day)[0] ?? 0),
    };
  }

  /** A relay reports once it reaches the studio, and again when it did not hear the answer. */
  async #report(played: Contribution): Promise<void> {
    const world = this.#world;
    const times = world.chance.below(100) < TWICE_PERCENT ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const added = await world.insist('playing time', ({ economy }) =>
        economy.addContributions(world.clockUs, [played]),
      );
      // The studio's clock is behind: the relay comes again.
      if (!added.ok && added.code === 'in-the-future')
        return world.at(world.nowUs + DAY_US / 8, () => this.#report(played));
      world.demand('playing time', added);
    }
    world.known.playing.set(played.id, played.merit);
    if (this.#recent.length < RECENT_MAX) this.#recent.push(played.id);
    else this.#recent[this.#place++ % RECENT_MAX] = played.id;
    world.trace.add(world.nowUs, `played ${played.subject} ${played.merit}`);
  }

  async #pay(members: readonly number[], day: number): Promise<void> {
    const world = this.#world;
    const month = Math.floor(day / PAY_DAYS);
    const payments = members.map((member) => this.#receipt(`sub-${member}-${month}`, member));
    await this.#addReceipts(payments);
    for (const { id, amountCents } of payments) world.known.receipts.set(id, amountCents);
    const back = members.filter(() => world.chance.below(100) < REFUNDED_PERCENT);
    if (back.length > 0) world.at(world.nowUs + REFUND_AFTER_DAYS * DAY_US, () => this.#refund(back, month));
    await this.#listen(members, month);
    world.trace.add(world.nowUs, `paid ${payments.length}, back ${back.length}`);
  }

  async #refund(members: readonly number[], month: number): Promise<void> {
    const refunds = members.map((member): Receipt => {
      const refundOf = `sub-${member}-${month}`;
      return { ...this.#receipt(`back-${member}-${month}`, member), refundOf };
    });
    await this.#addReceipts(refunds);
    for (const { id, amountCents } of refunds) this.#world.known.refunds.set(id, amountCents);
  }

  #receipt(id: string, member: number): Receipt {
    return {
      id,
      principal: `member-${member}`,
      stream: 'subscription',
      amountCents: SUBSCRIPTION_CENTS,
      currency: 'USD',
      reference: '',
      refundOf: null,
      receivedAtUs: this.#world.clockUs,
    };
  }

  async #addReceipts(receipts: readonly Receipt[]): Promise<void> {
    const world = this.#world;
    const times = world.chance.below(100) < TWICE_PERCENT ? 2 : 1;
    for (let time = 0; time < times; time++)
      await world.insist('receipts', async ({ economy }) =>
        world.demand('receipts', await economy.addReceipts(world.clockUs, receipts)),
      );
  }

  async #listen(members: readonly number[], month: number): Promise<void> {
    const world = this.#world;
    if (this.#recent.length === 0) return;
    const uses: Use[] = members.flatMap((member) =>
      Array.from({ length: USES_A_MONTH }, (_, n) => ({
        row: `use-${member}-${month}-${n}`,
        contribution: this.#recent[world.chance.below(this.#recent.length)] ?? '',
        meter: 'music/listened-ms',
        quantity: BigInt(1 + world.chance.below(HOUR_MS)),
        principal: `member-${member}`,
      })),
    );
    await world.insist('uses', async ({ economy }) => world.demand('uses', await economy.addUses(uses)));
  }
}
