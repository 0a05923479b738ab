import { type Chance, seededChance } from '@jamnet/base';
import { nodeSealCrypto } from '@jamnet/jambox';
import { Resampler } from '@jamnet/pnbtr';
import {
  CONSENT,
  issueToken,
  limits,
  PeerSession,
  Relay,
  StreamPlayer,
  type StreamReceiver,
} from '@jamnet/toast';
import { EventQueue } from './event-queue.ts';
import { drawFaults, type FaultPlan } from './fault-plan.ts';

const PACKET_FRAMES = 128;
const PERIOD_US = (PACKET_FRAMES / limits.SAMPLE_RATE_HZ) * 1e6;
/** One way between a player and the relay without faults. */
const PATH_US = 400;
const TICK_US = 5000;
/** A packet that the ear hears at all is louder than this. */
const AUDIBLE = 0.001;
/** No ear lies further behind the music. */
const BEHIND_SAMPLES_MAX = 0.3 * limits.SAMPLE_RATE_HZ;
/** Virtual time 0 as UTC µs, so that times have the size that they have in the world. */
const EPOCH_US = 1_700_000_000_000_000;
const TOKEN_KEY = new Uint8Array(32).fill(1);
const ROOM_KEY = new Uint8Array(32).fill(2);

/** What one player's ear got from another in one stretch of time. */
export interface EarCount {
  heard: number;
  missing: number;
  /** Packets whose samples differ from what was sent, are not finite, or exceed full scale. */
  wrong: number;
}

interface Player {
  readonly name: string;
  readonly number: number;
  session: PeerSession;
  readonly offsetUs: number;
  readonly rate: number;
  period: number;
  isPlaying: boolean;
  /** Where the own stream begins on the room's timeline. */
  baseSample: number;
  /** Ears with a card of their own, by stream; players with odd numbers have them. */
  readonly ears: Map<StreamReceiver, StreamPlayer>;
}

/** Players and a relay over a faulty network in virtual time: the same seed gives the same run to the bit. */
export class VirtualJam {
  readonly plan: FaultPlan;
  readonly #queue = new EventQueue();
  readonly #chance: Chance;
  readonly #players: Player[];
  readonly #ears = new Map<string, EarCount>();
  readonly #out = new Float32Array(PACKET_FRAMES);
  #relay: Relay;

