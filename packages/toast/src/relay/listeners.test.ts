import { expect, test } from 'vitest';
import { splitToken } from '../crypto/join-token.ts';
import { hopKey, signHop } from '../crypto/toast-crypto.ts';
import { LISTENERS_PER_ROOM_MAX, MEMBERS_PER_ROOM_MAX, PLAYERS_PER_ROOM_MAX } from '../limits.ts';
import type { PeerSession } from '../peer/peer-session.ts';
import { testCrypto } from '../testing/node-crypto.ts';
import { testIdentity } from '../testing/node-identity.ts';
import { SmallRoom, tokenFor } from '../testing/small-room.ts';
import { decodeHeader, PACKET_TYPE } from '../wire/header.ts';

const LISTENS = { listens: true, startWhenPlayers: 1 };
/** Where the header has the type, the seat and the low half of the sequence (SPEC.md §2). */
const TYPE_AT = 5;
const STREAM_AT = 6;
const SEQUENCE_LOW_AT = 16;

function refusalsOf(peer: PeerSession): string[] {
  const codes: string[] = [];
  for (let event = peer.events.shift(); event !== undefined; event = peer.events.shift())
    if (event.kind === 'refused') codes.push(event.code);
  return codes;
}

/** Every seat is taken, the listeners' first. */
function fullRoom() {
  const room = new SmallRoom();
  const add = (count: number, name: string, changes: Parameters<SmallRoom['add']>[1]): PeerSession[] =>
    Array.from({ length: count }, (_, i) => room.add(`${name} ${i}`, changes));
  const listeners = add(LISTENERS_PER_ROOM_MAX, 'listener', LISTENS);
  room.run(20_000);
  const players = add(PLAYERS_PER_ROOM_MAX, 'player', { startWhenPlayers: PLAYERS_PER_ROOM_MAX });
  room.run(1_000_000);
  return { room, players, listeners };
}

function say(room: SmallRoom, peer: PeerSession, level: number): void {
  peer.sendAudio(room.nowUs, new Int16Array(64).fill(level), 0);
  room.settle();
}

/** What everybody hears in packet 0 of those who sent something. */
function heardBy(peer: PeerSession): (number | undefined)[] {
  return peer.streams.map((stream) => stream.samplesOf(0)?.[0]).filter((level) => level !== undefined);
}

test('sixteen play and fourteen listen in one room, everybody hears every player, and the next of each kind is refused', () => {
  const { room, players, listeners } = fullRoom();
  expect(room.relay.players).toBe(MEMBERS_PER_ROOM_MAX);
  players.forEach((player, i) => {
    say(room, player, 100 + i);
  });
  for (const peer of [...players, ...listeners]) {
    expect(peer.streams).toHaveLength(MEMBERS_PER_ROOM_MAX - 1);
    const others = players.filter((player) => player !== peer).map((player) => 100 + players.indexOf(player));
    expect(heardBy(peer)).toEqual(others);
    expect(peer.counters).toMatchObject({ malformed: 0, forged: 0 });
  }
  const late = [room.add('late player'), room.add('late listener', LISTENS)];
  room.run(60_000);
  expect(late.map(refusalsOf)).toEqual([['room-full'], ['room-full']]);
  expect(room.relay.players).toBe(MEMBERS_PER_ROOM_MAX);
});

test('what a player sends goes to the players first, whoever came first', () => {
  const { room, players } = fullRoom();
  const order: string[] = [];
  room.filter = (to, bytes) => {
    if (bytes[TYPE_AT] === PACKET_TYPE.audio) order.push(to);
    return true;
  };
  say(room, players[3] as PeerSession, 7);
  const seatsOf = order.map((address) => Number(address.split('.')[3]?.split(':')[0]));
  expect(seatsOf).toHaveLength(MEMBERS_PER_ROOM_MAX - 1);
  // Those who listen came first and have the lower addresses.
  expect(seatsOf.findIndex((number) => number <= LISTENERS_PER_ROOM_MAX)).toBe(PLAYERS_PER_ROOM_MAX - 1);
});

