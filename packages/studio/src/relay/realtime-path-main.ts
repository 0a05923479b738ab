import { randomBytes } from 'node:crypto';
import { toHex } from '@jamnet/base';
import {
  localNowUs,
  nodeSealCrypto,
  openUdpPort,
  runPorts,
  STOP,
  type UdpPort,
  verifyEd25519,
} from '@jamnet/jambox';
import {
  HEADER_BYTES,
  HOP_TAG_BYTES,
  hopKey,
  PACKET_TYPE,
  PeerSession,
  Relay,
  signHop,
  splitToken,
} from '@jamnet/toast';
import { issueJoinToken } from './join-token.ts';
import { nodeHopCrypto } from './node-hop-crypto.ts';
import { RelayService } from './relay-service.ts';

/**
 * Runs many packets of four joined players through the relay's whole path, sockets included, and prints how much the heap grew
 * without a collection: `node --expose-gc --max-semi-space-size=64 realtime-path-main.ts PACKETS`. What the players send is signed beforehand.
 */
const PLAYERS = 4;
const WARM = 20_000;
/** Where the header has type and low half of the sequence (SPEC.md §2). */
const TYPE_AT = 5;
const SEQUENCE_LOW_AT = 16;
const packets = Number(process.argv[2]);
const tokenKey = randomBytes(32);

interface Player {
  readonly port: UdpPort;
  readonly session: PeerSession;
  readonly hopKey: Uint8Array;
  signed: Uint8Array[];
}

const relayPort = await openUdpPort({ host: '127.0.0.1', port: 0, arrivalTimes: true });
const relay = new Relay({
  crypto: nodeHopCrypto,
  verify: verifyEd25519,
  tokenKey,
  cookieKey: randomBytes(32),
});
const service = new RelayService(
  relay,
  relayPort,
  () => false,
  () => undefined,
);

async function enter(number: number): Promise<Player> {
  const claim = { room: 'attic', player: `player ${number}`, expiresAtUs: Math.ceil(localNowUs()) + 600e6 };
  const token = issueJoinToken(tokenKey, claim);
  const parts = token.ok ? splitToken(token.value) : token;
  if (!token.ok || !parts.ok) throw new Error('no token');
  const joinIdBytes = randomBytes(16);
  const session = PeerSession.open({
    crypto: nodeSealCrypto,
    joinToken: token.value,
    roomKey: new Uint8Array(32).fill(9),
    packetFrames: 64,
    redundancyOffsets: [],
    startWhenPlayers: PLAYERS,
    joinIdBytes,
    epoch: number,
    consent: 0,
  });
  if (!session.ok) throw new Error(session.message);
  const port = await openUdpPort({ host: '127.0.0.1', port: 0, remote: relayPort });
  const key = hopKey(nodeSealCrypto, parts.value.secret, toHex(joinIdBytes));
  return { port, session: session.value, hopKey: key, signed: [] };
}

/** `count` packets with the numbers from `first` on, as long as the first, which is a real one. */
function sign(player: Player, template: Uint8Array, first: number, count: number): void {
  player.signed = Array.from({ length: count }, (_, i) => {
    const packet = template.slice();
    new DataView(packet.buffer).setUint32(SEQUENCE_LOW_AT, first + i);
    signHop(nodeSealCrypto, player.hopKey, packet, packet.length - HEADER_BYTES - HOP_TAG_BYTES);
    return packet;
  });
}

const players: Player[] = [];
for (let number = 0; number < PLAYERS; number++) players.push(await enter(number));
const ports = [relayPort, ...players.map((player) => player.port)];

function join(nowUs: number): boolean {
  for (const { session, port } of players) {
    session.tick(nowUs);
    for (let next = session.outgoing.shift(); next !== undefined; next = session.outgoing.shift())
      port.send(next.bytes, '');
  }
  return players.every((player) => player.session.startAtUs > 0);
}

await runPorts(ports, {
  datagram: (nowUs, bytes, from, port) => {
    if (port === relayPort) service.datagram(nowUs, bytes, from, port);
    else players.find((player) => player.port === port)?.session.datagram(nowUs, bytes);
  },
  wake: (nowUs) => (join(nowUs) ? STOP : Math.min(nowUs + 5_000, service.wake(nowUs))),
});

let heard = 0;
const forwardedBefore = relay.counters.forwarded;

/** Sends what is signed, one packet of each player at a time, and lets the relay carry it. */
async function play(count: number): Promise<void> {
  let next = 0;
  const { received } = relay.counters;
  const isUnderWay = (): boolean =>
    relay.counters.received < received + next * PLAYERS || heard < relay.counters.forwarded - forwardedBefore;
  await runPorts(ports, {
    datagram: (nowUs, bytes, from, port) => {
      if (port === relayPort) service.datagram(nowUs, bytes, from, port);
      else if (bytes[TYPE_AT] === PACKET_TYPE.audio) heard++;
    },
    wake: (nowUs) => {
      if (isUnderWay()) return nowUs + 1_000;
      if (next === count) return STOP;
      for (let i = 0; i < PLAYERS; i++) {
        const packet = players[i]?.signed[next];
        if (packet !== undefined) players[i]?.port.send(packet, '');
      }
      next++;
      return nowUs;
    },
  });
}

function signAll(first: number, count: number): void {
  for (const player of players) {
    player.session.sendAudio(localNowUs(), new Int16Array(64), 0);
    const template = player.session.outgoing.shift()?.bytes;
    if (template !== undefined) sign(player, template, first, count);
  }
}

const rounds = packets / PLAYERS;
signAll(1, WARM / PLAYERS);
await play(WARM / PLAYERS);
signAll(1 + WARM / PLAYERS, rounds);
// What the preparation left behind must not be collected while the heap is watched.
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
await play(rounds);
const grownBytes = process.memoryUsage().heapUsed - before;
for (const port of ports) port.close();
const forwarded = relay.counters.forwarded - forwardedBefore;
const { stale, replayed, forged, rateLimited } = relay.counters;
process.stdout.write(
  `${JSON.stringify({ kind: relayPort.kind, packets, grownBytes, heard, forwarded, stale, replayed, forged, rateLimited })}\n`,
);
