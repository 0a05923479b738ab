import { type Chance, seededChance } from '@jamnet/base';
import { nodeSealCrypto } from '@jamnet/jambox';
import { CONSENT, issueToken, limits, PeerSession, Relay } from '@jamnet/toast';
import { EventQueue } from './event-queue.ts';
import { drawFaults, type FaultPlan } from './fault-plan.ts';

const PACKET_FRAMES = 128;
const PERIOD_US = (PACKET_FRAMES / limits.SAMPLE_RATE_HZ) * 1e6;
/** One way between a player and the relay without faults. */
const PATH_US = 400;
const TICK_US = 5000;
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
  readonly session: PeerSession;
  readonly offsetUs: number;
  readonly rate: number;
  period: number;
  isPlaying: boolean;
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
    const rate = 1 + (this.plan.driftPpm[number] ?? 0) / 1e6;
    return {
      name,
      number,
      session: session.value,
      offsetUs: chance.below(2_000_000) - 1_000_000,
      rate,
      period: 0,
      isPlaying: false,
    };
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
    return EPOCH_US + player.offsetUs + this.#queue.nowUs * player.rate;
  }

  #tick(player: Player): void {
    player.session.tick(this.#localUs(player));
    this.#settle(player);
    this.#queue.at(this.#queue.nowUs + TICK_US, () => this.#tick(player));
  }

  #settle(player: Player): void {
    for (
      let next = player.session.outgoing.shift();
      next !== undefined;
      next = player.session.outgoing.shift()
    ) {
      const bytes = next;
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

  #begin(player: Player): void {
    if (player.isPlaying) return;
    player.isPlaying = true;
    const startUs = player.session.localTimeUs(player.session.startAtUs);
    const trueStartUs = (startUs - EPOCH_US - player.offsetUs) / player.rate;
    const beat = (): void => {
      player.period++;
      this.#beat(player);
      this.#queue.at(trueStartUs + ((player.period + 1) * PERIOD_US) / player.rate, beat);
    };
    this.#queue.at(trueStartUs + PERIOD_US / player.rate, beat);
  }

  #beat(player: Player): void {
    const samples = signal(player.number, player.session.packetsSent);
    player.session.sendAudio(this.#localUs(player), samples, 0);
    this.#settle(player);
    for (const stream of player.session.streams) {
      const count = this.#count(`${player.name}<${stream.member.player}`);
      const pull = stream.pull(player.period, this.#out);
      if (pull === 'missing') count.missing++;
      if (pull !== 'own' && pull !== 'recovered') continue;
      count.heard++;
      const sent = signal(Number(stream.member.player.slice(7)), stream.lastIndex);
      if (sent.some((sample, i) => sample / 32768 !== this.#out[i])) count.wrong++;
    }
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
