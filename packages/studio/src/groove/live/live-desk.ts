import { fromHex, ok, present, type Result, refuse, toHex } from '@jamnet/base';
import type { Contribution } from '@jamnet/economy';
import {
  type Bar,
  type Candidate,
  commitDeadlineUs,
  commitmentStatement,
  ReplayGuard,
  type RoundHost,
  type RoundRecord,
  revealStatement,
  type SignedBar,
  type StreamHead,
  streamHash,
  streamStatement,
  type VerifySignature,
} from '@jamnet/groove';
import type { NodeRow } from '@jamnet/mesh';
import type { GrooveLink, GrooveSessionOptions } from '../../mesh/groove-link.ts';
import type { ConnectedNode } from '../../mesh/node-requests.ts';
import { announcementFault, headOf, performanceId } from './announcement.ts';
import type { DrawDesk } from './draw-desk.ts';
import type { GrooveStore } from './groove-store.ts';
import { LivePerformance, NOTHING_YET } from './live-performance.ts';
import {
  type Announcement,
  type Draw,
  type EndCode,
  type LiveCode,
  OPENED_PER_DAY_MAX,
  type Outcome,
  PERFORMANCES_OPEN_MAX,
  type Performance,
} from './live-types.ts';
import { type Nodes, OwnerGroups } from './owner-groups.ts';
import { type PerformanceView, viewOf } from './performance-view.ts';
import type { RoundJournal } from './round-journal.ts';
import { settlePerformance } from './settle-performance.ts';

export interface LiveParts {
  readonly store: GrooveStore;
  readonly draws: DrawDesk;
  readonly journal: RoundJournal;
  /** The studio's clock, UTC µs. */
  readonly nowUs: () => bigint;
  readonly verify: VerifySignature;
  /** Nodes that are connected now. */
  readonly connected: () => readonly ConnectedNode[];
  /** All nodes that ever registered. */
  readonly nodes: () => Promise<readonly NodeRow[]>;
  readonly openLink: (session: GrooveSessionOptions) => GrooveLink;
  /** Sessions that a connected node would still take. */
  readonly freeSessions: (node: string) => number;
  /** Owner group that a payee is registered in; `null`: not registered, so nobody would be paid. */
  readonly ownerGroupOf: (payee: string) => Promise<string | null>;
  readonly addContributions: (contributions: readonly Contribution[]) => Promise<void>;
  /** Salts evidence and makes the pseudonyms of owner groups in public draws. */
  readonly secret: Uint8Array;
  /** What fails where nobody waits for it. */
  readonly onFailure: (error: unknown) => void;
}

/** A start is announced so early that every host can be asked for bar 0, and not so early that its draw goes stale. µs. */
const START_AHEAD_US_MIN = 500_000n;
const START_AHEAD_US_MAX = 600_000_000n;
/** What is not drawn or not started by then is given up. */
const PATIENCE_US = 3_600_000_000n;
const DAY_US = 86_400_000_000n;

interface Playing {
  readonly performance: Performance;
  readonly live: LivePerformance;
  readonly nodes: Nodes;
}

/** A round that is over and not yet settled. */
interface Closed {
  readonly performance: Performance;
  readonly nodes: Nodes;
  readonly record: RoundRecord;
  readonly heard: readonly Bar[];
}

/**
 * Live rounds of Proof of Groove, from a performance that a member announces to the contributions of those who forecast it:
 * announced → drawn → started by its performer → played bar by bar → settled.
 */
export class LiveDesk {
  readonly #parts: LiveParts;
  readonly #owners: OwnerGroups;
  readonly #guard = new ReplayGuard();
  readonly #playing = new Map<string, Playing>();
  /** By performance; each is `playing` in the store until it is settled, so no more than may be open. */
  readonly #closed = new Map<string, Closed>();
  /** Announcements, starts and looks go one after the other: each looks at what is there before it changes it. */
  #work: Promise<unknown> = Promise.resolve();

  /** Takes up what an earlier run of the studio left: what was being played then is over, at nobody's cost. */
  static async open(parts: LiveParts): Promise<LiveDesk> {
    const desk = new LiveDesk(parts);
    for await (const { performance, bars } of parts.store.heard()) desk.#guard.remember(performance, bars);
    await desk.#interruptLost();
    return desk;
  }

  private constructor(parts: LiveParts) {
    this.#parts = parts;
    this.#owners = new OwnerGroups(parts);
  }

  /** A performance that waits for its hosts. `performerGroup`: whose; nothing of it is paid to that group. */
  async announce(
    performerGroup: string,
    announcement: Announcement,
  ): Promise<Result<PerformanceView, LiveCode>> {
    const fault = announcementFault(announcement);
    if (fault !== null) return refuse('announcement-malformed', fault);
    return this.#inTurn(() => this.#announce(performerGroup, announcement));
  }

