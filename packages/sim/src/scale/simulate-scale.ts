import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileBug } from '../ledger/crashing-files.ts';
import { BooksOfMonths } from './books-of-months.ts';
import { checkEverything, type ScaleFigures } from './checkers/check-everything.ts';
import { DAY_US, type Fault, planFaults } from './fault-plan.ts';
import { HostsAtWork } from './hosts-at-work.ts';
import { RoomsAndPayers } from './rooms-and-payers.ts';
import { hold } from './scale-broken.ts';
import type { ScaleSize } from './scale-size.ts';
import { ScaleWorld } from './scale-world.ts';
import type { Between } from './studio-process.ts';
import { WishesForCash } from './wishes-for-cash.ts';

const HOUR_US = 3_600_000_000;
/** Days of a month on which units are redeemed and cash is asked for. */
const REDEEM_DAY = 2;
const PAY_OUT_DAY = 4;
/** Days until a bank that works has answered everything. */
const BANK_DAYS_MAX = 40;

export interface ScaleOptions {
  readonly seed: string;
  readonly size: ScaleSize;
  /** Told at the end of each simulated day. */
  readonly onDay?: (day: number, days: number) => void;
  /** Where the database lies while it runs; default: a new folder of the system's own. */
  readonly directory?: string;
  /** Planted by tests. */
  readonly between?: Between;
  readonly fileBug?: FileBug;
}

export interface ScaleRun extends ScaleFigures {
  readonly seed: string;
  /** Equal on every machine for equal seed and size. */
  readonly trace: string;
  readonly events: number;
  /** Times each kind of fault struck. */
  readonly faults: Readonly<Record<string, number>>;
  /** Times the studio's process started. */
  readonly starts: number;
  readonly epochs: readonly string[];
}

/** The faults that a seed has, in order. */
export function faultsOf(seed: string, size: ScaleSize): readonly Fault[] {
  const world = new ScaleWorld({ seed, size, directory: '' });
  return planFaults(world.chance.fork('faults'), size.days);
}

/**
 * One seed of a whole studio: hosts, rooms, members and a bank around the real coordinator, economy, ledger, log and payouts,
 * through faults; then everything is healed, the month is brought to its end, and every checker looks. Throws
 * `ScaleBroken` where a promise did not hold.
 */
export async function simulateScale(options: ScaleOptions): Promise<ScaleRun> {
  const directory = mkdtempSync(join(options.directory ?? tmpdir(), 'jamnet-sim-scale-'));
  const world = new ScaleWorld({ ...options, directory });
  try {
    return await new ScaleRunner(world, options).run();
  } finally {
    await world.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

class ScaleRunner {
  readonly #world: ScaleWorld;
  readonly #options: ScaleOptions;
  readonly #hosts: HostsAtWork;
  readonly #rooms: RoomsAndPayers;
  readonly #books: BooksOfMonths;
  readonly #wishes: WishesForCash;

  constructor(world: ScaleWorld, options: ScaleOptions) {
    this.#world = world;
    this.#options = options;
    this.#hosts = new HostsAtWork(world, options.seed);
    this.#rooms = new RoomsAndPayers(world);
    this.#books = new BooksOfMonths(world, this.#hosts);
    this.#wishes = new WishesForCash(world);
  }

  async run(): Promise<ScaleRun> {
    const world = this.#world;
    const { seed, size } = this.#options;
    await world.start();
    await this.#books.prepare();
    const faults = planFaults(world.chance.fork('faults'), size.days);
    for (const fault of faults) world.at(fault.atUs, async () => world.strike(fault));
    const end = BooksOfMonths.monthOfDay(size.days - 1).end;
    for (let day = 0; day < size.days; day++) await this.#day(day, end);
    await this.#finish(end);
    const figures = await checkEverything(world);
    return {
      seed,
      trace: world.trace.digest(),
      events: world.trace.events,
      faults: world.struck,
      starts: world.starts,
      epochs: this.#books.closed,
      ...figures,
    };
  }

  async #day(day: number, days: number): Promise<void> {
    const world = this.#world;
    const startUs = day * DAY_US;
    this.#hosts.planDay(day);
    this.#rooms.planDay(day);
    const ticks = Math.min(24, 2 + Math.floor(world.size.hosts / 500));
    for (let tick = 0; tick < ticks; tick++)
      world.at(startUs + Math.floor((tick * DAY_US) / ticks) + 60_000_000, async () => {
        await this.#hosts.tick();
        await this.#books.keep();
      });
    this.#planMoney(day);
    await world.runUntil(startUs + DAY_US);
    this.#options.onDay?.(day + 1, days);
  }

  #planMoney(day: number): void {
    const { id, first } = BooksOfMonths.monthOfDay(day);
    const at = (hour: number, work: () => Promise<void>): void =>
      this.#world.at(day * DAY_US + hour * HOUR_US, work);
    if (day === first && day > 0) at(4, () => this.#books.value());
    if (day === first + REDEEM_DAY) at(9, () => this.#wishes.redeem(id));
    if (day === first + PAY_OUT_DAY) at(10, () => this.#wishes.payOut(id));
    at(12, () => this.#books.pay());
  }

  /** Faults end; all that was begun comes to its end, or never would. */
  async #finish(endDay: number): Promise<void> {
    const world = this.#world;
    await world.heal();
    await world.runUntil(Math.max(world.nowUs, (this.#options.size.days + 4) * DAY_US, endDay * DAY_US));
    await world.heal();
    await this.#hosts.drain();
    for (let tries = 0; tries < 4; tries++) await this.#books.keep();
    const unclosed = await world.studio.economy.unclosedEpochs();
    const over = unclosed.filter(({ endUs }) => endUs <= world.clockUs);
    hold('epochs', over.length === 0, () => `after all faults ${over.map(({ id }) => id)} cannot be closed`);
    await this.#books.value();
    await this.#books.pay();
    await this.#wishes.payOut('end');
    for (let day = 0; day < BANK_DAYS_MAX && (await this.#isPaying()); day++) {
      await this.#books.pay();
      await world.runUntil(world.nowUs + HOUR_US);
    }
    await this.#books.publish();
  }

  /** Whether a payout is neither paid nor back. */
  async #isPaying(): Promise<boolean> {
    const totals = await this.#world.studio.payouts.totals();
    return totals.some(({ state }) => !['settled', 'returned', 'refused'].includes(state));
  }
}
