import { assert, ok, present, type Result, Ring, refuse } from '@jamnet/base';
import { BARS_MAX, type Bar, cellsOf } from './bars.ts';
import { cellReference } from './cell-reference.ts';
import type { Forecast } from './forecast.ts';
import { commitDeadlineUs } from './grid.ts';
import { house1 } from './house.ts';
import { house2 } from './house2.ts';
import { type Entry, newEntry, takeCommitment, takeReveal } from './round-entry.ts';
import { rowOf } from './round-row.ts';
import {
  HOSTS_MAX,
  type RoundCode,
  type RoundEffect,
  type RoundInput,
  type RoundPlan,
  type RoundRecord,
  type RoundRow,
} from './round-types.ts';
import { Voices } from './voices.ts';

/** Effects that may wait to be drained; a turn leaves at most {@link EFFECTS_PER_TURN}. */
export const EFFECTS_MAX = 64;
const EFFECTS_PER_TURN = 4;

/** One bar on its way: what the house said of it, and what each host sent. */
interface OpenBar {
  readonly bar: Bar;
  readonly house1: Forecast;
  readonly house2: Forecast;
  /** In the task *live*. */
  readonly cellReference: Forecast | null;
  readonly entries: readonly Entry[];
}

/**
 * Proof of Groove over one archived performance. In turn b hosts commit to bar b and, meanwhile, reveal bar b − 1. The
 * performance's clock stands at b's deadline (half a sixteenth before its bar line) until every host has done both or the
 * hold limit has passed; only then is bar b released. So a commitment that is accepted was made in time, however slow the
 * hosts, and nobody has heard any of the bar. What is paid depends on bars and forecasts, and on which were void.
 */
export class GrooveRound {
  readonly #plan: RoundPlan;
  readonly #effects = new Ring<RoundEffect>(EFFECTS_MAX);
  readonly #rows: RoundRow[] = [];
  readonly #house1;
  readonly #house2;
  /** In the task *live*. */
  readonly #cellReference;
  readonly #voices;
  #state: 'waiting' | 'open' | 'closed' = 'waiting';
  #turnStartUs = 0;
  /** The bar that hosts commit to; `null` after the last. */
  #committing: OpenBar | null = null;
  /** The released bar that hosts reveal. */
  #revealing: OpenBar | null = null;