  async #announce(
    performerGroup: string,
    announcement: Announcement,
  ): Promise<Result<PerformanceView, LiveCode>> {
    const { store, nowUs } = this.#parts;
    const openedAtUs = nowUs();
    const open = await store.inState('waiting', 'drawn', 'playing');
    if (open.length >= PERFORMANCES_OPEN_MAX)
      return refuse(
        'too-many-open',
        `At most ${PERFORMANCES_OPEN_MAX} performances are open: try again later.`,
      );
    if (open.some((other) => other.performerGroup === performerGroup))
      return refuse('performance-waiting', 'You have a performance open: play it, or let it run out first.');
    if ((await store.openedSince(performerGroup, openedAtUs - DAY_US)) >= OPENED_PER_DAY_MAX)
      return refuse(
        'too-many-today',
        `A performer opens at most ${OPENED_PER_DAY_MAX} performances in 24 hours.`,
      );
    const performance: Performance = {
      ...announcement,
      performance: performanceId(performerGroup, announcement, openedAtUs),
      state: 'waiting',
      performerGroup,
      openedAtUs,
      draw: null,
      changedAtUs: openedAtUs,
      startsAtUs: null,
      outcome: null,
      contributions: [],
    };
    await store.add(performance);
    return ok(this.#view(performance));
  }

  /** The performer fixes time 0 of the grid; from then on bars are awaited. `signature`: over `streamStatement`. */
  start(id: string, startsAtUs: number, signature: Uint8Array): Promise<Result<PerformanceView, LiveCode>> {
    return this.#inTurn(() => this.#start(id, startsAtUs, signature));
  }

  async #start(
    id: string,
    startsAtUs: number,
    signature: Uint8Array,
  ): Promise<Result<PerformanceView, LiveCode>> {
    const performance = await this.#parts.store.performance(id);
    if (!performance) return unknown(id);
    if (performance.state !== 'drawn' || !performance.draw)
      return refuse(
        'not-drawn',
        `Performance ${id} is ${performance.state}: it starts once its hosts are drawn.`,
      );
    const head = headOf(performance, startsAtUs);
    const nowUs = this.#parts.nowUs();
    const firstUs = BigInt(startsAtUs + commitDeadlineUs(head.grid, 0));
    if (firstUs < nowUs + START_AHEAD_US_MIN || firstUs > nowUs + START_AHEAD_US_MAX)
      return refuse(
        'start-malformed',
        'Bar 0 begins between half a second and ten minutes from now, by the studio’s clock.',
      );
    if (!this.#parts.verify(head.performerKey, streamStatement(head), signature))
      return refuse('start-forged', 'The start is not signed by the key that was announced.');
    const started: Performance = { ...performance, state: 'playing', startsAtUs, changedAtUs: nowUs };
    const nodes = await this.#owners.nodes();
    const stillOwned = await this.#owners.stillOwned(performance.draw.hosts, nodes);
    await this.#parts.store.save(started);
    // From here on at once: whoever is left out is charged nothing, whoever is in must answer.
    const connected = new Set(this.#parts.connected().map(({ node }) => node));
    const hosts = stillOwned.filter(({ node }) => connected.has(node) && this.#parts.freeSessions(node) > 0);
    if (hosts.length === 0) return ok(this.#view(await this.#end(performance, 'no-hosts')));
    try {
      this.#parts.journal.add(id, {
        type: 'start',
        performance: started,
        performerGroup: this.#owners.alias(performance.performerGroup),
        streamHash: toHex(streamHash(head)),
      });
      this.#play(started, head, { hosts, nodes });
    } catch (error) {
      this.#parts.onFailure(error);
      return ok(this.#view(await this.#end(started, 'interrupted')));
    }
    return ok(this.#view(started));
  }

  /** The next bar of the performer's stream. */
  bar(id: string, signed: SignedBar) {
    const playing = this.#playing.get(id);
    return playing ? playing.live.bar(signed) : notPlaying(id);
  }

  /** A commitment outside the node's own link, signed by the node. */
  commit(id: string, { node, bar, commitment, signature }: SignedCommitment) {
    const playing = this.#playing.get(id);
    if (!playing) return notPlaying(id);
    const refused = this.#notSigned(playing, node, commitmentStatement(id, bar, commitment), signature);
    return refused ?? playing.live.commit(node, bar, commitment);
  }

  /** An opening outside the node's own link, signed by the node. */
  reveal(id: string, { node, bar, forecast, salt, signature }: SignedReveal) {
    const playing = this.#playing.get(id);
    if (!playing) return notPlaying(id);
    const refused = this.#notSigned(playing, node, revealStatement(id, bar, { forecast, salt }), signature);
    return refused ?? playing.live.reveal(node, bar, { forecast, salt });
  }

  async view(id: string): Promise<Result<PerformanceView, LiveCode>> {
    const performance = await this.#parts.store.performance(id);
    return performance ? ok(this.#view(performance)) : unknown(id);
  }

  async views(): Promise<PerformanceView[]> {
    const open = await this.#parts.store.inState('waiting', 'drawn', 'playing');
    return open.map((performance) => this.#view(performance));
  }

  /** Rounds that are played, and those that are over and not yet settled. */
  get rounds(): { readonly playing: number; readonly unsettled: number } {
    return { playing: this.#playing.size, unsettled: this.#closed.size };
  }

  /** Time has passed for what is being played. Answers when this is due again, µs; `Infinity` while nothing is played. */
  advance(): number {
    const nowUs = Number(this.#parts.nowUs());
    for (const [id, { live }] of this.#playing) {
      if (live.nextCallUs > nowUs) continue;
      try {
        live.advance();
      } catch (error) {
        this.#parts.onFailure(error);
        live.abandon();
        this.#playing.delete(id);
        void this.#then(() => this.#interruptLost());
      }
    }
    return Math.min(...[...this.#playing.values()].map(({ live }) => live.nextCallUs));
  }

  /**
   * Settles what is over, gives up what waited too long, draws, files what is settled. One look at a time; resolves when this
   * one is done. What fails holds up nothing else, and is tried again at the next look.
   */
  async look(): Promise<void> {
    // Beside the turn: nobody who announces or starts waits for old files to be counted.
    const pruned = this.#attempt(() => this.#parts.journal.prune());
    await this.#then(async () => {
      await this.#settleClosed();
      await this.#attempt(() => this.#interruptLost());
      await this.#attempt(() => this.#giveUp());
      await this.#attempt(() => this.#draw());
      for (const settled of await this.#parts.store.inState('settled'))
        await this.#attempt(() => this.#file(settled));
    });
    await pruned;
  }

  /** What is being played is left; the next start finds it interrupted. */
  async close(): Promise<void> {
    for (const { live } of this.#playing.values()) live.abandon();
    this.#playing.clear();
    await this.#work;
    await this.#attempt(() => this.#parts.journal.prune());
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#work.then(work);
    this.#work = done.catch(() => undefined); // Told to whoever asked.
    return done;
  }

  #then(work: () => Promise<void>): Promise<void> {
    return this.#inTurn(() => this.#attempt(work));
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#parts.onFailure(error);
    }
  }

  #play(
    performance: Performance,
    head: StreamHead,
    { hosts, nodes }: { hosts: Draw['hosts']; nodes: Nodes },
  ): void {
    const { journal, connected, nowUs, openLink, verify } = this.#parts;
    const { performance: id, performerGroup, bars, announced } = performance;
    const live = new LivePerformance(
      { head, performerGroup, hosts, bars, announced },
      {
        nowUs: () => Number(nowUs()),
        verify,
        openLink,
        isConnected: (node) => connected().some((one) => one.node === node),
        onPublished: (published, received) => journal.add(id, { type: 'bar', published, received }),
        onClosed: (record, heard) => {
          this.#playing.delete(id);
          this.#closed.set(id, { performance, nodes, record, heard });
          void this.#then(() => this.#settleClosed());
        },
      },
    );
    this.#playing.set(id, { performance, live, nodes });
  }

  async #settleClosed(): Promise<void> {
    for (const [id, round] of this.#closed)
      await this.#attempt(async () => {
        const settled = await this.#settle(round);
        this.#closed.delete(id);
        if (!settled?.outcome) return;
        this.#parts.journal.add(id, { type: 'end', outcome: settled.outcome });
        await this.#file(settled);
      });
  }

  /** What the round has come to, stored; `null`: it ended without. Until that is stored nothing changes, so it may be tried again. */
  async #settle({ performance, nodes, record, heard }: Closed): Promise<Performance | null> {
    const { store, nowUs, secret } = this.#parts;
    const { performance: id } = performance;
    const kept = await store.performance(id);
    if (kept?.state !== 'playing') return null; // The try before got through, though it seemed not to.
    const known = this.#guard.check(heard);
    const code = record.rows.length === 0 ? 'nothing-scored' : known.ok ? null : known.code;
    if (code !== null) {
      await this.#end(performance, code);
      return null;
    }
    const groups = [...new Set(record.hosts.map(({ ownerGroup }) => ownerGroup))];
    const { outcomes, standings, contributions, reasons } = settlePerformance({
      record,
      standings: await store.standings(record.task, groups),
      payeeOf: (node) => present(nodes.get(node), `node ${node}`).payee,
      acceptedAtUs: nowUs(),
      evidenceSecret: secret,
    });
    const outcome: Outcome = { settled: outcomes, bars: record.rows.length, task: record.task };
    const settled: Performance = {
      ...performance,
      state: 'settled',
      outcome,
      contributions,
      changedAtUs: nowUs(),
    };
    await store.settle({ performance: settled, bars: heard, task: record.task, standings, reasons });
    this.#guard.remember(id, heard);
    return settled;
  }

  /** Credits become contributions; a crash in between is made good by the next look. */
  async #file(settled: Performance): Promise<void> {
    if (settled.contributions.length > 0) await this.#parts.addContributions(settled.contributions);
    await this.#parts.store.save({ ...settled, state: 'over' });
  }

  async #end(performance: Performance, code: EndCode): Promise<Performance> {
    const ended: Performance = {
      ...performance,
      state: 'over',
      outcome: { code },
      changedAtUs: this.#parts.nowUs(),
    };
    await this.#parts.store.save(ended);
    if (performance.startsAtUs !== null)
      this.#parts.journal.add(performance.performance, { type: 'end', outcome: { code } });
    return ended;
  }

  /** What is called playing and is neither under way nor over here: its studio stopped, or its round failed. At nobody's cost. */
  async #interruptLost(): Promise<void> {
    for (const performance of await this.#parts.store.inState('playing')) {
      const { performance: id } = performance;
      if (!this.#playing.has(id) && !this.#closed.has(id)) await this.#end(performance, 'interrupted');
    }
  }

  async #giveUp(): Promise<void> {
    const sinceUs = this.#parts.nowUs() - PATIENCE_US;
    for (const performance of await this.#parts.store.inState('waiting', 'drawn'))
      if (performance.changedAtUs < sinceUs)
        await this.#end(performance, performance.state === 'waiting' ? 'no-hosts' : 'not-started');
  }

  async #draw(): Promise<void> {
    const { store, draws, nowUs } = this.#parts;
    const waiting = await store.inState('waiting');
    if (!(await draws.isFixed())) return await this.#fix(waiting);
    const drawn = await draws.finish();
    if (!drawn) return;
    const nodes = await this.#owners.nodes();
    for (const performance of waiting) {
      const draw = drawn.get(performance.performance);
      if (!draw) continue; // Announced after the fixing: it waits for the next draw.
      const hosts: RoundHost[] = [];
      for (const { node, ownerGroup: alias } of draw.hosts) {
        const ownerGroup = await this.#owners.groupOf(node, nodes);
        if (ownerGroup !== null && this.#owners.alias(ownerGroup) === alias) hosts.push({ node, ownerGroup });
      }
      await store.save({ ...performance, state: 'drawn', draw: { ...draw, hosts }, changedAtUs: nowUs() });
    }
    await draws.close(drawn); // Last: a studio that stops before this draws the same again.
  }

  /** In public, owner groups are pseudonyms: the same in all draws, and nobody's name. */
  async #fix(waiting: readonly Performance[]): Promise<void> {
    if (waiting.length === 0) return;
    const nodes = await this.#owners.nodes();
    const candidates: Candidate[] = [];
    for (const { node, grooveSessions } of this.#parts.connected()) {
      const ownerGroup = grooveSessions > 0 ? await this.#owners.groupOf(node, nodes) : null;
      if (ownerGroup !== null)
        candidates.push({ node, ownerGroup: this.#owners.alias(ownerGroup), linkedGroups: [] });
    }
    if (candidates.length === 0) return;
    await this.#parts.draws.fix({
      performances: waiting.map(({ performance, performerGroup }) => ({
        performance,
        performerGroup: this.#owners.alias(performerGroup),
      })),
      candidates,
    });
  }

  #notSigned({ nodes }: Playing, node: string, statement: Uint8Array, signature: Uint8Array) {
    const key = fromHex(nodes.get(node)?.publicKey ?? '');
    if (!key || key.length === 0)
      return refuse('node-unknown', `No node ${node.slice(0, 40)} is registered here.`);
    return this.#parts.verify(key, statement, signature)
      ? null
      : refuse('signature-invalid', `This is not signed by the key of node ${node}.`);
  }

  #view(performance: Performance): PerformanceView {
    return viewOf(performance, this.#playing.get(performance.performance)?.live.progress ?? NOTHING_YET);
  }
}

export interface SignedCommitment {
  readonly node: string;
  readonly bar: number;
  readonly commitment: Uint8Array;
  readonly signature: Uint8Array;
}

export interface SignedReveal {
  readonly node: string;
  readonly bar: number;
  readonly forecast: Uint8Array;
  readonly salt: Uint8Array;
  readonly signature: Uint8Array;
}

function unknown(id: string) {
  return refuse('performance-unknown', `There is no performance ${id.slice(0, 40)}.`);
}

function notPlaying(id: string) {
  return refuse('not-playing', `Performance ${id.slice(0, 40)} is not being played here.`);
}
