import { randomBytes } from 'node:crypto';
import { Failure, toHex } from '@jamnet/base';
import { localNowUs, nodeSealCrypto, openUdpPort, type UdpPort } from '@jamnet/jambox';
import {
  encodeHeader,
  HEADER_BYTES,
  HOP_TAG_BYTES,
  hopKey,
  issueToken,
  PACKET_TYPE,
  PeerSession,
  signHop,
  splitToken,
} from '@jamnet/toast';

export const LOAD_FRAMES = 64;
/** Packets whose sending time is remembered per player. */
const REMEMBERED = 4096;
/** Where the header has the low half of the sequence (SPEC.md §2). */
export const SEQUENCE_LOW_AT = 16;

export interface LoadPlace {
  /** Number in the whole load: epoch on the wire. */
  readonly number: number;
  readonly room: number;
  readonly relayPort: number;
  readonly tokenKey: Uint8Array;
  /** Players of its room. */
  readonly players: number;
  /** Start of its packets within a packet's time, µs. */
  readonly phaseUs: number;
}

/**
 * One player of the load: a real join, then packets of a real packet's size, each numbered and signed for its hop. Only the first
 * is sealed, because the relay opens none.
 */
export class LoadPlayer {
  readonly place: LoadPlace;
  readonly port: UdpPort;
  /** `null` towards a reflector, which knows no rooms. */
  readonly session: PeerSession | null;
  readonly #hopKey: Uint8Array;
  readonly #sentUs = new Float64Array(REMEMBERED);
  #packet: Uint8Array | null = null;
  #view: DataView | null = null;
  sequence = 0;
  /** Packets from here on, and up to there, are counted. */
  firstCounted = -1;
  endCounted = -1;

  static async open(place: LoadPlace, isBare: boolean): Promise<LoadPlayer> {
    const remote = { host: '127.0.0.1', port: place.relayPort };
    const options = { host: '127.0.0.1', port: 0, remote, batch: 32, queue: 16, arrivalTimes: true };
    const port = await openUdpPort(options);
    if (isBare) return new LoadPlayer(place, port, null, new Uint8Array(32));
    const issued = issueToken(nodeSealCrypto, place.tokenKey, {
      room: `room ${place.room}`,
      player: `player ${place.number}`,
      expiresAtUs: (Date.now() + 600_000) * 1000,
    });
    const token = issued.ok ? splitToken(issued.value) : issued;
    if (!issued.ok || !token.ok) throw new Failure('bench-token', token.ok ? '' : token.message);
    const joinIdBytes = randomBytes(16);
    const session = PeerSession.open({
      crypto: nodeSealCrypto,
      joinToken: issued.value,
      roomKey: new Uint8Array(32).fill(9),
      packetFrames: LOAD_FRAMES,
      redundancyOffsets: [],
      startWhenPlayers: place.players,
      joinIdBytes,
      epoch: place.number,
      consent: 0,
    });
    if (!session.ok) throw new Failure(session.code, session.message);
    const key = hopKey(nodeSealCrypto, token.value.secret, toHex(joinIdBytes));
    return new LoadPlayer(place, port, session.value, key);
  }

  private constructor(place: LoadPlace, port: UdpPort, session: PeerSession | null, key: Uint8Array) {
    this.place = place;
    this.port = port;
    this.session = session;
    this.#hopKey = key;
  }

  /** What the session wants to say; answers its last datagram. */
  drain(): Uint8Array | null {
    let last: Uint8Array | null = null;
    const outgoing = this.session?.outgoing;
    for (let next = outgoing?.shift(); next !== undefined; next = outgoing?.shift()) {
      this.port.send(next.bytes, '');
      last = next.bytes;
    }
    return last;
  }

  sendPacket(nowUs: number): void {
    const sequence = this.sequence++;
    const packet = this.#packet ?? this.#firstPacket(nowUs);
    this.#view?.setUint32(SEQUENCE_LOW_AT, sequence);
    signHop(nodeSealCrypto, this.#hopKey, packet, packet.length - HEADER_BYTES - HOP_TAG_BYTES);
    this.#sentUs[sequence % REMEMBERED] = localNowUs();
    this.port.send(packet, '');
    this.port.flush();
  }

  #firstPacket(nowUs: number): Uint8Array {
    const pcm = Int16Array.from({ length: LOAD_FRAMES }, (_, i) => Math.round(9000 * Math.sin(i)));
    this.session?.sendAudio(nowUs, pcm, 0);
    // Sent, too: the relay takes each number once, and the first packets are not counted.
    const packet = this.drain()?.slice() ?? barePacket(this.place.number);
    this.#packet = packet;
    this.#view = new DataView(packet.buffer);
    return packet;
  }

  /** How long the packet of that number took until `nowUs`. */
  tookUs(sequence: number, nowUs: number): number {
    return nowUs - (this.#sentUs[sequence % REMEMBERED] ?? 0);
  }

  isCounted(sequence: number): boolean {
    if (this.firstCounted < 0 || sequence < this.firstCounted) return false;
    return this.endCounted < 0 || sequence < this.endCounted;
  }
}

/** As long as a packet of 64 plain frames that is sealed: 128 bytes of sound, 10 of layout, 16 of seal. */
const BARE_BODY_BYTES = 154;

function barePacket(epoch: number): Uint8Array {
  const packet = new Uint8Array(HEADER_BYTES + BARE_BODY_BYTES + HOP_TAG_BYTES);
  const rest = { stream: 0, flags: 0, sequence: 0, sampleTime: 0, generation: 0 };
  encodeHeader(packet, { type: PACKET_TYPE.audio, epoch, bodyBytes: BARE_BODY_BYTES, ...rest });
  return packet;
}
