import { expect, test } from 'vitest';
import { SmallRoom, tokenFor } from '../testing/small-room.ts';
import { TokenBucket } from '../token-bucket.ts';
import { encodeControl } from '../wire/control-message.ts';
import { encodeHeader, HEADER_BYTES, HOP_TAG_BYTES, PACKET_TYPE, STREAM_NONE } from '../wire/header.ts';
import { SOURCES_MAX } from './door.ts';
import { SourceLimit } from './source-limit.ts';

function eventsOf(peer: ReturnType<SmallRoom['add']>): string[] {
  const kinds: string[] = [];
  for (let event = peer.events.shift(); event !== undefined; event = peer.events.shift()) {
    kinds.push(event.kind === 'refused' ? `refused ${event.code}` : event.kind);
  }
  return kinds;
}

function pairPlaying(): {
  room: SmallRoom;
  ada: ReturnType<SmallRoom['add']>;
  ben: ReturnType<SmallRoom['add']>;
} {
  const room = new SmallRoom();
  const ada = room.add('ada');
  const ben = room.add('ben');
  room.run(400_000);
  return { room, ada, ben };
}

test('a room starts once, in the future, at the same room time for all, when enough players are ready', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  room.run(1_000_000);
  expect(ada.startAtUs).toBe(0);
  const ben = room.add('ben');
  room.run(300_000);
  expect(ada.startAtUs).toBeGreaterThan(room.nowUs);
  expect(ben.startAtUs).toBe(ada.startAtUs);
  expect(eventsOf(ada)).toEqual(['seated', 'stream', 'start']);
});

test('newcomers at a relay that has just restarted start no second timeline: who played before comes back in time', () => {
  const { room, ada } = pairPlaying();
  const started = ada.startAtUs;
  room.peers.delete('10.0.0.2:5');
  room.restartRelay();
  const again = { epoch: 50, joinIdBytes: new Uint8Array(16).fill(50) };
  const ben = room.add('ben', again, '10.0.0.8:5');
  const cyd = room.add('cyd', {}, '10.0.0.9:5');
  room.run(400_000);
  expect([ben.phase, cyd.phase, ben.startAtUs]).toEqual(['seated', 'seated', 0]);
  room.run(600_000);
  for (const peer of [ada, ben, cyd]) expect(peer.startAtUs).toBe(started);
});

test('audio reaches the others and nobody else, unopened', () => {
  const { room, ada, ben } = pairPlaying();
  const pcm = Int16Array.from({ length: 64 }, (_, i) => i * 100 - 3000);
  ada.sendAudio(room.nowUs, pcm, 0);
  room.settle();
  expect(ben.streams[0]?.samplesOf(0)).toEqual(pcm);
  expect(ada.streams[0]?.samplesOf(0)).toBeNull();
  expect(room.relay.counters.forwarded).toBe(1);
});

test('a copied datagram is refused by the relay as a replay, from its own address and from another', () => {
  const { room, ada } = pairPlaying();
  ada.sendAudio(room.nowUs, new Int16Array(64), 0);
  room.settle();
  const copy = room.sent.at(-1);
  if (copy === undefined) throw new Error('nothing sent');
  room.relay.datagram(room.nowUs, copy.from, copy.bytes);
  expect(room.relay.counters.replayed).toBe(1);
  room.relay.datagram(room.nowUs, '10.9.9.9:5', copy.bytes);
  expect(room.relay.counters.unknownSource).toBe(1);
  expect(room.relay.counters.forwarded).toBe(1);
});

test('a member cannot send in the name of another: every changed byte is counted as forged', () => {
  const { room, ada, ben } = pairPlaying();
  ada.sendAudio(room.nowUs, new Int16Array(64), 0);
  const honest = ada.outgoing.shift()?.bytes;
  if (honest === undefined) throw new Error('nothing sent');
  for (const at of [14, 19, 22, 40, honest.length - 1]) {
    const forged = honest.slice();
    forged[at] = (forged[at] ?? 0) ^ 1;
    room.relay.datagram(room.nowUs, '10.0.0.1:5', forged);
    ben.datagram(room.nowUs, at < honest.length - HOP_TAG_BYTES ? forged : new Uint8Array(0));
  }
  expect(room.relay.counters.forged).toBe(5);
  expect(ben.counters).toMatchObject({ forged: 4, malformed: 1 });
  expect(ben.streams[0]?.samplesOf(0)).toBeNull();
});

test.each([
  [
    'token of another studio',
    { joinToken: `${tokenFor('ada').split('.')[0]}.${'0'.repeat(64)}.${'0'.repeat(64)}` },
  ],
  ['expired token', { joinToken: tokenFor('ada', 'attic', 1_600_000_000_000_000) }],
  ['secret that does not fit', { joinToken: tokenFor('ada').replace(/[^.]+$/, '5'.repeat(64)) }],
])('a stranger with a %s gets no answer and no seat', (_, changes) => {
  const room = new SmallRoom();
  const ada = room.add('ada', changes);
  room.run(1_000_000);
  expect(ada.phase).toBe('joining');
  expect(room.relay.players).toBe(0);
  expect(room.relay.outgoing.length).toBe(0);
  expect(room.relay.counters.refused + room.relay.counters.forged).toBeGreaterThan(3);
  room.run(10_000_000);
  expect(eventsOf(ada)).toEqual(['silent', 'refused relay-unreachable']);
});

