import { seededChance } from '@jamnet/base';
import type { RoomTape } from '@jamnet/jdat';
import {
  decodeHeader,
  issueToken,
  type MidiEvent,
  PACKET_TYPE,
  type PeerOptions,
  PeerSession,
  Relay,
} from '@jamnet/toast';
import { FileInput } from '../card/card.ts';
import type { Samples } from '../card/samples.ts';
import { VirtualCard } from '../card/virtual-card.ts';
import { nodeSealCrypto } from '../crypto/node-seal-crypto.ts';
import { Jam } from '../evening/jam.ts';
import { verifyEd25519 } from '../identity/node-identity.ts';
import { MidiSource } from '../midi/midi-source.ts';
import { FirstBeat } from '../music/first-beat.ts';
import type { MidiSink } from '../music/heard-notes.ts';
import { RoomClick } from '../music/room-click.ts';
import type { PeerPort } from '../net/peer-port.ts';
import { STOP } from '../net/udp-port.ts';
import type { PlayOptions } from '../play-options.ts';
import { VirtualSender } from './virtual-sender.ts';

const START_US = 1_700_000_000_000_000;
const TOKEN_KEY = new Uint8Array(32).fill(1);

export interface VirtualPlayer {
  readonly options: PlayOptions;
  readonly input: readonly Samples[];
  readonly changes?: Partial<PeerOptions>;
  readonly notes?: readonly MidiEvent[];
  readonly midiOut?: MidiSink;
  readonly tape?: RoomTape;
}

export interface VirtualNetwork {
  readonly seed: string;
  /** How long a datagram takes, µs, and the most that it waits beyond that, each its own. */
  readonly wayUs: number;
  readonly jitterUs: number;
  /** Share of the datagrams from relay to player that never come. */
  readonly loss: number;
}

interface UnderWay {
  readonly atUs: number;
  readonly order: number;
  readonly arrive: (nowUs: number) => void;
}

