import { type Chance, present, seededChance } from '@jamnet/base';
import { nodeSealCrypto, verifyEd25519 } from '@jamnet/jambox';
import { issueToken, limits, PeerSession, Relay, type RemotePlayer, type Way } from '@jamnet/toast';
import { EventQueue } from '../event-queue.ts';
import { NatBox, type NatKind } from './nat-box.ts';

const PACKET_FRAMES = 128;
const PERIOD_US = (PACKET_FRAMES / limits.SAMPLE_RATE_HZ) * 1e6;
const TICK_US = 5_000;
const EPOCH_US = 1_700_000_000_000_000;
const RELAY = '198.51.100.1:9000';
const TOKEN_KEY = new Uint8Array(32).fill(1);
const ROOM_KEY = new Uint8Array(32).fill(2);
/** A packet is asked for so many packet times after it was sent: longer than any way here. */
const PATIENCE_PACKETS = 30;

export interface NatRoomOptions {
  readonly seed: string;
  /** One player behind each; two with the same box share it. */
  readonly boxes: readonly { readonly kind: NatKind; readonly box: number }[];
  /** One way between a player and the relay, and straight between two, µs. */
  readonly toRelayUs: number;
  readonly straightUs: number;
}

interface Player {
  readonly name: string;
  readonly inside: string;
  readonly box: NatBox;
  readonly session: PeerSession;
  sent: number;
}

/** What one listener got of one speaker in a stretch of time. */
export interface Heard {
  packets: number;
  missing: number;
}

/** Players behind NATs and a relay on the internet, in virtual time: what passes between them passes through their boxes. */
export class NatRoom {
  readonly #options: NatRoomOptions;
  readonly #queue = new EventQueue();
  readonly #boxes = new Map<number, NatBox>();
  readonly #byPublicHost = new Map<string, NatBox>();
  readonly #players: Player[] = [];
  readonly #byInside = new Map<string, Player>();
  readonly #heard = new Map<string, Heard>();
  #relay = newRelay('first');
  #isCut = false;

  constructor(options: NatRoomOptions) {
    this.#options = options;
    const chance = seededChance(options.seed);
    options.boxes.forEach(({ kind, box }, i) => {
      this.#add(i, kind, box, chance.fork(`player ${i}`));
    });
    for (const player of this.#players) {
      this.#queue.at(chance.below(TICK_US), () => this.#tick(player));
      this.#queue.at(1_000_000 + chance.below(2_000), () => this.#play(player));
    }
  }

  #add(i: number, kind: NatKind, box: number, chance: Chance): void {
    const host = `203.0.113.${box + 1}`;
    const nat = this.#boxes.get(box) ?? new NatBox(kind, host, RELAY);
    this.#boxes.set(box, nat);
    this.#byPublicHost.set(host, nat);
    const inside = kind === 'none' ? `${host}:${5000 + i}` : `192.168.${box}.${10 + i}:5000`;
    const name = `player ${i}`;
    const session = openSession(name, this.#options.boxes.length, chance);
    session.offerDirect(EPOCH_US, [inside]);
    const player = { name, inside, box: nat, session, sent: 0 };
    this.#players.push(player);
    this.#byInside.set(inside, player);
  }

  runUntil(us: number): void {
    this.#queue.runUntil(us);
  }

