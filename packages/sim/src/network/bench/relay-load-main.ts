import { localNowUs, raiseThread, runPorts, STOP, type UdpHandler, type UdpPort } from '@jamnet/jambox';
import { PACKET_TYPE } from '@jamnet/toast';
import { DelayBins } from './delay-bins.ts';
import { LOAD_FRAMES, LoadPlayer, SEQUENCE_LOW_AT } from './relay-load-player.ts';

/**
 * The load on relays as a process of its own: 750 packets a second from each player, spread evenly over the packet's time; what
 * comes back is counted and timed by the moment at which the kernel had it, not opened.
 * `node relay-load-main.ts '{"relays":[9000],"rooms":1,"players":14,"seconds":5,"tokenKeyHex":"01…","isBare":false}'` prints one JSON line.
 */
interface LoadOptions {
  /** Ports on loopback; rooms are shared out among them. */
  readonly relays: readonly number[];
  readonly rooms: number;
  /** Of each room. */
  readonly players: number;
  readonly seconds: number;
  readonly tokenKeyHex: string;
  /** Towards a reflector instead of relays: no joins. */
  readonly isBare: boolean;
}

const PERIOD_US = (LOAD_FRAMES / 48_000) * 1e6;
const JOIN_US_MAX = 8_000_000;
/** Sound before the count begins: functions are compiled, queues are as they will be. */
const WARM_US = 1_000_000;
/** The last packets get this long to come back. */
const TAIL_US = 300_000;
/** Sessions keep their seats with a few datagrams a second. */
const SESSIONS_EVERY_US = 5_000;
/** Where the header has type and epoch (SPEC.md §2). */
const TYPE_AT = 5;
const EPOCH_AT = 8;

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions; // from bench-relay.ts of this folder
const tokenKey = Buffer.from(options.tokenKeyHex, 'hex');
const total = options.rooms * options.players;
/** In the order in which they send. */
const players: LoadPlayer[] = [];
for (let number = 0; number < total; number++) {
  const room = number % options.rooms;
  const relayPort = options.relays[room % options.relays.length] ?? 0;
  const phaseUs = (number / total) * PERIOD_US;
  const place = { number, room, relayPort, tokenKey, players: options.players, phaseUs };
  players.push(await LoadPlayer.open(place, options.isBare));
}

class Load implements UdpHandler {
  readonly delays = new DelayBins();
  readonly counts = { sent: 0, expected: 0, sentLateUsMax: 0 };
  readonly #beganUs = localNowUs();
  readonly #byPort = new Map(players.map((player) => [player.port, player]));
  #sessionsDueUs = 0;
  #startUs = 0;
  #turn = 0;

  datagram(nowUs: number, bytes: Uint8Array, _from: string, port: UdpPort): void {
    if (bytes[TYPE_AT] !== PACKET_TYPE.audio) {
      this.#byPort.get(port)?.session?.datagram(nowUs, bytes);
      return;
    }
    const sender = players[wordAt(bytes, EPOCH_AT)];
    const sequence = wordAt(bytes, SEQUENCE_LOW_AT);
    if (sender?.isCounted(sequence)) this.delays.add(sender.tookUs(sequence, nowUs - port.waitedUs));
  }

  wake(nowUs: number): number {
    if (nowUs >= this.#sessionsDueUs) this.#tickSessions(nowUs);
    if (this.#startUs === 0) return this.#lookAtStart(nowUs);
    const endUs = this.#startUs + WARM_US + options.seconds * 1e6;
    if (nowUs > endUs + TAIL_US) return STOP;
    return Math.min(this.#sessionsDueUs, this.#play(nowUs, endUs));
  }

  #tickSessions(nowUs: number): void {
    this.#sessionsDueUs = nowUs + SESSIONS_EVERY_US;
    for (const player of players) {
      player.session?.tick(nowUs);
      player.drain();
    }
  }

  #lookAtStart(nowUs: number): number {
    if (players.every((player) => player.session === null || player.session.startAtUs > 0))
      this.#startUs = nowUs + 50_000;
    else if (nowUs - this.#beganUs > JOIN_US_MAX) return STOP;
    return this.#sessionsDueUs;
  }

  /** One after the other: all have the same period, so that the order in which they are due never changes. */
  #play(nowUs: number, endUs: number): number {
    for (;;) {
      const player = players[this.#turn % total];
      if (player === undefined) return endUs + TAIL_US;
      const dueUs = this.#startUs + player.place.phaseUs + player.sequence * PERIOD_US;
      if (dueUs >= endUs) {
        for (const each of players) if (each.endCounted < 0) each.endCounted = each.sequence;
        return endUs + TAIL_US;
      }
      if (dueUs > nowUs) return dueUs;
      this.#turn++;
      this.#send(player, nowUs, nowUs - dueUs);
    }
  }

  #send(player: LoadPlayer, nowUs: number, lateUs: number): void {
    if (player.firstCounted < 0 && nowUs > this.#startUs + WARM_US) player.firstCounted = player.sequence;
    player.sendPacket(nowUs);
    if (player.firstCounted < 0) return;
    this.counts.sent++;
    this.counts.expected += options.players - 1;
    this.counts.sentLateUsMax = Math.max(this.counts.sentLateUsMax, lateUs);
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
// A reflector learns who is there from what they send.
if (options.isBare) for (const player of players) player.sendPacket(localNowUs());
for (const player of players) player.sequence = 0;
const cpuBefore = process.cpuUsage();
const beganMs = performance.now();
await runPorts(
  players.map((player) => player.port),
  load,
);
const { user, system } = process.cpuUsage(cpuBefore);
const line = {
  type: 'load',
  scheduling,
  ...load.counts,
  delivered: load.delays.count,
  p50Ms: load.delays.quantileMs(0.5),
  p99Ms: load.delays.quantileMs(0.99),
  cpuPercent: (user + system) / (performance.now() - beganMs) / 10,
};
process.stdout.write(`${JSON.stringify(line)}\n`, () => process.exit(0));
