import { Failure, ok, type Result, refuse } from '@jamnet/base';
import {
  type Bar,
  BarStream,
  HOUSE_PRIORS,
  type LiveEffect,
  type LiveInput,
  LiveRound,
  type ReceivedBar,
  type RoundCode,
  type RoundHost,
  type RoundRecord,
  type SignedBar,
  type StreamCode,
  type StreamHead,
  type VerifySignature,
  VOID_CHARGE_PPM,
} from '@jamnet/groove';
import type { GrooveLink, GrooveSessionOptions } from '../../mesh/groove-link.ts';

/** How long hosts have to open a bar's commitments once it was heard. */
export const REVEAL_LIMIT_US = 2_000_000;

export interface LivePerformancePlan {
  readonly head: StreamHead;
  readonly performerGroup: string;
  readonly hosts: readonly RoundHost[];
  /** Bars that will be played. */
  readonly bars: number;
  readonly announced: readonly (readonly number[])[] | null;
}

/** How far a round is. */
export interface RoundProgress {
  readonly barsHeard: number;
  readonly barsPublished: number;
  /** The bar that is committed to now, and by how many; `null` before the first was asked for. */
  readonly asked: { readonly bar: number; readonly commitments: number } | null;
}

export const NOTHING_YET: RoundProgress = { barsHeard: 0, barsPublished: 0, asked: null };

type Ask = Extract<LiveEffect, { kind: 'ask' }>;
export type PublishedBar = Extract<LiveEffect, { kind: 'published' }>;

/** The world around a performance. */
export interface LiveShell {
  /** The studio's clock, µs. */
  readonly nowUs: () => number;
  readonly verify: VerifySignature;
  /** Throws a `Failure` while the node is not connected or has as many sessions as it offers. */
  readonly openLink: (session: GrooveSessionOptions) => GrooveLink;
  readonly isConnected: (node: string) => boolean;
  /** Bars whose commitments are open to everybody, in order. */
  readonly onPublished: (published: PublishedBar, bar: ReceivedBar) => void;
  /** The round is over; `heard` is all that the performer handed over. */
  readonly onClosed: (record: RoundRecord, heard: readonly Bar[]) => void;
}

/**
 * One performance under way: the performer's signed bars go into the round, what the round wants goes to the hosts' links. A host
 * that comes back after its connection broke is told everything it missed.
 */
export class LivePerformance {
  readonly #plan: LivePerformancePlan;
  readonly #shell: LiveShell;
  readonly #stream: BarStream;
  readonly #round: LiveRound;
  readonly #heard: ReceivedBar[] = [];
  readonly #links = new Map<string, GrooveLink>();
  #barsPublished = 0;
  #asked: { readonly ask: Ask; readonly committed: Set<string> } | null = null;
  /** When everybody has had time for the last bar, µs; before it was heard, never. */
  #overAtUs = Number.POSITIVE_INFINITY;