  /** By `listener<speaker`, since the last call. */
  takeHeard(): Map<string, Heard> {
    const heard = new Map(this.#heard);
    this.#heard.clear();
    return heard;
  }

  /** How each player's sound goes to each other, by `speaker>listener`. */
  ways(): Map<string, Way> {
    const nowUs = EPOCH_US + this.#queue.nowUs;
    const ways = new Map<string, Way>();
    for (const { name, session } of this.#players)
      for (const { member } of session.players)
        ways.set(`${name}>${member.player}`, session.wayTo(nowUs, member.joinId));
    return ways;
  }

  get sessions(): readonly PeerSession[] {
    return this.#players.map((player) => player.session);
  }

  restartRelay(): void {
    this.#relay = newRelay('second');
  }

  /** A player's line comes back with other public ports. */
  rebind(number: number): void {
    this.#players[number]?.box.rebind();
  }

  /** Nothing passes straight any more, or again. */
  cutStraight(isCut: boolean): void {
    this.#isCut = isCut;
  }

  #tick(player: Player): void {
    player.session.tick(EPOCH_US + this.#queue.nowUs);
    this.#settle(player);
    this.#queue.at(this.#queue.nowUs + TICK_US, () => this.#tick(player));
  }

  #play(player: Player): void {
    const { session } = player;
    session.sendAudio(
      EPOCH_US + this.#queue.nowUs,
      new Int16Array(PACKET_FRAMES).fill(player.sent % 1000),
      0,
    );
    player.sent++;
    this.#settle(player);
    for (const remote of session.players) this.#listen(player, remote);
    this.#queue.at(this.#queue.nowUs + PERIOD_US, () => this.#play(player));
  }

  #listen(listener: Player, remote: RemotePlayer): void {
    const { receiver, member } = remote;
    while (receiver.fresh.shift() !== undefined);
    const speaker = present(
      this.#players.find((each) => each.name === member.player),
      'a speaker',
    );
    const packet = speaker.sent - PATIENCE_PACKETS;
    if (packet < 0) return;
    const key = `${listener.name}<${speaker.name}`;
    const heard = this.#heard.get(key) ?? { packets: 0, missing: 0 };
    this.#heard.set(key, heard);
    heard.packets++;
    if (receiver.samplesOf(packet)?.[0] !== packet % 1000) heard.missing++;
  }

  #settle(player: Player): void {
    const { outgoing, events } = player.session;
    for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift())
      this.#leave(player, next.to === '' ? RELAY : next.to, next.bytes);
    while (events.shift() !== undefined);
  }

  /** Out of the player's network, or within it. */
  #leave(player: Player, to: string, bytes: Uint8Array): void {
    const nowUs = this.#queue.nowUs;
    const neighbour = this.#byInside.get(to);
    if (neighbour !== undefined && neighbour.box === player.box && player.box.kind !== 'none') {
      this.#queue.at(nowUs + 200, () => this.#arrive(neighbour, player.inside, bytes));
      return;
    }
    const from = player.box.out(nowUs, player.inside, to);
    if (from === null) return;
    if (to === RELAY) this.#queue.at(nowUs + this.#options.toRelayUs, () => this.#atRelay(from, bytes));
    else if (!this.#isCut)
      this.#queue.at(nowUs + this.#options.straightUs, () => this.#enter(from, to, bytes));
  }

  #atRelay(from: string, bytes: Uint8Array): void {
    this.#relay.datagram(EPOCH_US + this.#queue.nowUs, from, bytes);
    const { outgoing } = this.#relay;
    for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift()) {
      const { to, bytes: answer } = next;
      this.#queue.at(this.#queue.nowUs + this.#options.toRelayUs, () => this.#enter(RELAY, to, answer));
    }
  }

  #enter(from: string, to: string, bytes: Uint8Array): void {
    const box = this.#byPublicHost.get(to.slice(0, to.lastIndexOf(':')));
    const inside = box?.in(this.#queue.nowUs, from, to) ?? null;
    const player = inside === null ? undefined : this.#byInside.get(inside);
    if (player !== undefined) this.#arrive(player, from, bytes);
  }

  #arrive(player: Player, from: string, bytes: Uint8Array): void {
    player.session.datagram(EPOCH_US + this.#queue.nowUs, bytes, from === RELAY ? '' : from);
    this.#settle(player);
  }
}

function newRelay(label: string): Relay {
  const cookieKey = nodeSealCrypto.hmac(TOKEN_KEY, new TextEncoder().encode(label)).slice();
  return new Relay({ crypto: nodeSealCrypto, verify: verifyEd25519, tokenKey: TOKEN_KEY, cookieKey });
}

function openSession(player: string, players: number, chance: Chance): PeerSession {
  const expiresAtUs = EPOCH_US + 3.6e9;
  const token = issueToken(nodeSealCrypto, TOKEN_KEY, { room: 'attic', player, expiresAtUs });
  if (!token.ok) throw new Error(token.message);
  const session = PeerSession.open({
    crypto: nodeSealCrypto,
    joinToken: token.value,
    roomKey: ROOM_KEY,
    packetFrames: PACKET_FRAMES,
    redundancyOffsets: [],
    startWhenPlayers: players,
    joinIdBytes: Uint8Array.from({ length: 16 }, () => chance.below(256)),
    epoch: chance.uint32(),
    consent: 0,
  });
  if (!session.ok) throw new Error(session.message);
  return session.value;
}