  constructor(plan: RoundPlan) {
    assert(plan.hosts.length >= 1 && plan.hosts.length <= HOSTS_MAX, `a round has 1 to ${HOSTS_MAX} hosts`);
    assert(new Set(plan.hosts.map((host) => host.node)).size === plan.hosts.length, 'a node takes part once');
    assert(plan.bars.length <= BARS_MAX, `a performance has at most ${BARS_MAX} bars`);
    assert(
      plan.bars.every((bar, index) => bar.index === index),
      'bars are numbered from 0 without a gap',
    );
    assert(plan.holdLimitUs > 0 && plan.voidChargePpm >= 0, 'hold limit and charge');
    this.#plan = plan;
    this.#house1 = house1(plan.priors);
    this.#house2 = house2(plan.priors);
    this.#cellReference = plan.task === 'live' ? cellReference(plan.priors) : null;
    this.#voices = new Voices(
      plan.hosts.map((host) => host.ownerGroup),
      plan.task,
    );
  }

  get state(): 'waiting' | 'open' | 'closed' {
    return this.#state;
  }

  /** When `advance` is due if nothing else comes, wall clock µs; `null`: never. */
  get nextCallUs(): number | null {
    return this.#state === 'open' ? this.#turnStartUs + this.#plan.holdLimitUs : null;
  }

  /** Takes one input at wall-clock `nowUs`. Commit and reveal come from an authenticated link: `node` is who it says. */
  apply(nowUs: number, input: RoundInput): Result<null, RoundCode> {
    if (this.#effects.length > EFFECTS_MAX - EFFECTS_PER_TURN)
      return refuse('undrained', 'Drain the effects of the round before the next input.');
    if (this.#state === 'closed') return refuse('closed', 'The round is over.');
    if (input.kind === 'open') return this.#open(nowUs);
    if (this.#state === 'waiting') return refuse('not-open', 'The round has not been opened yet.');
    const answer = this.#take(nowUs, input);
    if (nowUs >= this.#turnStartUs + this.#plan.holdLimitUs) this.#voidMissing();
    this.#turnIfComplete(nowUs);
    return answer;
  }

  /** The next effect for the shell to carry out. */
  drain(): RoundEffect | undefined {
    return this.#effects.shift();
  }

  /** Bars up to the first one with a hit are history for everybody: without one, nothing can be foretold. */
  #open(nowUs: number): Result<null, RoundCode> {
    if (this.#state !== 'waiting') return refuse('already-open', 'The round is open already.');
    this.#state = 'open';
    const first = this.#plan.bars.findIndex((bar) => bar.hits.length > 0);
    const history = this.#plan.bars.slice(0, first + 1);
    this.#push({ kind: 'release', bars: history });
    for (const bar of history) this.#observe(bar);
    this.#turn(nowUs, first < 0 ? this.#plan.bars.length : first + 1);
    return ok(null);
  }

  #take(nowUs: number, input: Exclude<RoundInput, { kind: 'open' }>): Result<null, RoundCode> {
    if (input.kind === 'advance') return ok(null);
    const host = this.#plan.hosts.findIndex(({ node }) => node === input.node);
    if (host < 0) return refuse('unknown-host', `Node ${input.node} is not assigned to this performance.`);
    return input.kind === 'commit'
      ? this.#commit(nowUs, host, input.bar, input.commitment)
      : this.#reveal(host, input.bar, input.forecast, input.salt);
  }

  #commit(nowUs: number, host: number, bar: number, hash: Uint8Array): Result<null, RoundCode> {
    const open = this.#committing;
    if (bar < (open?.bar.index ?? this.#plan.bars.length))
      return refuse('late', `Bar ${bar} is past its deadline, half a sixteenth before its bar line.`);
    if (!open || bar !== open.bar.index)
      return refuse('not-asked', `Bar ${bar} is not being committed to now.`);
    return takeCommitment(present(open.entries[host], 'entry of a host'), bar, hash, nowUs);
  }

  #reveal(host: number, bar: number, forecast: Uint8Array, salt: Uint8Array): Result<null, RoundCode> {
    const open = this.#revealing;
    if (!open || bar !== open.bar.index)
      return bar < (this.#committing?.bar.index ?? this.#plan.bars.length)
        ? refuse('late', `Bar ${bar} is no longer being revealed.`)
        : refuse('not-asked', `Bar ${bar} is not being revealed now.`);
    const { node } = present(this.#plan.hosts[host], 'host');
    const { performance } = this.#plan;
    const entry = present(open.entries[host], 'entry of a host');
    return takeReveal(entry, { forecast, salt, node, performance, bar });
  }

  #voidMissing(): void {
    for (const entry of this.#committing?.entries ?? []) if (!entry.commitment) entry.void ??= 'missing';
    for (const entry of this.#revealing?.entries ?? []) if (!entry.forecast) entry.void ??= 'unopened';
  }

  #turnIfComplete(nowUs: number): void {
    const committed = this.#committing?.entries.every((entry) => entry.void || entry.commitment) ?? true;
    const revealed = this.#revealing?.entries.every((entry) => entry.void || entry.forecast) ?? true;
    if (!committed || !revealed) return;
    if (this.#revealing) this.#publish(this.#revealing);
    this.#revealing = this.#committing;
    this.#committing = null;
    if (this.#revealing) this.#release(nowUs, this.#revealing.bar);
    else this.#close();
  }

  #release(nowUs: number, bar: Bar): void {
    this.#push({ kind: 'release', bars: [bar] });
    this.#observe(bar);
    this.#turn(nowUs, bar.index + 1);
  }

  /** Starts the turn of `index`: asks for it when the performance has it, else only the last reveals are left. */
  #turn(nowUs: number, index: number): void {
    this.#turnStartUs = nowUs;
    const bar = this.#plan.bars[index];
    if (bar) {
      const announced = this.#plan.task === 'announced' ? cellsOf(bar) : null;
      const forecasts = {
        house1: this.#house1.forecast(index, announced),
        house2: this.#house2.forecast(index, announced),
        cellReference: this.#cellReference?.forecast(index, announced) ?? null,
      };
      const entries = this.#plan.hosts.map(newEntry);
      this.#committing = { bar, ...forecasts, entries };
      this.#push({
        kind: 'ask',
        bar: index,
        deadlineUs: commitDeadlineUs(this.#plan.grid, index),
        announced,
      });
    } else if (!this.#revealing) this.#close();
  }

  #observe(bar: Bar): void {
    this.#house1.observe(bar);
    this.#house2.observe(bar);
    this.#cellReference?.observe(bar);
  }

  #publish(open: OpenBar): void {
    const row = rowOf(this.#plan, this.#voices, open);
    this.#rows.push(row);
    const reveals = open.entries.map((entry) => (entry.void ? null : entry.reveal));
    this.#push({ kind: 'published', row, reveals });
  }

  #close(): void {
    this.#state = 'closed';
    const { performance, task, performerGroup, hosts } = this.#plan;
    const record: RoundRecord = { performance, task, performerGroup, hosts, rows: this.#rows };
    this.#push({ kind: 'closed', record });
  }

  #push(effect: RoundEffect): void {
    assert(this.#effects.push(effect), 'effects fit: apply refuses when they might not');
  }
}
