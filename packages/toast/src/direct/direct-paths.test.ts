import { expect, test } from 'vitest';
import type { PeerSession } from '../peer/peer-session.ts';
import { testIdentity } from '../testing/node-identity.ts';
import { SmallRoom } from '../testing/small-room.ts';
import { ASKS_MAX } from './direct-limits.ts';

type Changes = Parameters<SmallRoom['add']>[1];

/** Players who all want direct paths, and have had a second to find them. */
function roomOf(names: readonly string[], changes: () => Changes = () => ({})): SmallRoom {
  const room = new SmallRoom();
  for (const name of names) room.add(name, { startWhenPlayers: names.length, ...changes() });
  for (const peer of room.peers.values()) peer.offerDirect(room.nowUs, []);
  room.run(1_500_000);
  return room;
}

function peerAt(room: SmallRoom, address: string): PeerSession {
  const peer = room.peers.get(address);
  if (peer === undefined) throw new Error(`nobody at ${address}`);
  return peer;
}

/** Everybody plays `packets` packets, 64 frames each. */
function play(room: SmallRoom, packets: number): void {
  for (let i = 0; i < packets; i++) {
    room.nowUs += 1333;
    for (const peer of room.peers.values()) {
      peer.tick(room.nowUs);
      peer.sendAudio(room.nowUs, new Int16Array(64).fill(7), 0);
    }
    room.settle();
    for (const peer of room.peers.values())
      for (const stream of peer.streams) while (stream.fresh.shift() !== undefined);
  }
}

function wayBetween(room: SmallRoom, from: string, player: string) {
  const peer = peerAt(room, from);
  const remote = peer.players.find((each) => each.member.player === player);
  return peer.wayTo(room.nowUs, remote?.member.joinId ?? '');
}

function audioSent(room: SmallRoom): { readonly from: string; readonly to: string }[] {
  return room.sent.filter((each) => each.bytes[5] === 1);
}

test.each([
  ['keys of two', () => ({ identity: testIdentity() })],
  ['the room key', () => ({})],
] as const)(
  'two who want it play straight to each other, once per packet, and the relay carries no sound (%s)',
  (_, changes) => {
    const room = roomOf(['ada', 'ben'], changes);
    room.sent.length = 0;
    play(room, 100);
    expect(wayBetween(room, '10.0.0.1:5', 'ben')).toMatchObject({ path: 'direct', fallbacks: 0 });
    expect(audioSent(room).map((each) => `${each.from}>${each.to}`)).toEqual(
      Array.from({ length: 100 }, () => ['10.0.0.1:5>10.0.0.2:5', '10.0.0.2:5>10.0.0.1:5']).flat(),
    );
    for (const peer of room.peers.values()) {
      for (let packet = 0; packet < 100; packet++) expect(peer.streams[0]?.samplesOf(packet)).not.toBeNull();
      expect(peer.counters).toMatchObject({
        forged: 0,
        malformed: 0,
        replayed: 0,
        strangers: 0,
        probesForged: 0,
      });
    }
  },
);

test('who does not want it is not shown, and gets sound over the relay, which leaves out those who have it', () => {
  const room = new SmallRoom();
  for (const name of ['ada', 'ben', 'cyd']) room.add(name, { startWhenPlayers: 3 });
  for (const address of ['10.0.0.1:5', '10.0.0.2:5']) peerAt(room, address).offerDirect(room.nowUs, []);
  room.run(1_500_000);
  room.sent.length = 0;
  const before = room.relay.counters.forwarded;
  play(room, 50);
  expect(wayBetween(room, '10.0.0.1:5', 'ben').path).toBe('direct');
  expect(wayBetween(room, '10.0.0.1:5', 'cyd')).toMatchObject({ path: 'relay', directTripUs: null });
  const ada = audioSent(room).filter((each) => each.from === '10.0.0.1:5');
  expect(ada.filter((each) => each.to === '10.0.0.2:5').length).toBe(50);
  expect(ada.filter((each) => each.to === '').length).toBe(50);
  expect(ada.some((each) => each.to === '10.0.0.3:5')).toBe(false);
  // Ada and Ben to Cyd once each, Cyd to both.
  expect(room.relay.counters.forwarded - before).toBe(50 * 4);
  for (const peer of room.peers.values()) {
    expect(peer.streams.length).toBe(2);
    for (const stream of peer.streams)
      for (let packet = 0; packet < 50; packet++) expect(stream.samplesOf(packet)).not.toBeNull();
    expect(peer.counters.replayed).toBe(0);
  }
});

test('what a member says of seats is minded only while it knows the room as it is: rather once too often than not at all', () => {
  const room = new SmallRoom();
  for (const name of ['ada', 'ben', 'cyd']) room.add(name, { startWhenPlayers: 3 });
  for (const address of ['10.0.0.1:5', '10.0.0.2:5']) peerAt(room, address).offerDirect(room.nowUs, []);
  room.run(1_500_000);
  const ada = peerAt(room, '10.0.0.1:5');
  const passedOn = (): number => {
    const before = room.relay.counters.forwarded;
    ada.sendAudio(room.nowUs, new Int16Array(64), 0);
    room.settle();
    return room.relay.counters.forwarded - before;
  };
  expect(passedOn()).toBe(1);
  room.filter = (to) => to !== '10.0.0.1:5';
  room.add('dan');
  room.run(50_000);
  expect(passedOn()).toBe(3);
  room.filter = () => true;
  room.run(300_000);
  expect(passedOn()).toBe(2);
});

test('a path that goes silent is left within its limit, and found again when it is open again', () => {
  const room = roomOf(['ada', 'ben']);
  play(room, 20);
  room.isOpen = () => false;
  play(room, 200);
  expect(wayBetween(room, '10.0.0.1:5', 'ben')).toMatchObject({ path: 'relay', fallbacks: 1 });
  const heard = peerAt(room, '10.0.0.2:5').streams[0];
  // 150 ms are 113 packets.
  const missing = Array.from({ length: 220 }, (_, packet) => heard?.samplesOf(packet) ?? null).map(
    (samples) => samples === null,
  );
  expect(missing.lastIndexOf(true)).toBeLessThan(20 + 116);
  room.isOpen = () => true;
  play(room, 750);
  expect(wayBetween(room, '10.0.0.1:5', 'ben').path).toBe('direct');
});

test('a path that is open one way only is not taken', () => {
  const room = new SmallRoom();
  for (const name of ['ada', 'ben']) room.add(name);
  room.isOpen = (from) => from === '10.0.0.1:5';
  for (const peer of room.peers.values()) peer.offerDirect(room.nowUs, []);
  room.run(2_000_000);
  play(room, 20);
  expect(wayBetween(room, '10.0.0.1:5', 'ben').path).toBe('relay');
  expect(wayBetween(room, '10.0.0.2:5', 'ada').path).toBe('relay');
  expect(peerAt(room, '10.0.0.2:5').streams[0]?.samplesOf(19)).not.toBeNull();
});

test('a relay that does not answer who else wants direct paths is asked so often and no more', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  room.add('ben');
  room.run(1_500_000);
  room.sent.length = 0;
  // Its clock goes on; what it says of the room does not arrive.
  room.filter = (to, bytes) => to !== '10.0.0.1:5' || bytes[5] !== 4;
  ada.offerDirect(room.nowUs, []);
  room.run(5_000_000);
  expect(room.sent.filter((each) => each.from === '10.0.0.1:5' && each.bytes[5] === 4)).toHaveLength(
    ASKS_MAX,
  );
  expect(ada.phase).toBe('seated');
});
