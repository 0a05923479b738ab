import type { Ring } from '@jamnet/base';
import type { DirectDesk } from '../direct/direct-desk.ts';
import { checkPlan, reachOf } from '../jellie/redundancy-plan.ts';
import { SAMPLE_RATE_HZ } from '../limits.ts';
import type { RoomReport } from '../quality/room-report.ts';
import { KeyRotation } from '../trust/key-rotation.ts';
import type { ProofTask } from '../trust/proof-task.ts';
import { SIGNATURE_KIND } from '../trust/stream-signature.ts';
import type { ControlMessage, RoomMember } from '../wire/control-message.ts';
import { PACKET_TYPE } from '../wire/header.ts';
import { decodeMidiBody } from '../wire/midi-body.ts';
import { decodeStatsBody, encodeStatsBody, STATS_BODY_BYTES, type StreamStats } from '../wire/stats-body.ts';
import type { Outbox } from './outbox.ts';
import type { OwnStream } from './own-stream.ts';
import type { PeerCounters, PeerEvent } from './peer-events.ts';
import { type PeerOptions, STATS_EVERY_US, shapeOf } from './peer-options.ts';
import { QualityDesk, statsOn } from './quality-desk.ts';
import type { RemotePlayer } from './remote-player.ts';
import { RemotePlayers } from './remote-players.ts';

export interface OwnStages {
  readonly inputUs: number;
  readonly outputUs: number;
  readonly clockErrorUs: number;
}

interface Surroundings {
  readonly player: string;
  readonly joinId: string;
  readonly options: PeerOptions;
  readonly own: OwnStream;
  readonly outbox: Outbox;
  readonly direct: DirectDesk;
  readonly counters: PeerCounters;
  readonly proofs: Ring<ProofTask>;
  readonly events: Ring<PeerEvent>;
}

/** What goes on between this peer and the other members: their streams, notes, reports and keys. */
export class RoomSide {
  readonly remotes = new RemotePlayers();
  readonly #around: Surroundings;
  readonly #desk = new QualityDesk();
  readonly #rotation: KeyRotation | null;
  readonly #statsBody = new Uint8Array(STATS_BODY_BYTES);
  readonly #packetUs: number;
  #statsDueUs = -1;
  /** Forged datagrams already told of, by join. */
  readonly #told = new Map<string, number>();

  constructor(around: Surroundings) {
    this.#around = around;
    const { crypto, identity, roomKey, packetFrames } = around.options;
    this.#rotation =
      identity === undefined ? null : new KeyRotation(crypto, identity, roomKey, around.joinId);
    this.#packetUs = (packetFrames / SAMPLE_RATE_HZ) * 1e6;
  }

  get nextTickUs(): number {
    return this.#rotation?.nextTickUs ?? Number.POSITIVE_INFINITY;
  }

  /** Ends the notes of senders that fell silent, also of all at once with the relay. */
  tickNotes(nowUs: number, nowSample: number): void {
    for (const remote of this.remotes.all) remote.midi.tick(nowUs, Math.max(0, nowSample));
  }

