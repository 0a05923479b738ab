import { type Chance, seededChance } from '@jamnet/base';
import { type Addressed, limits, type PeerSession } from '@jamnet/toast';
import { EventQueue } from './event-queue.ts';
import { drawFaults, type FaultPlan } from './fault-plan.ts';
import { FaultyNetwork } from './faulty-network.ts';
import type { EarCount } from './jam-ear.ts';
import { JamMember } from './jam-member.ts';
import { JamRelays } from './jam-relays.ts';
import { jamSignal, PACKET_FRAMES } from './jam-signal.ts';

const PERIOD_US = (PACKET_FRAMES / limits.SAMPLE_RATE_HZ) * 1e6;
const TICK_US = 5000;
const RELAY_TICK_US = 250_000;
/** A question to the studio's door and its answer; while the relay stays silent it is asked again after so long. */
const DOOR_US = 20_000;
const DOOR_AGAIN_US = 100_000;
/** Changes of the shared beat that are asked for while the faults last. */
const BEATS_ASKED = 2;

function addressOf(member: JamMember): string {
  return `10.0.0.${member.number}:9`;
}

/** Players, listeners and a relay over a faulty network in virtual time: the same seed gives the same run to the bit. */
export class VirtualJam {
  readonly plan: FaultPlan;
  readonly members: readonly JamMember[];
  readonly #queue = new EventQueue();
  readonly #network: FaultyNetwork;
  readonly #ears = new Map<string, EarCount>();
  readonly #relays: JamRelays;
  readonly #again: Chance;
  #mayBeginNotes = true;
  readonly #offered = new WeakSet<PeerSession>();

  constructor(seed: string) {
    const chance = seededChance(seed);
    this.plan = drawFaults(chance.fork('plan'));
    this.#network = new FaultyNetwork(this.plan, this.#queue, chance.fork('network'));
    this.#relays = new JamRelays(this.plan, this.#queue);
    this.#again = chance.fork('superseded');
    const { players, listeners, lateJoiners } = this.plan;
    this.members = Array.from(
      { length: players + listeners + lateJoiners },
      (_, i) => new JamMember(i, this.plan, chance.fork(`player ${i}`)),
    );
    this.#schedule(chance);
  }

