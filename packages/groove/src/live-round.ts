import { assert, ok, present, type Result, Ring, refuse } from '@jamnet/base';
import type { Bar } from './bars.ts';
import { cellReference } from './cell-reference.ts';
import type { Forecast } from './forecast.ts';
import { commitDeadlineUs } from './grid.ts';
import { house1 } from './house.ts';
import { house2 } from './house2.ts';
import type { LiveEffect, LiveInput, LivePlan } from './live-round-types.ts';
import { type Entry, newEntry, takeCommitment, takeReveal } from './round-entry.ts';
import { rowOf } from './round-row.ts';
import { HOSTS_MAX, type RoundCode, type RoundRow, type Task } from './round-types.ts';
import { Voices } from './voices.ts';

/** Effects that may wait to be drained. */
export const LIVE_EFFECTS_MAX = 64;
/** Effects that one input can leave: an ask and a publication for each open bar, a release and the end, rounded up. */
const EFFECTS_PER_INPUT = 32;
/** Bars between the one that is committed to and the last that the performer handed over; further behind, the round ends. */
export const LIVE_BARS_BEHIND_MAX = 8;

interface LiveBar {
  readonly index: number;
  readonly deadlineUs: number;
  /** When the hosts are asked even if the performer has not handed over what the house will know by the deadline. */
  readonly askAtUs: number;
  asked: boolean;
  readonly announced: readonly number[] | null;
  /** What the houses said when the hosts' time was up. */
  house1: Forecast | null;
  house2: Forecast | null;
  /** In the task *live*. */
  cellReference: Forecast | null;
  readonly entries: readonly Entry[];
  bar: Bar | null;
  revealUntilUs: number;
}

/**
 * Proof of Groove over a performance that is being played. Bar b may be committed to from the deadline of bar b − 1 to its own,
 * half a sixteenth before its bar line, by the relay's clock and by nothing else; the houses forecast at that moment from what
 * hosts could have heard by then. Hosts are asked as soon as the bar before the last has been heard, or halfway to the deadline:
 * asked at the beginning, whoever answers at once would know a bar less than the house. When the performer's signed bar has
 * come, commitments are opened and then published.
 */
export class LiveRound {
  readonly #plan: LivePlan;
  readonly #task: Task;
  readonly #effects = new Ring<LiveEffect>(LIVE_EFFECTS_MAX);
  readonly #rows: RoundRow[] = [];
  readonly #house1;
  readonly #house2;
  /** In the task *live*. */
  readonly #cellReference;
  readonly #voices;
  /** Bars that are committed to or not yet published, in order; at most {@link LIVE_BARS_BEHIND_MAX} + 1. */
  #open: LiveBar[] = [];
  #nextBar = 0;
  #nextPlayed = 0;
  #heardHit = false;
  #closed = false;