test('who only listens sends neither sound nor notes; where it tries nevertheless, the relay passes nothing on', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  const ben = room.add('ben');
  const ear = room.add('ear', LISTENS);
  room.run(1_500_000);
  say(room, ear, 5);
  expect(ear.packetsSent).toBe(0);
  expect(ear.sendMidi(room.nowUs, Uint8Array.of(0x90, 60, 99))).toMatchObject({ code: 'not-playing' });
  say(room, ada, 6);
  const token = splitToken(tokenFor('ear'));
  const sound = room.sent.findLast((each) => each.bytes[TYPE_AT] === PACKET_TYPE.audio)?.bytes;
  const seat = ben.players.find((player) => player.member.player === 'ear')?.member;
  if (!token.ok || sound === undefined || seat === undefined) throw new Error('nothing to forge from');
  expect(seat.seat).toBe(PLAYERS_PER_ROOM_MAX);
  const { forwarded } = room.relay.counters;
  [PACKET_TYPE.audio, PACKET_TYPE.midi].forEach((type, i) => {
    const datagram = sound.slice();
    datagram[TYPE_AT] = type;
    datagram[STREAM_AT] = seat.seat;
    new DataView(datagram.buffer).setUint32(8, seat.epoch);
    new DataView(datagram.buffer).setUint32(SEQUENCE_LOW_AT, 1000 + i);
    const header = decodeHeader(datagram);
    if (!header.ok) throw new Error(header.message);
    signHop(
      testCrypto,
      hopKey(testCrypto, token.value.secret, seat.joinId),
      datagram,
      header.value.bodyBytes,
    );
    room.relay.datagram(room.nowUs, '10.0.0.3:5', datagram);
  });
  expect(room.relay.counters).toMatchObject({ fromListeners: 2, forwarded, forged: 0 });
});

test('listeners report on players, nobody reports on listeners, and all understand every report', () => {
  const room = new SmallRoom();
  const [ada, ben, ear] = [room.add('ada'), room.add('ben'), room.add('ear', LISTENS)];
  room.run(1_500_000);
  for (let i = 0; i < 400; i++) {
    room.nowUs += 1333;
    say(room, ada, 9);
    for (const peer of room.peers.values()) peer.tick(room.nowUs);
    room.settle();
  }
  const links = ada.report().links.map((link) => `${link.from}>${link.to}`);
  expect(links.sort()).toEqual(['ada>ben', 'ada>ear', 'ben>ada', 'ben>ear']);
  for (const peer of [ada, ben, ear]) expect(peer.counters.malformed).toBe(0);
});

test('a listener who comes again to play has a player’s seat, and keeps the one it has where no such seat is left', () => {
  const { room, players, listeners } = fullRoom();
  const identity = testIdentity();
  listeners[0]?.leave(room.nowUs);
  room.run(60_000);
  room.add('cyd', { ...LISTENS, identity }, '10.0.1.1:5');
  room.run(60_000);
  const again = { identity, epoch: 77, joinIdBytes: new Uint8Array(16).fill(77) };
  const refused = room.add('cyd', again, '10.0.1.2:5');
  room.run(60_000);
  expect(refusalsOf(refused)).toEqual(['room-full']);
  expect(room.peers.get('10.0.1.1:5')?.phase).toBe('seated');
  players[4]?.leave(room.nowUs);
  room.run(60_000);
  const plays = room.add(
    'cyd',
    { ...again, epoch: 78, joinIdBytes: new Uint8Array(16).fill(78) },
    '10.0.1.3:5',
  );
  room.run(60_000);
  expect([plays.phase, room.peers.get('10.0.1.1:5')?.phase]).toEqual(['seated', 'refused']);
  const seen = players[0]?.players.find((each) => each.member.player === 'cyd' && each.receiver.isPresent);
  expect(seen?.member.seat).toBe(4);
});

test('who only listens learns no addresses and shows none', () => {
  const room = new SmallRoom();
  const [ada, ear] = [room.add('ada'), room.add('ear', LISTENS)];
  room.add('ben');
  for (const peer of [ada, ear]) peer.offerDirect(room.nowUs, ['192.168.0.7:9']);
  room.run(3_000_000);
  expect(room.sent.filter((each) => each.bytes[TYPE_AT] === PACKET_TYPE.probe)).toEqual([]);
});

test('who only listens does not count among the players that others wait for', () => {
  const room = new SmallRoom();
  const ada = room.add('ada', { startWhenPlayers: 2 });
  room.add('audience', { startWhenPlayers: 1, listens: true });
  room.run(2_000_000);
  expect(ada.startAtUs).toBe(0);
  room.add('ben', { startWhenPlayers: 2 });
  room.run(1_000_000);
  expect(ada.startAtUs).toBeGreaterThan(0);
});