  tick(nowUs: number, nowSample: number, stages: OwnStages): void {
    for (const message of this.#rotation?.tick(nowUs) ?? []) this.#around.outbox.control(message);
    this.#rekey();
    if (nowSample < 0 || nowUs < this.#statsDueUs) return;
    this.#statsDueUs = nowUs + STATS_EVERY_US;
    for (const remote of this.remotes.all)
      if (remote.receiver.isPresent && remote.mayPlay) this.#sendStats(statsOn(remote, stages));
  }

  #sendStats(stats: StreamStats): void {
    const { own, outbox } = this.#around;
    encodeStatsBody(this.#statsBody, stats);
    outbox.sealed(PACKET_TYPE.stats, own.sealing(PACKET_TYPE.stats), 0, this.#statsBody);
  }

  takeMembers(nowUs: number, nowSample: number, others: readonly RoomMember[]): void {
    const { options, own, events, player } = this.#around;
    const { crypto, roomKey, packetFrames, fixedDelayMs, identity } = options;
    const delay = fixedDelayMs === undefined ? {} : { fixedDelayMs };
    const fresh = this.remotes.update(others, Math.max(0, nowSample), {
      crypto,
      identity: identity ?? null,
      roomKey,
      packetFrames,
      reach: reachOf(own.sender.plan),
      ...delay,
    });
    for (const joinId of this.#told.keys()) if (!this.remotes.knows(joinId)) this.#told.delete(joinId);
    for (const remote of fresh) events.push({ kind: 'stream', player: remote.member.player });
    this.#rotation?.members(nowUs, others);
    this.#around.direct.members(others);
    this.#desk.keep(
      new Set([player, ...others.map((member) => member.player)]),
      new Set(others.map((member) => member.joinId)),
    );
  }

  takeMidi(nowUs: number, remote: RemotePlayer, sampleTime: number, plain: Uint8Array): void {
    const body = decodeMidiBody(plain, sampleTime);
    if (body.ok) remote.midi.take(nowUs, body.value);
    else this.#around.counters.malformed++;
  }

  /** A report on a stream, or its owner's signature. */
  takeStats(remote: RemotePlayer, plain: Uint8Array): void {
    if (plain[0] === SIGNATURE_KIND) {
      this.#takeSignature(remote, plain);
      return;
    }
    const stats = decodeStatsBody(plain);
    if (stats.ok) this.#takeReport(remote, stats.value);
    else this.#around.counters.malformed++;
  }

  #takeSignature({ verifier, member: { joinId } }: RemotePlayer, body: Uint8Array): void {
    const { counters, proofs, options } = this.#around;
    if (verifier === null) return;
    const claim = verifier.claimOf(body);
    if (claim === null) counters.forged++;
    else if (options.defersProofs === true) {
      if (!proofs.push({ kind: 'check', joinId, ...claim, body: body.slice() })) counters.proofsDropped++;
    } else {
      const { signKey, message, signature } = claim;
      this.checked(joinId, body, options.identity?.verify(signKey, message, signature) === true);
    }
  }

  /** Whether a signature over another's stream was made by its owner. */
  checked(joinId: string, body: Uint8Array, fits: boolean): void {
    const remote = this.remotes.ofJoin(joinId);
    if (remote === undefined) return;
    if (fits) remote.verifier?.accept(body);
    // A signature that does not fit is itself made by somebody else.
    else this.#around.counters.forged++;
    this.noteForged(remote);
  }

  #takeReport(listener: RemotePlayer, stats: StreamStats): void {
    const { player, options, outbox } = this.#around;
    listener.inputUs = stats.inputUs;
    const isOwn = stats.epoch === options.epoch && stats.seat === outbox.seat;
    const sender = isOwn ? null : this.remotes.ofEpoch(stats.epoch);
    if (sender === undefined) return;
    const from = sender?.member.player ?? player;
    const inputUs = sender?.inputUs ?? 0;
    const link = this.#desk.take(stats, from, listener.member.player, this.#packetUs, inputUs);
    if (isOwn && options.adaptWithin !== undefined) this.#adapt(listener, link, options.adaptWithin);
  }

  #adapt(listener: RemotePlayer, link: Parameters<QualityDesk['want']>[1], bandwidthMax: number): void {
    const { own, options, counters } = this.#around;
    const shape = shapeOf(options);
    const plan = this.#desk.want(listener, link, {
      shape,
      packetUs: this.#packetUs,
      delayBudgetUs: link.bufferUs,
      bandwidthMax,
      packedShare: own.sender.packedShare,
    });
    if (plan === null || !checkPlan(shape, plan).ok) return;
    const { scheme, offsets, symbols } = own.sender.plan;
    if (plan.scheme === scheme && plan.symbols === symbols && plan.offsets.join() === offsets.join()) return;
    own.sender.plan = { scheme: plan.scheme, offsets: plan.offsets, symbols: plan.symbols };
    counters.adapted++;
  }

  /** Tells once for each time that a stream was found to hold what its owner did not send. */
  noteForged(remote: RemotePlayer): void {
    const forged = remote.verifier?.forged ?? 0;
    const { joinId, player } = remote.member;
    if (forged <= (this.#told.get(joinId) ?? 0)) return;
    this.#told.set(joinId, forged);
    this.#around.events.push({ kind: 'forged-stream', player });
  }

  /** What another member sent through the relay; false for a message that is none of these. */
  takeControl(nowUs: number, message: ControlMessage): boolean {
    if (message.t === 'key') this.#takeKey(message.seat, message.generation, message.sealed);
    else if (message.t === 'key-taken') this.#takeKeyTaken(nowUs, message.seat, message.generation);
    else return false;
    return true;
  }

  #takeKey(seat: number, generation: number, sealed: string): void {
    const sender = this.remotes.atSeat(seat);
    if (sender === undefined || this.#rotation === null) return;
    const secret = this.#rotation.open(sender.member.joinId, generation, sealed);
    if (secret === null) {
      this.#around.counters.forged++;
      return;
    }
    sender.keys.add(generation, secret);
    this.#around.outbox.control({ t: 'key-taken', seat, generation });
  }

  #takeKeyTaken(nowUs: number, seat: number, generation: number): void {
    const member = this.remotes.atSeat(seat);
    if (member !== undefined) this.#rotation?.taken(nowUs, member.member.joinId, generation);
  }

  #rekey(): void {
    const { own } = this.#around;
    if (this.#rotation === null || this.#rotation.active === own.generation) return;
    const { generation, secret } = this.#rotation.newest;
    if (generation === this.#rotation.active) own.rekey(generation, secret);
  }

  report(stages: OwnStages): RoomReport {
    const { player } = this.#around;
    for (const remote of this.remotes.all) {
      if (!remote.receiver.isPresent || !remote.mayPlay) continue;
      this.#desk.take(statsOn(remote, stages), remote.member.player, player, this.#packetUs, remote.inputUs);
    }
    const links = this.#desk
      .report()
      .links.map((link) => (link.from === player ? { ...link, inputUs: stages.inputUs } : link));
    return { links };
  }
}