  constructor(seed: string, players: number) {
    const chance = seededChance(seed);
    this.plan = drawFaults(chance.fork('plan'), players);
    this.#chance = chance.fork('network');
    this.#relay = this.#newRelay('first');
    this.#players = Array.from({ length: players }, (_, i) =>
      this.#newPlayer(i, players, chance.fork(`player ${i}`)),
    );
    for (const player of this.#players) this.#tick(player);
    const vanishing = this.#players[this.plan.vanishPlayer];
    if (vanishing !== undefined)
      this.#queue.at(this.plan.vanishUs, () => this.#vanish(vanishing, chance.fork('again')));
    if (this.plan.relayRestartUs >= 0) {
      this.#queue.at(this.plan.relayRestartUs, () => {
        this.#relay = this.#newRelay('second');
      });
    }
  }

  #newRelay(label: string): Relay {
    const cookieKey = nodeSealCrypto.hmac(TOKEN_KEY, new TextEncoder().encode(label));
    return new Relay({ crypto: nodeSealCrypto, tokenKey: TOKEN_KEY, cookieKey });
  }

  #newPlayer(number: number, players: number, chance: Chance): Player {
    const session = this.#newSession(number, players, chance);
    const rate = 1 + (this.plan.driftPpm[number] ?? 0) / 1e6;
    const offsetUs = chance.below(2_000_000) - 1_000_000;
    const name = `player ${number}`;
    const ears = new Map<StreamReceiver, StreamPlayer>();
    return { name, number, session, offsetUs, rate, period: 0, isPlaying: false, baseSample: 0, ears };
  }

  #newSession(number: number, players: number, chance: Chance): PeerSession {
    const name = `player ${number}`;
    const token = issueToken(nodeSealCrypto, TOKEN_KEY, {
      room: 'attic',
      player: name,
      expiresAtUs: EPOCH_US + 3.6e9,
    });
    if (!token.ok) throw new Error(token.message);
    const session = PeerSession.open({
      crypto: nodeSealCrypto,
      joinToken: token.value,
      roomKey: ROOM_KEY,
      packetFrames: PACKET_FRAMES,
      redundancyOffsets: [1, 3],
      startWhenPlayers: players,
      joinIdBytes: Uint8Array.from({ length: 16 }, () => chance.below(256)),
      epoch: chance.uint32(),
      consent: CONSENT.record,
    });
    if (!session.ok) throw new Error(session.message);
    return session.value;
  }

  /** The player's process died; a new one joins as soon as the network is whole. */
  #vanish(player: Player, chance: Chance): void {
    player.isPlaying = false;
    player.session = this.#newSession(player.number, this.#players.length, chance);
    player.ears.clear();
  }

  /** Runs to `untilUs` and answers what each ear got since the last call, by `listener<speaker`. */
  runUntil(untilUs: number): ReadonlyMap<string, EarCount> {
    this.#ears.clear();
    this.#queue.runUntil(untilUs);
    return new Map(this.#ears);
  }

  /** Everything that could grow, to be held against a bound. */
  sizes(): {
    readonly delayPackets: number;
    readonly streams: number;
    readonly waiting: number;
    readonly players: number;
  } {
    const streams = this.#players.flatMap((player) => player.session.streams);
    return {
      delayPackets: Math.max(0, ...streams.map((stream) => stream.delayPackets)),
      streams: Math.max(...this.#players.map((player) => player.session.streams.length)),
      waiting: Math.max(
        this.#relay.outgoing.length,
        ...this.#players.map((player) => player.session.outgoing.length),
      ),
      players: this.#relay.players,
    };
  }

  #localUs(player: Player): number {
    const isStepped = this.plan.stepPlayer === player.number && this.#queue.nowUs >= this.plan.stepAtUs;
    const stepUs = isStepped ? this.plan.clockStepUs : 0;
    return EPOCH_US + player.offsetUs + stepUs + this.#queue.nowUs * player.rate;
  }

  #tick(player: Player): void {
    const isGone = player.number === this.plan.vanishPlayer && this.#isVanished();
    if (!isGone) player.session.tick(this.#localUs(player));
    this.#settle(player);
    this.#queue.at(this.#queue.nowUs + TICK_US, () => this.#tick(player));
  }

  #settle(player: Player): void {
    for (
      let next = player.session.outgoing.shift();
      next !== undefined;
      next = player.session.outgoing.shift()
    ) {
      const { bytes } = next;
      this.#carry(player.number, bytes, (arrived) => {
        this.#relay.datagram(EPOCH_US + this.#queue.nowUs, `10.0.0.${player.number}:9`, arrived);
        this.#drainRelay();
      });
    }
    for (
      let event = player.session.events.shift();
      event !== undefined;
      event = player.session.events.shift()
    ) {
      if (event.kind === 'start') this.#begin(player);
    }
  }

  #drainRelay(): void {
    for (let next = this.#relay.outgoing.shift(); next !== undefined; next = this.#relay.outgoing.shift()) {
      const player = this.#players[Number(next.to.split(':')[0]?.split('.')[3])];
      if (player === undefined) continue;
      this.#carry(player.number, next.bytes, (arrived) => {
        player.session.datagram(this.#localUs(player), arrived);
        for (const stream of player.session.streams) while (stream.fresh.shift() !== undefined);
        this.#settle(player);
      });
    }
  }

  /** One way between a player and the relay. */
  #carry(player: number, bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void {
    const now = this.#queue.nowUs;
    const isFaulty = now >= this.plan.fromUs && now < this.plan.healedUs;
    if (!isFaulty) {
      this.#queue.at(now + PATH_US, () => deliver(bytes));
      return;
    }
    if (this.plan.cutPlayer === player || this.#chance.unit() < this.plan.loss) return;
    const copies = this.#chance.unit() < this.plan.duplication ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const arrived = this.#chance.unit() < this.plan.corruption ? this.#corrupted(bytes) : bytes;
      this.#queue.at(now + PATH_US + this.#chance.below(this.plan.jitterUs + 1), () => deliver(arrived));
    }
  }

  #corrupted(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice(
      0,
      this.#chance.below(4) === 0 ? this.#chance.below(bytes.length) : bytes.length,
    );
    if (copy.length > 0) copy[this.#chance.below(copy.length)] = this.#chance.below(256);
    return copy;
  }

  #isVanished(): boolean {
    return this.#queue.nowUs >= this.plan.vanishUs && this.#queue.nowUs < this.plan.healedUs;
  }

  /** The card starts with the room, or with the next period for who comes later. */
  #begin(player: Player): void {
    if (player.isPlaying) return;
    player.isPlaying = true;
    const { session } = player;
    const untilUs = session.localTimeUs(session.startAtUs) - this.#localUs(player);
    const startUs = this.#queue.nowUs + untilUs / player.rate;
    const periodUs = PERIOD_US / player.rate;
    player.period = Math.max(0, Math.ceil((this.#queue.nowUs - startUs) / periodUs));
    player.baseSample = player.period * PACKET_FRAMES;
    const beat = (): void => {
      if (player.session !== session) return;
      player.period++;
      this.#beat(player);
      this.#queue.at(startUs + (player.period + 1) * periodUs, beat);
    };
    this.#queue.at(startUs + (player.period + 1) * periodUs, beat);
  }

  #beat(player: Player): void {
    const samples = signal(player.number, player.session.packetsSent);
    player.session.sendAudio(this.#localUs(player), samples, player.baseSample);
    this.#settle(player);
    for (const stream of player.session.streams) {
      if (!stream.isPresent) continue;
      const count = this.#count(`${player.name}<${stream.member.player}`);
      if (player.number % 2 === 0) this.#pull(player, stream, count);
      else this.#play(player, stream, count);
    }
  }

  /** An ear on the packet grid: every packet as it was sent, or missing. */
  #pull(player: Player, stream: StreamReceiver, count: EarCount): void {
    const pull = stream.pull(player.period, this.#out);
    if (pull === 'missing') count.missing++;
    if (pull !== 'own' && pull !== 'recovered') return;
    count.heard++;
    const sent = signal(Number(stream.member.player.slice(7)), stream.lastIndex);
    if (sent.some((sample, i) => sample / 32768 !== this.#out[i])) count.wrong++;
  }

  /** An ear with a card of its own: finite, bounded, not silent, and not far behind. */
  #play(player: Player, stream: StreamReceiver, count: EarCount): void {
    let ear = player.ears.get(stream);
    if (ear === undefined) {
      ear = new StreamPlayer(stream, {
        packetFrames: PACKET_FRAMES,
        quantumFrames: PACKET_FRAMES,
        reach: 3,
        filler: { receive: (packet, out) => out.set(packet), conceal: (out) => out.fill(0) },
        bender: new Resampler({ fromHz: 48_000, toHz: 48_000, pushMax: PACKET_FRAMES }),
        benderFrames: 32,
      });
      player.ears.set(stream, ear);
    }
    ear.play(this.#localUs(player), this.#out);
    const peak = this.#out.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    // Full-scale noise may overshoot between its samples.
    if (!(peak < 4)) count.wrong++;
    if (peak > AUDIBLE) count.heard++;
    else count.missing++;
    const isHealed = this.#queue.nowUs > this.plan.healedUs + 1_000_000;
    const nowSample = player.session.sampleAt(this.#localUs(player)) - stream.baseIndex * PACKET_FRAMES;
    if (isHealed && nowSample - ear.heardSample > BEHIND_SAMPLES_MAX) count.wrong++;
  }

  #count(key: string): EarCount {
    const known = this.#ears.get(key);
    if (known !== undefined) return known;
    const fresh = { heard: 0, missing: 0, wrong: 0 };
    this.#ears.set(key, fresh);
    return fresh;
  }
}

/** Every packet of every player sounds different, so that a mix-up cannot pass. */
function signal(player: number, index: number): Int16Array {
  return Int16Array.from(
    { length: PACKET_FRAMES },
    (_, i) => (((player + 1) * 7919 + index * 104_729 + i * 31) % 65536) - 32768,
  );
}