test('a room holds sixteen players and refuses the next', () => {
  const room = new SmallRoom();
  for (let i = 0; i < 16; i++) room.add(`player ${i}`);
  room.run(100_000);
  expect(room.relay.players).toBe(16);
  const late = room.add('one too many');
  room.run(100_000);
  expect(eventsOf(late)).toEqual(['refused room-full']);
  expect([...room.peers.values()].slice(0, 16).every((peer) => peer.streams.length === 15)).toBe(true);
});

test('the answer to a stranger is never longer than the question', () => {
  const room = new SmallRoom();
  room.add('ada').tick(room.nowUs);
  const join = room.peers.get('10.0.0.1:5')?.outgoing.shift()?.bytes;
  if (join === undefined) throw new Error('no join');
  room.relay.datagram(room.nowUs, '10.0.0.1:5', join);
  const answer = room.relay.outgoing.shift();
  expect(room.relay.outgoing.length).toBe(0);
  expect(answer?.bytes.length).toBeLessThan(join.length);
  room.relay.datagram(room.nowUs, '10.7.7.7:5', join);
  expect(room.relay.players).toBe(0);
});

test.each([
  ['host', (i: number) => `10.6.6.6:${i}`],
  ['network of IPv6', (i: number) => `2001:db8:6:6:${(i % 4999).toString(16)}::6:${i}`],
])('a flood of joins from one %s is cut off and does not keep others out', (_, source) => {
  const room = new SmallRoom();
  const body = encodeControl({ t: 'leave' });
  const junk = new Uint8Array(HEADER_BYTES + body.length + HOP_TAG_BYTES);
  encodeHeader(junk, {
    type: PACKET_TYPE.control,
    stream: STREAM_NONE,
    flags: 0,
    epoch: 1,
    sequence: 0,
    sampleTime: 0,
    bodyBytes: body.length,
    generation: 0,
  });
  junk.set(body, HEADER_BYTES);
  for (let i = 0; i < 5000; i++) room.relay.datagram(room.nowUs, source(i), junk);
  expect(room.relay.counters.rateLimited).toBeGreaterThan(4500);
  const ada = room.add('ada');
  room.run(50_000);
  expect(ada.phase).toBe('seated');
});

test('a silent member leaves, and the room tells the others', () => {
  const { room, ben } = pairPlaying();
  room.peers.delete('10.0.0.1:5');
  room.run(6_000_000);
  expect(room.relay.counters.timedOut).toBe(1);
  expect(ben.streams[0]?.isPresent).toBe(false);
});

test('where a stream ended reaches the others even when its player has gone', () => {
  const { room, ada, ben } = pairPlaying();
  for (let i = 0; i < 3; i++) ada.sendAudio(room.nowUs, new Int16Array(64), 0);
  ada.finish(room.nowUs);
  room.run(200_000);
  expect(ada.isFinishKnown).toBe(true);
  ada.leave(room.nowUs);
  room.run(200_000);
  expect(ada.phase).toBe('left');
  expect(ben.streams[0]).toMatchObject({ isPresent: false, member: { player: 'ada', packets: 3 } });
});

test('a bucket refills with time, and the table of sources keeps its bound', () => {
  const bucket = new TokenBucket(10, 2);
  expect([0, 0, 0, 50_000, 100_000].map((us) => bucket.take(us))).toEqual([true, true, false, false, true]);
  const bytes = new TokenBucket(1_000, 500);
  // What is too much takes nothing with it.
  expect([400, 200, 100, 1].map((size) => bytes.take(0, size))).toEqual([true, false, true, false]);
  const limit = new SourceLimit(1, 1, SOURCES_MAX);
  for (let i = 0; i < SOURCES_MAX + 10; i++) limit.take(`host ${i}`, 0);
  expect(limit.sources).toBe(SOURCES_MAX);
  expect(limit.take(`host ${SOURCES_MAX + 9}`, 0)).toBe(false);
});

test('a peer whose relay is gone for ten seconds says so and stops asking', () => {
  const { room, ada } = pairPlaying();
  eventsOf(ada);
  for (let us = 0; us < 11_000_000; us += 50_000) {
    ada.tick(room.nowUs + us);
    while (ada.outgoing.shift() !== undefined);
  }
  expect(eventsOf(ada)).toEqual(['silent', 'lost']);
  expect(ada.phase).toBe('left');
  expect(ada.counters.rejoined).toBe(1);
});

test('a player who comes back under the same name and a new join takes the old seat, and is heard anew', () => {
  const { room, ben } = pairPlaying();
  room.peers.delete('10.0.0.1:5');
  const again = room.add('ada', { epoch: 77, joinIdBytes: new Uint8Array(16).fill(0x77) }, '10.0.0.9:5');
  room.run(700_000);
  expect(room.relay.players).toBe(2);
  again.sendAudio(room.nowUs, new Int16Array(64).fill(9), 64 * 500);
  room.settle();
  expect(ben.streams.map((stream) => [stream.isPresent, stream.baseIndex])).toEqual([
    [false, 0],
    [true, 500],
  ]);
  expect(ben.streams[1]?.samplesOf(0)?.[0]).toBe(9);
});

test('a player who moves to the address of another takes that one out of the room, and no seat is left behind', () => {
  const { room, ada } = pairPlaying();
  // The router gave ada the address that it had given ben, who is no longer there.
  room.peers.delete('10.0.0.1:5');
  room.peers.set('10.0.0.2:5', ada);
  room.run(1_500_000);
  expect([ada.phase, room.relay.players]).toEqual(['seated', 1]);
  expect(ada.streams[0]?.isPresent).toBe(false);
  ada.leave(room.nowUs);
  room.run(200_000);
  expect([room.relay.players, room.relay.rooms]).toEqual([0, 0]);
});