  constructor(plan: LivePlan) {
    assert(plan.hosts.length >= 1 && plan.hosts.length <= HOSTS_MAX, `a round has 1 to ${HOSTS_MAX} hosts`);
    assert(new Set(plan.hosts.map((host) => host.node)).size === plan.hosts.length, 'a node takes part once');
    assert(plan.revealLimitUs > 0 && plan.voidChargePpm >= 0, 'reveal limit and charge');
    this.#plan = plan;
    this.#house1 = house1(plan.priors);
    this.#house2 = house2(plan.priors);
    this.#task = plan.announced ? 'announced' : 'live';
    this.#cellReference = this.#task === 'live' ? cellReference(plan.priors) : null;
    this.#voices = new Voices(
      plan.hosts.map((host) => host.ownerGroup),
      this.#task,
    );
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** When `advance` is due if nothing else comes, relay's clock µs; `null`: never. */
  get nextCallUs(): number | null {
    if (this.#closed) return null;
    const newest = this.#open.at(-1);
    const askAtUs = newest && !newest.asked ? newest.askAtUs : Number.POSITIVE_INFINITY;
    const reveals = this.#open.filter(({ bar }) => bar !== null).map(({ revealUntilUs }) => revealUntilUs);
    return Math.min(this.#deadlineUs(Math.max(0, this.#nextBar - 1)), askAtUs, ...reveals);
  }

  /** Takes one input as the relay received it at `nowUs`. Commit and reveal come from an authenticated link. */
  apply(nowUs: number, input: LiveInput): Result<null, RoundCode> {
    if (this.#closed) return refuse('closed', 'The round is over.');
    if (this.#effects.length > LIVE_EFFECTS_MAX - EFFECTS_PER_INPUT)
      return refuse('undrained', 'Drain the effects of the round before the next input.');
    this.#runTo(nowUs);
    if (this.#closed) return refuse('closed', 'The round is over.');
    const answer = this.#take(nowUs, input);
    this.#askWhenDue(nowUs);
    this.#publishFinished(nowUs);
    return answer;
  }

  drain(): LiveEffect | undefined {
    return this.#effects.shift();
  }

  #take(nowUs: number, input: LiveInput): Result<null, RoundCode> {
    if (input.kind === 'advance') return ok(null);
    if (input.kind === 'end') return this.#close();
    if (input.kind === 'bar') return this.#hear(nowUs, input.bar);
    const host = this.#plan.hosts.findIndex(({ node }) => node === input.node);
    if (host < 0) return refuse('unknown-host', `Node ${input.node} is not assigned to this performance.`);
    const open = this.#open.find(({ index }) => index === input.bar);
    const entry = open?.entries[host];
    if (!open || !entry) return this.#notOpen(input.bar);
    if (input.kind === 'commit') {
      if (open.house1 !== null)
        return refuse('late', `Bar ${input.bar} is past its deadline, half a sixteenth before its bar line.`);
      return takeCommitment(entry, input.bar, input.commitment, nowUs);
    }
    if (open.bar === null) return refuse('not-asked', `Bar ${input.bar} is not being revealed yet.`);
    const { performance } = this.#plan;
    return takeReveal(entry, { ...input, performance });
  }

  #notOpen(bar: number): Result<null, RoundCode> {
    return bar < this.#nextBar
      ? refuse('late', `Bar ${bar} is over: nothing more can be sent for it.`)
      : refuse('not-asked', `Bar ${bar} is not being committed to yet.`);
  }

  /** Each deadline that has passed fixes the houses' forecasts and opens the next bar. */
  #runTo(nowUs: number): void {
    if (this.#nextBar === 0) this.#openNext();
    while (!this.#closed && nowUs > this.#deadlineUs(this.#nextBar - 1)) {
      const due = present(this.#open.at(-1), 'the bar that was asked for last');
      due.house1 = this.#house1.forecast(due.index, due.announced);
      due.house2 = this.#house2.forecast(due.index, due.announced);
      due.cellReference = this.#cellReference?.forecast(due.index, due.announced) ?? null;
      for (const entry of due.entries) if (!entry.commitment) entry.void ??= 'missing';
      if (this.#open.length > LIVE_BARS_BEHIND_MAX) this.#close();
      else this.#openNext();
    }
  }

  #openNext(): void {
    const index = this.#nextBar++;
    const deadlineUs = this.#deadlineUs(index);
    this.#open.push({
      index,
      deadlineUs,
      askAtUs: Math.floor((this.#deadlineUs(index - 1) + deadlineUs) / 2),
      asked: false,
      announced: this.#plan.announced?.(index) ?? null,
      house1: null,
      house2: null,
      cellReference: null,
      entries: this.#plan.hosts.map(newEntry),
      bar: null,
      revealUntilUs: Number.POSITIVE_INFINITY,
    });
  }

  #askWhenDue(nowUs: number): void {
    const newest = this.#open.at(-1);
    if (!newest || newest.asked || this.#closed) return;
    const { index, deadlineUs, askAtUs, announced } = newest;
    if (this.#nextPlayed < index - 1 && nowUs < askAtUs) return;
    newest.asked = true;
    this.#push({ kind: 'ask', bar: index, deadlineUs, announced });
  }

  /** A bar of the performer's verified stream. */
  #hear(nowUs: number, bar: Bar): Result<null, RoundCode> {
    if (bar.index < this.#nextPlayed) return refuse('late', `Bar ${bar.index} was heard already.`);
    const open = this.#open.find(({ index }) => index === bar.index);
    if (bar.index > this.#nextPlayed || !open || open.house1 === null)
      return refuse(
        'not-asked',
        `Bar ${this.#nextPlayed} comes next, and not before its deadline has passed.`,
      );
    this.#nextPlayed++;
    this.#push({ kind: 'release', bars: [bar] });
    this.#house1.observe(bar);
    this.#house2.observe(bar);
    this.#cellReference?.observe(bar);
    open.bar = onlyAnnounced(bar, open.announced);
    open.revealUntilUs = nowUs + this.#plan.revealLimitUs;
    if (!this.#heardHit) this.#forget(open);
    this.#heardHit ||= bar.hits.length > 0;
    return ok(null);
  }

  /** Bars up to the first one with a hit are history for everybody, as in a round over an archived performance. */
  #forget(open: LiveBar): void {
    this.#open = this.#open.filter((one) => one !== open);
  }

  #publishFinished(nowUs: number): void {
    for (let first = this.#open[0]; first?.bar; first = this.#open[0]) {
      const waits = first.entries.some((entry) => !entry.void && !entry.forecast);
      if (waits && nowUs < first.revealUntilUs) return;
      for (const entry of first.entries) if (!entry.forecast) entry.void ??= 'unopened';
      this.#open.shift();
      this.#publish(first, first.bar);
    }
  }

  #publish({ house1: own1, house2: own2, cellReference, entries }: LiveBar, bar: Bar): void {
    const row = rowOf(this.#plan, this.#voices, {
      bar,
      house1: present(own1, 'what house-1 said'),
      house2: present(own2, 'what house-2 said'),
      cellReference,
      entries,
    });
    this.#rows.push(row);
    const reveals = entries.map((entry) => (entry.void ? null : entry.reveal));
    const receivedAtUs = entries.map((entry) => entry.receivedAtUs);
    this.#push({ kind: 'published', row, reveals, receivedAtUs });
  }

  /** Bars that nobody has heard, or not everybody opened in time, are nobody's fault and are left out. */
  #close(): Result<null, RoundCode> {
    this.#closed = true;
    const { performance, performerGroup, hosts } = this.#plan;
    const task = this.#task;
    this.#push({ kind: 'closed', record: { performance, task, performerGroup, hosts, rows: this.#rows } });
    return ok(null);
  }

  #deadlineUs(bar: number): number {
    return this.#plan.startsAtUs + commitDeadlineUs(this.#plan.grid, bar);
  }

  #push(effect: LiveEffect): void {
    assert(this.#effects.push(effect), 'effects fit: apply refuses when they might not');
  }
}

/** In the task *announced score* only what was announced is scored: nobody was asked about the rest. */
function onlyAnnounced(bar: Bar, announced: readonly number[] | null): Bar {
  if (announced === null) return bar;
  return { ...bar, hits: bar.hits.filter(({ cell }) => announced.includes(cell)) };
}
