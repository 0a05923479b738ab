import { type EpochInfo, monthOf, type Payouts, type Valuation } from '@jamnet/economy';
import { contributionOf } from '@jamnet/mesh';
import { DAY_US } from './fault-plan.ts';
import type { HostsAtWork } from './hosts-at-work.ts';
import { scalePolicy } from './scale-policy.ts';
import { DAY_ZERO_US, type ScaleWorld } from './scale-world.ts';

const HOUR_US = 3_600_000_000;
const CONTRIBUTIONS_AT_ONCE = 5_000;
/** All is decided in one thread: without a log beside the database's file no second one could read meanwhile. */
const ONE_THREAD = { recordsBesideMin: 1_000_000_000n };
const UNITS = 10_000_000n;
const VALUE_CENTS = 10_000_000_00n;

/** What an operator's timers do: epochs opened, settled and closed, prices, redemptions, payouts, the log. */
export class BooksOfMonths {
  readonly #world: ScaleWorld;
  readonly #hosts: HostsAtWork;
  /** Epochs whose close was heard of. */
  readonly closed: string[] = [];

  constructor(world: ScaleWorld, hosts: HostsAtWork) {
    this.#world = world;
    this.#hosts = hosts;
  }

  /** The day before: rules and a price. */
  async prepare(): Promise<void> {
    const world = this.#world;
    const eveUs = DAY_ZERO_US - BigInt(DAY_US / 2);
    await world.insist('policy', async ({ economy }) =>
      world.demand('policy', await economy.publishPolicy(eveUs, scalePolicy())),
    );
    await this.#value(eveUs, 'valuation-0');
  }

  /** Opens the month that it is, closes those that are over, publishes. What a fault stops is done the next time. */
  async keep(): Promise<void> {
    const world = this.#world;
    await world.attempt('open epoch', async ({ economy }) =>
      world.demand('open epoch', await economy.openEpoch(world.clockUs)),
    );
    const unclosed = await world.attempt('unclosed', ({ economy }) => economy.unclosedEpochs());
    for (const epoch of unclosed ?? []) if (epoch.endUs <= world.clockUs) await this.#close(epoch);
    await this.publish();
  }

  async publish(): Promise<void> {
    const { clockUs } = this.#world;
    await this.#world.attempt('publish', ({ log }) => log.publish(clockUs));
  }

  /** A day's redemptions and payouts. */
  async pay(): Promise<void> {
    const world = this.#world;
    const run = await world.attempt('redemptions', async ({ economy }) =>
      world.demand('redemptions', await economy.processRedemptions(world.clockUs)),
    );
    if (run && run.fills.length > 0)
      world.trace.add(world.nowUs, `redeemed ${run.fills.length} ${run.paidCents}`);
    const paid = await world.attempt('payouts', ({ payouts }) => payouts.run(world.clockUs));
    const sent = paid?.batches.reduce((sum, batch) => sum + batch.payouts, 0) ?? 0;
    if (sent > 0) world.trace.add(world.nowUs, `sent ${sent}`);
    world.bank.day();
    await this.#hear(world.bank.tell());
  }

  async #hear(told: Parameters<Payouts['report']>[1]): Promise<void> {
    if (told.length === 0) return;
    // Lost on its way, the word is not said again: the next question brings it.
    await this.#world.attempt('word of the bank', ({ payouts }) => payouts.report(this.#world.clockUs, told));
  }

  /** A price dated just after a month's first moment: what was asked for before is priced by it. */
  async value(): Promise<void> {
    const month = monthOf(this.#world.clockUs);
    await this.#value(month.startUs + BigInt(HOUR_US), `valuation-${month.id}`);
  }

  async #value(datedAtUs: bigint, id: string): Promise<void> {
    const world = this.#world;
    const valuation: Valuation = {
      id,
      valueCents: VALUE_CENTS + BigInt(world.nowUs) / BigInt(DAY_US),
      fullyDilutedUnits: UNITS,
      datedAtUs,
      approvedBy: 'the board',
      documentSha256: world.people.digest(id),
    };
    const nowUs = datedAtUs > world.clockUs ? datedAtUs : world.clockUs;
    await world.insist('valuation', async ({ economy }) =>
      world.demand('valuation', await economy.addValuation(nowUs, valuation)),
    );
  }

  async #close(epoch: EpochInfo): Promise<void> {
    const world = this.#world;
    if (!(await this.#hosts.settle())) return;
    if (!(await this.#credit())) return;
    const closed = await world.attempt('close', ({ economy }) =>
      economy.close(world.clockUs, epoch.id, ONE_THREAD),
    );
    if (closed === null) return;
    const { statementSha256, revenueCents, issuedMicroJam, cashCents, contributors } = world.demand(
      'close',
      closed,
    );
    if (!this.closed.includes(epoch.id)) this.closed.push(epoch.id);
    world.trace.add(
      world.nowUs,
      `closed ${epoch.id} ${statementSha256} ${revenueCents} ${issuedMicroJam} ${cashCents} ${contributors}`,
    );
  }

  /** Released pay becomes contributions, as the studio hands it over: all of it, again after a loss. */
  async #credit(): Promise<boolean> {
    const world = this.#world;
    const released = await world.attempt('released', ({ coordinator }) =>
      coordinator.work({ state: 'released' }),
    );
    if (released === null) return false;
    const fresh = released.filter(({ id }) => !world.known.credited.has(id)).map(contributionOf);
    for (let start = 0; start < fresh.length; start += CONTRIBUTIONS_AT_ONCE) {
      const some = fresh.slice(start, start + CONTRIBUTIONS_AT_ONCE);
      const added = await world.attempt('credit', ({ economy }) =>
        economy.addContributions(world.clockUs, some),
      );
      // Of a clock that is behind it is too early for some: the next try brings them.
      if (added === null || (!added.ok && added.code === 'in-the-future')) return false;
      world.demand('credit', added);
      for (const { id } of some) world.known.credited.add(id);
    }
    world.trace.add(world.nowUs, `credited ${fresh.length}`);
    return true;
  }

  /** Days of the month that holds a day, as numbers from day 0. */
  static monthOfDay(day: number): { readonly id: string; readonly first: number; readonly end: number } {
    const { id, startUs, endUs } = monthOf(DAY_ZERO_US + BigInt(day) * BigInt(DAY_US));
    const dayOf = (atUs: bigint): number => Number((atUs - DAY_ZERO_US) / BigInt(DAY_US));
    return { id, first: dayOf(startUs), end: dayOf(endUs) };
  }
}