  constructor(plan: LivePerformancePlan, shell: LiveShell) {
    this.#plan = plan;
    this.#shell = shell;
    const { head, performerGroup, hosts, announced } = plan;
    this.#stream = new BarStream(head, shell.verify);
    this.#round = new LiveRound({
      performance: head.performance,
      performerGroup,
      hosts,
      grid: head.grid,
      startsAtUs: head.startsAtUs,
      announced: announced && ((bar) => announced[bar] ?? []),
      priors: HOUSE_PRIORS,
      revealLimitUs: REVEAL_LIMIT_US,
      voidChargePpm: VOID_CHARGE_PPM,
    });
    try {
      this.advance();
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  get progress(): RoundProgress {
    const asked = this.#asked && { bar: this.#asked.ask.bar, commitments: this.#asked.committed.size };
    return { barsHeard: this.#heard.length, barsPublished: this.#barsPublished, asked };
  }

  /** When {@link advance} is due if nothing else comes, µs. */
  get nextCallUs(): number {
    return Math.min(this.#overAtUs, this.#round.nextCallUs ?? Number.POSITIVE_INFINITY);
  }

  /** The next bar as its performer hands it over. */
  bar(signed: SignedBar): Result<{ readonly hash: Uint8Array }, StreamCode | RoundCode> {
    const nowUs = this.#shell.nowUs();
    if (this.#heard.length >= this.#plan.bars)
      return refuse('stream-full', `This performance was announced with ${this.#plan.bars} bars.`);
    const received = this.#stream.take(nowUs, signed);
    if (!received.ok) return received;
    // What the stream accepts the round accepts: both wait for the same deadline.
    this.#heard.push(received.value);
    if (this.#heard.length === this.#plan.bars) this.#overAtUs = nowUs + REVEAL_LIMIT_US;
    const fed = this.#feed({ kind: 'bar', bar: received.value.bar });
    return fed.ok ? ok({ hash: received.value.hash }) : fed;
  }

  commit(node: string, bar: number, commitment: Uint8Array): Result<null, RoundCode> {
    const taken = this.#feed({ kind: 'commit', node, bar, commitment });
    if (taken.ok && this.#asked?.ask.bar === bar) this.#asked.committed.add(node);
    return taken;
  }

  reveal(node: string, bar: number, opening: { forecast: Uint8Array; salt: Uint8Array }) {
    return this.#feed({ kind: 'reveal', node, bar, ...opening });
  }

  /** Time has passed. */
  advance(): void {
    this.#reconnect();
    this.#feed({ kind: this.#shell.nowUs() >= this.#overAtUs ? 'end' : 'advance' });
  }

  /** Ends the links; nothing more is published or settled. */
  abandon(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }

  #feed(input: LiveInput): Result<null, RoundCode> {
    const answer = this.#round.apply(this.#shell.nowUs(), input);
    for (let effect = this.#round.drain(); effect; effect = this.#round.drain()) this.#carryOut(effect);
    return answer;
  }

  #carryOut(effect: LiveEffect): void {
    if (effect.kind === 'release') {
      for (const link of this.#links.values()) for (const bar of effect.bars) link.release(bar);
    } else if (effect.kind === 'ask') {
      if (effect.bar >= this.#plan.bars) return;
      this.#asked = { ask: effect, committed: new Set() };
      for (const link of this.#links.values()) ask(link, effect);
    } else if (effect.kind === 'published') {
      const received = this.#heard[effect.row.bar];
      if (received) this.#shell.onPublished(effect, received);
      this.#barsPublished++;
      if (effect.row.bar === this.#plan.bars - 1) this.#overAtUs = this.#shell.nowUs();
    } else {
      this.abandon();
      this.#overAtUs = Number.POSITIVE_INFINITY;
      this.#shell.onClosed(
        effect.record,
        this.#heard.map(({ bar }) => bar),
      );
    }
  }

  #reconnect(): void {
    for (const { node } of this.#plan.hosts) {
      if (this.#links.has(node) || this.#round.closed || !this.#shell.isConnected(node)) continue;
      const link = this.#openLink(node);
      if (!link) continue;
      this.#links.set(node, link);
      for (const { bar } of this.#heard) link.release(bar);
      if (this.#asked && !this.#asked.committed.has(node)) ask(link, this.#asked.ask);
    }
  }

  /** `null`: the node has no session for us now; it is asked again at the next call. */
  #openLink(node: string): GrooveLink | null {
    try {
      return this.#shell.openLink(this.#sessionOf(node));
    } catch (error) {
      if (error instanceof Failure) return null;
      throw error;
    }
  }

  #sessionOf(node: string): GrooveSessionOptions {
    const { performance } = this.#plan.head;
    return {
      node,
      session: `${performance}/${node}`,
      performance,
      // A refusal voids the bar or changes nothing; either way the round keeps the account.
      onCommit: ({ bar, commitment }) => void this.commit(node, bar, commitment),
      onReveal: ({ bar, forecast, salt }) => void this.reveal(node, bar, { forecast, salt }),
      onLost: () => void this.#links.delete(node),
    };
  }
}

function ask(link: GrooveLink, { bar, announced, deadlineUs }: Ask): void {
  link.ask(bar, announced, BigInt(deadlineUs));
}