  #schedule(chance: Chance): void {
    const { plan } = this;
    const queue = this.#queue;
    const at = (us: number, number: number, run: (member: JamMember) => void): void => {
      const member = this.members[number];
      if (member !== undefined && us >= 0) queue.at(us, () => run(member));
    };
    for (const member of this.members) this.#tick(member);
    this.#tickRelay();
    at(plan.vanishUs, plan.vanishPlayer, (member) => {
      member.isHere = false;
      member.reborn(chance.fork('again'));
    });
    at(plan.healedUs, plan.vanishPlayer, (member) => {
      member.isHere = true;
      member.relay = this.#relays.home;
    });
    at(plan.leaveUs, plan.leavePlayer, (member) => {
      member.session.leave(this.#localUs(member));
      member.isPlaying = false;
    });
    for (let i = 0; i < plan.lateJoiners; i++)
      at(plan.lateJoinUs, plan.players + plan.listeners + i, (member) => {
        member.isHere = true;
        member.relay = this.#relays.home;
      });
    const beats = chance.fork('beats');
    for (let i = 0; i < BEATS_ASKED; i++)
      at(plan.fromUs + beats.below(plan.healedUs - plan.fromUs), beats.below(plan.players), (member) =>
        this.#askForBeat(member, beats),
      );
    if (plan.relayRestartUs >= 0) queue.at(plan.relayRestartUs, () => this.#relays.restart());
  }

  #askForBeat(member: JamMember, chance: Chance): void {
    if (!member.isHere || member.session.phase === 'leaving' || member.session.phase === 'left') return;
    member.session.setTimeline(this.#localUs(member), {
      id: chance.uint32(),
      atSample: Math.max(0, member.session.sampleAt(this.#localUs(member))) + chance.below(48_000),
      bar: chance.below(100),
      tempoMilliBpm: 60_000 + chance.below(120_000),
      beatsPerBar: 3 + chance.below(3),
      isRunning: true,
    });
  }

  /** Runs to `untilUs` and answers what each ear got since the last call, by `listener<speaker`. */
  runUntil(untilUs: number): ReadonlyMap<string, EarCount> {
    this.#ears.clear();
    this.#queue.runUntil(untilUs);
    return new Map(this.#ears);
  }

  /** Nobody begins a note from now on. */
  endNotes(): void {
    this.#mayBeginNotes = false;
  }

  /** Those who are in the room at the end of the plan. */
  get staying(): readonly JamMember[] {
    return this.members.filter((member) => member.number !== this.plan.leavePlayer);
  }

  /** Datagrams that arrived without the relay. */
  get straight(): number {
    return this.#network.straight;
  }

  /** Everything that could grow, to be held against a bound. */
  sizes(): {
    readonly delayPackets: number;
    readonly streams: number;
    readonly waiting: number;
    readonly players: number;
  } {
    const streams = this.members.flatMap((member) => member.session.streams);
    const waiting = this.members.map((member) => member.session.outgoing.length);
    return {
      delayPackets: Math.max(0, ...streams.map((stream) => stream.delayPackets)),
      streams: Math.max(...this.members.map((member) => member.session.streams.length)),
      waiting: Math.max(this.#relays.waiting, ...waiting),
      players: this.#relays.players,
    };
  }

  #localUs(member: JamMember): number {
    return member.localUs(this.#queue.nowUs);
  }

  #tick(member: JamMember): void {
    if (member.isHere) member.session.tick(this.#localUs(member));
    this.#settle(member);
    member.drainNotes();
    this.#queue.at(this.#queue.nowUs + TICK_US, () => this.#tick(member));
  }

  #tickRelay(): void {
    this.#relays.tick();
    this.#drainRelays();
    this.#queue.at(this.#queue.nowUs + RELAY_TICK_US, () => this.#tickRelay());
  }

  #settle(member: JamMember): void {
    const { session, relay } = member;
    const { outgoing, events } = session;
    for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift())
      if (next.to !== '') this.#sendStraight(member, next);
      else
        this.#network.carry(member.number, next.bytes, (arrived) => {
          this.#relays.datagram(relay, addressOf(member), arrived);
          this.#drainRelays();
        });
    for (let event = events.shift(); event !== undefined; event = events.shift())
      if (event.kind === 'start') this.#begin(member);
      else if (event.kind === 'seated') this.#offer(member);
      else if (event.kind === 'silent') this.#askDoor(member);
      else if (event.kind === 'superseded') member.reborn(this.#again);
  }

  #sendStraight(from: JamMember, { to, bytes }: Addressed): void {
    const other = this.#memberAt(to);
    if (other === undefined) return;
    this.#network.carryStraight(from.number, other.number, bytes, (arrived) =>
      this.#arrive(other, arrived, addressOf(from)),
    );
  }

  /** Once for each join. */
  #offer(member: JamMember): void {
    const { session } = member;
    if (!this.plan.hasDirect || this.#offered.has(session)) return;
    this.#offered.add(session);
    session.offerDirect(this.#localUs(member), [addressOf(member)]);
    this.#settle(member);
  }

  #memberAt(address: string): JamMember | undefined {
    return this.members[Number(address.split(':')[0]?.split('.')[3])];
  }

  /** `from` is empty for the relay. */
  #arrive(member: JamMember, bytes: Uint8Array, from: string): void {
    if (!member.isHere) return;
    const { session } = member;
    session.datagram(this.#localUs(member), bytes, from);
    for (const stream of session.streams) while (stream.fresh.shift() !== undefined);
    this.#settle(member);
  }

  /** As shells do: the room's relay is silent, where does it live now? */
  #askDoor(member: JamMember): void {
    const { session } = member;
    this.#queue.at(this.#queue.nowUs + DOOR_US, () => {
      if (member.session !== session || session.phase !== 'joining') return;
      const isMoved = this.#network.isReached(member.number) && this.#relays.home !== member.relay;
      if (isMoved) {
        member.relay = this.#relays.home;
        session.moved(this.#localUs(member));
        this.#settle(member);
      } else this.#queue.at(this.#queue.nowUs + DOOR_AGAIN_US, () => this.#askDoor(member));
    });
  }

  #drainRelays(): void {
    this.#relays.drain((to, bytes, relay) => {
      const member = this.#memberAt(to);
      if (member === undefined) return;
      this.#network.carry(member.number, bytes, (arrived) => {
        // A member hears the relay that it sends to, and no other.
        if (member.relay === relay) this.#arrive(member, arrived, '');
      });
    });
  }

  /** The card starts with the room, or with the next period for who comes later. */
  #begin(member: JamMember): void {
    if (member.isPlaying) return;
    member.isPlaying = true;
    const { session } = member;
    const untilUs = session.localTimeUs(session.startAtUs) - this.#localUs(member);
    const startUs = this.#queue.nowUs + untilUs / member.rate;
    const periodUs = PERIOD_US / member.rate;
    member.period = Math.max(0, Math.ceil((this.#queue.nowUs - startUs) / periodUs));
    member.baseSample = member.period * PACKET_FRAMES;
    const beat = (): void => {
      if (member.session !== session || !member.isPlaying) return;
      member.period++;
      this.#beat(member);
      this.#queue.at(startUs + (member.period + 1) * periodUs, beat);
    };
    this.#queue.at(startUs + (member.period + 1) * periodUs, beat);
  }

  #beat(member: JamMember): void {
    const localUs = this.#localUs(member);
    const { session } = member;
    if (!member.isListener) {
      session.sendAudio(localUs, jamSignal(member.number, session.packetsSent), member.baseSample);
      member.notes.beat(localUs, session, this.#mayBeginNotes);
    }
    this.#settle(member);
    for (const stream of session.streams) {
      if (!stream.isPresent) continue;
      const speaker = this.members[Number(stream.member.player.slice(7))];
      if (speaker === undefined || speaker.isListener) continue;
      const moment = {
        period: member.period,
        localUs,
        spokenSamples: speaker.session.packetsSent * PACKET_FRAMES,
      };
      member
        .earFor(stream, speaker.number)
        .hear(moment, this.#count(`${member.name}<${stream.member.player}`));
    }
  }

  #count(key: string): EarCount {
    const known = this.#ears.get(key);
    if (known !== undefined) return known;
    const fresh = { heard: 0, missing: 0, wrong: 0, behindSamples: 0 };
    this.#ears.set(key, fresh);
    return fresh;
  }
}