/** Whole players and a relay in virtual time: the shell's engine without sockets, threads or waiting. */
export class VirtualEvening {
  readonly jams = new Map<string, Jam>();
  readonly sessions = new Map<string, PeerSession>();
  nowUs = START_US;
  readonly #network: VirtualNetwork;
  readonly #chance: ReturnType<typeof seededChance>;
  readonly #relay = new Relay({
    crypto: nodeSealCrypto,
    verify: verifyEd25519,
    tokenKey: TOKEN_KEY,
    cookieKey: new Uint8Array(32).fill(2),
  });
  readonly #underWay: UnderWay[] = [];
  readonly #wakes = new Map<string, number>();
  readonly #players = new Map<string, Pick<Jam, 'datagram' | 'wake'>>();
  readonly #deaf = new Set<string>();
  #sent = 0;
  /** A relay that answers nobody any more. */
  isRelayDead = false;
  /** Names of players of whom nothing reaches the relay. */
  readonly cutOff = new Set<string>();

  constructor(network: VirtualNetwork) {
    this.#network = network;
    // It has been up for a while.
    this.#relay.tick(START_US - 10_000_000);
    this.#chance = seededChance(network.seed);
  }

  add({ options, input, changes = {}, notes = [], midiOut = () => undefined, tape }: VirtualPlayer): Jam {
    const { address, session } = this.#join(options, changes);
    const card = new VirtualCard({
      periodUs: session.packetUs,
      phaseUs: options.cardPhaseUs ?? 0,
      ppm: options.cardPpm ?? 0,
      input: new FileInput(input),
    });
    const beat = FirstBeat.of(options.beat, this.#players.size + 1);
    const jam = new Jam(options, session, this.#portOf(address, options.player), card, {
      nowUs: () => this.nowUs,
      isStopAsked: () => false,
      onMetrics: () => undefined,
      notes: new MidiSource(notes),
      midiOut,
      click: RoomClick.of(options.click),
      ...(tape === undefined ? {} : { tape }),
      ...(beat === undefined ? {} : { beat }),
    });
    this.jams.set(address, jam);
    this.#players.set(address, jam);
    return jam;
  }

  /** A player that only sends, the same packet again and again; the others' sound does not reach it. */
  addSender(options: PlayOptions, packet: Int16Array, changes: Partial<PeerOptions> = {}): void {
    const { address, session } = this.#join(options, changes);
    const { port } = this.#portOf(address, options.player);
    this.#players.set(address, new VirtualSender(session, packet, (bytes) => port.send(bytes, '')));
    this.#deaf.add(address);
  }

  #join(options: PlayOptions, changes: Partial<PeerOptions>): { address: string; session: PeerSession } {
    const number = this.#players.size + 1;
    const address = `10.0.0.${number}:5`;
    const { player, room, packetFrames, redundancyOffsets, startWhenPlayers, sampleBits = 16 } = options;
    const token = issueToken(nodeSealCrypto, TOKEN_KEY, { room, player, expiresAtUs: START_US + 3.6e9 });
    if (!token.ok) throw new Error(token.message);
    const session = PeerSession.open({
      crypto: nodeSealCrypto,
      joinToken: token.value,
      roomKey: new Uint8Array(32).fill(3),
      packetFrames,
      sampleBits,
      redundancyOffsets,
      startWhenPlayers,
      joinIdBytes: new Uint8Array(16).fill(number),
      epoch: number,
      consent: 7,
      ...changes,
    });
    if (!session.ok) throw new Error(session.message);
    this.sessions.set(player, session.value);
    this.#wakes.set(address, this.nowUs);
    return { address, session: session.value };
  }

  #portOf(address: string, player: string): PeerPort {
    const send = (bytes: Uint8Array): void => {
      if (this.cutOff.has(player)) return;
      const copy = bytes.slice();
      this.#under(this.#network.wayUs / 2, (nowUs) => this.#atRelay(nowUs, address, copy));
    };
    const port = {
      kind: 'dgram' as const,
      host: '',
      port: 0,
      refused: 0,
      waitedUs: 0,
      send,
      sendEach: send,
      flush: () => undefined,
      close: () => undefined,
    };
    return { port, relayAddress: '', ownAddresses: [] };
  }

  #atRelay(nowUs: number, from: string, bytes: Uint8Array): void {
    if (this.isRelayDead) return;
    this.#relay.datagram(nowUs, from, bytes);
    const { outgoing } = this.#relay;
    for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift()) {
      if (this.#chance.unit() < this.#network.loss) continue;
      const { to } = next;
      if (this.#deaf.has(to) && isAudio(next.bytes)) continue;
      const copy = next.bytes.slice();
      const lateUs = this.#network.jitterUs * this.#chance.unit();
      this.#under(this.#network.wayUs / 2 + lateUs, (now) => this.#atPlayer(now, to, copy));
    }
  }

  #atPlayer(nowUs: number, to: string, bytes: Uint8Array): void {
    if ((this.#wakes.get(to) ?? STOP) === STOP) return;
    this.#players.get(to)?.datagram(nowUs, bytes, '');
    this.#wakes.set(to, nowUs);
  }

  /** Kept in the order of arrival: by time, then as sent. */
  #under(delayUs: number, arrive: (nowUs: number) => void): void {
    const entry = { atUs: this.nowUs + delayUs, order: this.#sent++, arrive };
    let at = this.#underWay.length;
    while (at > 0 && (this.#underWay[at - 1]?.atUs ?? 0) > entry.atUs) at--;
    this.#underWay.splice(at, 0, entry);
  }

  /** Until all have left, or for `secondsMax` of virtual time. */
  run(secondsMax: number): void {
    const untilUs = this.nowUs + secondsMax * 1e6;
    while (this.nowUs < untilUs) {
      const awake = [...this.#wakes].filter(([, dueUs]) => dueUs !== STOP);
      if (awake.length === 0) return;
      const [address, dueUs] = awake.reduce((least, each) => (each[1] < least[1] ? each : least));
      const first = this.#underWay[0];
      if (first !== undefined && first.atUs <= dueUs) {
        this.#underWay.shift();
        this.nowUs = Math.max(this.nowUs, first.atUs);
        first.arrive(this.nowUs);
      } else {
        this.nowUs = Math.max(this.nowUs, dueUs);
        const next = this.#players.get(address)?.wake(this.nowUs) ?? STOP;
        // Threads wake a little late, and never at once again.
        this.#wakes.set(
          address,
          next === STOP ? STOP : Math.max(next, this.nowUs + 1) + 30 * this.#chance.unit(),
        );
      }
    }
  }
}

function isAudio(bytes: Uint8Array): boolean {
  const header = decodeHeader(bytes);
  return header.ok && header.value.type === PACKET_TYPE.audio;
}
