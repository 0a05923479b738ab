import { fromHex, ok, present, type Result, refuse, toHex } from '@jamnet/base';
import type { Contribution } from '@jamnet/economy';
import {
  type Bar,
  commitDeadlineUs,
  commitmentStatement,
  ReplayGuard,
  type RoundRecord,
  revealStatement,
  type SignedBar,
  type StreamHead,
  streamHash,
  streamStatement,
  type VerifySignature,
} from '@jamnet/groove';
import type { NodeRow } from '@jamnet/mesh';
import { deriveSecret } from '../../identity/keys.ts';
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
  readonly nodes: ReadonlyMap<string, NodeRow>;
}

/**
 * Live rounds of Proof of Groove, from a performance that a member announces to the contributions of those who forecast it:
 * announced → drawn → started by its performer → played bar by bar → settled.
 */
export class LiveDesk {
  readonly #parts: LiveParts;
  readonly #guard = new ReplayGuard();
  readonly #playing = new Map<string, Playing>();
  #work: Promise<void> = Promise.resolve();
  /** Announcements and starts go one after the other: each looks at what is there before it changes it. */
  #turn: Promise<unknown> = Promise.resolve();

  /** Takes up what an earlier run of the studio left: what was being played then is over, at nobody's cost. */
  static async open(parts: LiveParts): Promise<LiveDesk> {
    const desk = new LiveDesk(parts);
    for await (const { performance, bars } of parts.store.heard()) desk.#guard.remember(performance, bars);
    for (const performance of await parts.store.inState('playing'))
      await desk.#end(performance, 'interrupted');
    return desk;
  }

  private constructor(parts: LiveParts) {
    this.#parts = parts;
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
    const nodes = new Map((await this.#parts.nodes()).map((node) => [node.id, node]));
    const connected = new Set(this.#parts.connected().map(({ node }) => node));
    const hosts = performance.draw.hosts.filter(({ node }) => connected.has(node) && nodes.has(node));
    if (hosts.length === 0) return ok(this.#view(await this.#end(performance, 'no-hosts')));
    await this.#parts.store.save(started);
    this.#parts.journal.add(id, {
      type: 'start',
      performance: started,
      performerGroup: this.#alias(performance.performerGroup),
      streamHash: toHex(streamHash(head)),
    });
    this.#play(started, head, { hosts, nodes });
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

  /** Time has passed for what is being played. Answers when this is due again, µs; `Infinity` while nothing is played. */
  advance(): number {
    const nowUs = Number(this.#parts.nowUs());
    for (const { live } of this.#playing.values()) if (live.nextCallUs <= nowUs) live.advance();
    return Math.min(...[...this.#playing.values()].map(({ live }) => live.nextCallUs));
  }

  /** Draws, gives up what waited too long, files what is settled. One look at a time; resolves when this one is done. */
  look(): Promise<void> {
    return this.#then(async () => {
      await this.#giveUp();
      await this.#draw();
      for (const settled of await this.#parts.store.inState('settled')) await this.#file(settled);
    });
  }

  /** What is being played is left; the next start finds it interrupted. */
  async close(): Promise<void> {
    for (const { live } of this.#playing.values()) live.abandon();
    this.#playing.clear();
    await this.#work;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  #then(work: () => Promise<void>): Promise<void> {
    this.#work = this.#work.then(work).catch(this.#parts.onFailure);
    return this.#work;
  }

  #play(
    performance: Performance,
    head: StreamHead,
    { hosts, nodes }: { hosts: Draw['hosts']; nodes: ReadonlyMap<string, NodeRow> },
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
          void this.#then(() => this.#settle(performance, nodes, record, heard));
        },
      },
    );
    this.#playing.set(id, { performance, live, nodes });
  }

  async #settle(
    performance: Performance,
    nodes: ReadonlyMap<string, NodeRow>,
    record: RoundRecord,
    heard: readonly Bar[],
  ): Promise<void> {
    const { store, nowUs, secret, journal } = this.#parts;
    if (record.rows.length === 0) return void (await this.#end(performance, 'nothing-scored'));
    const known = this.#guard.take(performance.performance, heard);
    if (!known.ok) return void (await this.#end(performance, known.code));
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
    journal.add(performance.performance, { type: 'end', outcome });
    await this.#file(settled);
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

  async #giveUp(): Promise<void> {
    const sinceUs = this.#parts.nowUs() - PATIENCE_US;
    for (const performance of await this.#parts.store.inState('waiting', 'drawn'))
      if (performance.changedAtUs < sinceUs)
        await this.#end(performance, performance.state === 'waiting' ? 'no-hosts' : 'not-started');
  }

  async #draw(): Promise<void> {
    const { store, draws, nowUs } = this.#parts;
    const waiting = await store.inState('waiting');
    if (!draws.isFixed) return await this.#fix(waiting);
    const drawn = await draws.finish();
    if (!drawn) return;
    const groupOf = new Map((await this.#parts.nodes()).map(({ id, ownerGroup }) => [id, ownerGroup]));
    for (const performance of waiting) {
      const draw = drawn.get(performance.performance);
      if (!draw) continue; // Announced after the fixing: it waits for the next draw.
      const hosts = draw.hosts.map(({ node }) => ({ node, ownerGroup: groupOf.get(node) ?? '' }));
      await store.save({ ...performance, state: 'drawn', draw: { ...draw, hosts }, changedAtUs: nowUs() });
    }
  }

  /** In public, owner groups are pseudonyms: the same in all draws, and nobody's name. */
  async #fix(waiting: readonly Performance[]): Promise<void> {
    const candidates = this.#parts
      .connected()
      .filter(({ grooveSessions }) => grooveSessions > 0)
      .map(({ node, ownerGroup }) => ({ node, ownerGroup: this.#alias(ownerGroup), linkedGroups: [] }));
    if (waiting.length === 0 || candidates.length === 0) return;
    await this.#parts.draws.fix({
      performances: waiting.map(({ performance, performerGroup }) => ({
        performance,
        performerGroup: this.#alias(performerGroup),
      })),
      candidates,
    });
  }

  #alias(ownerGroup: string): string {
    return toHex(deriveSecret(this.#parts.secret, `groove group ${ownerGroup}`)).slice(0, 32);
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
