import { randomBytes } from 'node:crypto';
import {
  localNowUs,
  nodeSealCrypto,
  openUdpPort,
  raiseThread,
  runPorts,
  STOP,
  type UdpHandler,
  type UdpPort,
} from '@jamnet/jambox';
import { issueToken, PACKET_TYPE, PeerSession } from '@jamnet/toast';

/**
 * The load on relays as a process of its own: real joins, sealed and signed packets, 750 a second from each player; what comes
 * back is counted and timed, not opened. `node relay-load-main.ts '{"relays":[9000],"rooms":1,"players":14,"seconds":5,"tokenKeyHex":"01…"}'`.
 * Prints one JSON line.
 */
interface LoadOptions {
  /** Ports on loopback; rooms are shared out among them. */
  readonly relays: readonly number[];
  readonly rooms: number;
  /** Of each room. */
  readonly players: number;
  readonly seconds: number;
  readonly tokenKeyHex: string;
}

const FRAMES = 64;
const PERIOD_US = (FRAMES / 48_000) * 1e6;
/** Packets whose sending time is remembered per player. */
const REMEMBERED = 4096;
const BIN_US = 5;
const BINS = 40_000;
const JOIN_US_MAX = 8_000_000;
/** Sound before the count begins: functions are compiled, queues are as they will be. */
const WARM_US = 1_000_000;
/** The last packets get this long to come back. */
const TAIL_US = 300_000;
/** Where the header has type, epoch and the low half of the sequence (SPEC.md §2). */
const TYPE_AT = 5;
const EPOCH_AT = 8;
const SEQUENCE_LOW_AT = 16;

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions; // from bench-relay.ts of this folder
const tokenKey = Buffer.from(options.tokenKeyHex, 'hex');

class Player {
  readonly port: UdpPort;
  readonly session: PeerSession;
  readonly sentUs = new Float64Array(REMEMBERED);
  readonly phaseUs: number;
  sequence = 0;
  firstCounted = -1;
  endCounted = -1;

  constructor(port: UdpPort, session: PeerSession, phaseUs: number) {
    this.port = port;
    this.session = session;
    this.phaseUs = phaseUs;
  }

  drain(): void {
    const { outgoing } = this.session;
    for (let next = outgoing.shift(); next !== undefined; next = outgoing.shift())
      this.port.send(next.bytes, next.to);
  }
}

const players: Player[] = [];
for (let room = 0; room < options.rooms; room++) {
  const relayPort = options.relays[room % options.relays.length] ?? 0;
  for (let i = 0; i < options.players; i++) {
    const token = issueToken(nodeSealCrypto, tokenKey, {
      room: `room ${room}`,
      player: `player ${i}`,
      expiresAtUs: (Date.now() + 600_000) * 1000,
    });
    const session = PeerSession.open({
      crypto: nodeSealCrypto,
      joinToken: token.ok ? token.value : '',
      roomKey: new Uint8Array(32).fill(9),
      packetFrames: FRAMES,
      redundancyOffsets: [],
      startWhenPlayers: options.players,
      joinIdBytes: randomBytes(16),
      epoch: players.length,
      consent: 0,
    });
    if (!session.ok) throw new Error(session.message);
    const remote = { host: '127.0.0.1', port: relayPort };
    const port = await openUdpPort({ host: '127.0.0.1', port: 0, remote, batch: 64, queue: 16 });
    players.push(new Player(port, session.value, ((players.length * 0.618) % 1) * PERIOD_US));
  }
}

class Load implements UdpHandler {
  readonly bins = new Uint32Array(BINS);
  readonly counts = { sent: 0, expected: 0, delivered: 0 };
  readonly #beganUs = localNowUs();
  readonly #byPort = new Map(players.map((player) => [player.port, player]));
  readonly #pcm = Int16Array.from({ length: FRAMES }, (_, i) => Math.round(9000 * Math.sin(i)));
  #startUs = 0;

  datagram(nowUs: number, bytes: Uint8Array, _from: string, port: UdpPort): void {
    if (bytes[TYPE_AT] !== PACKET_TYPE.audio) {
      this.#byPort.get(port)?.session.datagram(nowUs, bytes);
      return;
    }
    const sender = players[wordAt(bytes, EPOCH_AT)];
    const sequence = wordAt(bytes, SEQUENCE_LOW_AT);
    if (sender === undefined || sequence < sender.firstCounted || sender.firstCounted < 0) return;
    if (sender.endCounted >= 0 && sequence >= sender.endCounted) return;
    this.counts.delivered++;
    const tookUs = nowUs - (sender.sentUs[sequence % REMEMBERED] ?? 0);
    const bin = Math.min(BINS - 1, Math.floor(tookUs / BIN_US));
    this.bins[bin] = (this.bins[bin] ?? 0) + 1;
  }

  wake(nowUs: number): number {
    let dueUs = Number.POSITIVE_INFINITY;
    for (const player of players) {
      player.session.tick(nowUs);
      player.drain();
      dueUs = Math.min(dueUs, Math.max(nowUs, player.session.nextTickUs));
    }
    if (this.#startUs === 0) return this.#lookAtStart(nowUs, dueUs);
    const endUs = this.#startUs + WARM_US + options.seconds * 1e6;
    if (nowUs > endUs + TAIL_US) return STOP;
    return Math.min(dueUs, this.#play(nowUs, endUs));
  }

  #lookAtStart(nowUs: number, dueUs: number): number {
    if (players.every((player) => player.session.startAtUs > 0)) this.#startUs = nowUs + 50_000;
    else if (nowUs - this.#beganUs > JOIN_US_MAX) return STOP;
    return Math.min(dueUs, nowUs + 5_000);
  }

  #play(nowUs: number, endUs: number): number {
    let dueUs = endUs + TAIL_US;
    for (const player of players) {
      let nextUs = this.#startUs + player.phaseUs + player.sequence * PERIOD_US;
      if (nextUs <= nowUs && nextUs < endUs) {
        this.#send(player, nowUs);
        nextUs += PERIOD_US;
      }
      if (nextUs < endUs) dueUs = Math.min(dueUs, nextUs);
      else if (player.endCounted < 0) player.endCounted = player.sequence;
    }
    return dueUs;
  }

  #send(player: Player, nowUs: number): void {
    const sequence = player.sequence++;
    if (player.firstCounted < 0 && nowUs > this.#startUs + WARM_US) player.firstCounted = sequence;
    player.session.sendAudio(nowUs, this.#pcm, 0);
    player.sentUs[sequence % REMEMBERED] = localNowUs();
    player.drain();
    player.port.flush();
    if (player.firstCounted < 0) return;
    this.counts.sent++;
    this.counts.expected += options.players - 1;
  }

  quantileMs(quantile: number): number {
    let left = this.counts.delivered * quantile;
    for (let bin = 0; bin < BINS; bin++) {
      left -= this.bins[bin] ?? 0;
      if (left <= 0) return ((bin + 1) * BIN_US) / 1000;
    }
    return (BINS * BIN_US) / 1000;
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0)) >>>
    0
  );
}

const load = new Load();
const { scheduling } = raiseThread();
await runPorts(
  players.map((player) => player.port),
  load,
);
const line = {
  type: 'load',
  scheduling,
  ...load.counts,
  p50Ms: load.quantileMs(0.5),
  p99Ms: load.quantileMs(0.99),
};
process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
