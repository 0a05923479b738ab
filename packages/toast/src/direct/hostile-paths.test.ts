import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PeerSession } from '../peer/peer-session.ts';
import { INTRODUCE_EVERY_US } from '../relay/rendezvous.ts';
import { testIdentity } from '../testing/node-identity.ts';
import { SmallRoom } from '../testing/small-room.ts';
import { decodeHeader } from '../wire/header.ts';
import { isHostPort, isLoopback } from '../wire/host-port.ts';
import {
  CANDIDATES_MAX,
  PATHS_USED_MAX,
  PROBES_KNOWN,
  PROBES_SENT,
  PROBES_UNKNOWN,
} from './direct-limits.ts';

const [ADA, BEN, CYD] = ['10.0.0.1:5', '10.0.0.2:5', '10.0.0.3:5'];
const STRANGER = '10.6.6.6:6';

function roomOf(names: readonly string[], offers: readonly string[] = []): SmallRoom {
  const room = new SmallRoom();
  for (const name of names) room.add(name, { startWhenPlayers: names.length, identity: testIdentity() });
  for (const peer of room.peers.values()) peer.offerDirect(room.nowUs, offers);
  room.run(1_500_000);
  return room;
}

function peerAt(room: SmallRoom, address: string): PeerSession {
  const peer = room.peers.get(address);
  if (peer === undefined) throw new Error(`nobody at ${address}`);
  return peer;
}

/** Everybody plays; `meanwhile` comes before each packet. Answers how many packets of ada ben missed. */
function missedBy(room: SmallRoom, packets: number, meanwhile: () => void = () => undefined): number {
  const from = peerAt(room, ADA).packetsSent;
  let missed = 0;
  for (let i = 0; i < packets; i++) {
    room.nowUs += 1333;
    meanwhile();
    for (const peer of room.peers.values()) {
      peer.tick(room.nowUs);
      peer.sendAudio(room.nowUs, new Int16Array(64).fill(7), 0);
    }
    room.settle();
    for (const stream of peerAt(room, BEN).streams) while (stream.fresh.shift() !== undefined);
    if (peerAt(room, BEN).streams[0]?.samplesOf(from + i) == null) missed++;
  }
  return missed;
}

function probesOf(room: SmallRoom, from: string): Uint8Array[] {
  return room.sent.filter((each) => each.from === from && each.bytes[5] === 6).map((each) => each.bytes);
}

test('forged probes are counted and change nothing: each byte of an honest one turned over, from wherever', () => {
  const room = roomOf(['ada', 'ben']);
  const ben = peerAt(room, BEN);
  const honest = probesOf(room, ADA).at(-1) ?? new Uint8Array();
  expect(honest.length).toBe(72);
  room.sent.length = 0;
  // Epoch and version are judged before the tag is.
  const places = [12, 20, 29, 31, 32, 36, 44, 52, 60, 64, 71].filter((at) => at !== 29);
  for (const at of places) {
    const forged = honest.slice();
    forged[at] = (forged[at] ?? 0) ^ 1;
    ben.datagram(room.nowUs, forged, STRANGER);
    room.settle();
  }
  expect(ben.counters.probesForged + ben.counters.malformed).toBe(places.length);
  expect(room.sent.some((each) => each.to === STRANGER)).toBe(false);
  expect(missedBy(room, 50)).toBe(0);
});

test('a probe that is played again from elsewhere is refused, and brings nobody a datagram', () => {
  const room = roomOf(['ada', 'ben']);
  const ben = peerAt(room, BEN);
  const honest = probesOf(room, ADA).slice(-20);
  room.sent.length = 0;
  for (const probe of honest) ben.datagram(room.nowUs, probe, STRANGER);
  expect(ben.counters.probesReplayed).toBe(honest.length);
  expect(missedBy(room, 100)).toBe(0);
  expect(room.sent.some((each) => each.to === STRANGER)).toBe(false);
});

test('a flood of probes is cut off before a tag is looked at, and the sound goes on straight', () => {
  const room = roomOf(['ada', 'ben']);
  const ben = peerAt(room, BEN);
  const forged = (probesOf(room, ADA).at(-1) ?? new Uint8Array()).slice();
  forged[71] = (forged[71] ?? 0) ^ 1;
  let sent = 0;
  const flood = (): void => {
    for (let i = 0; i < 50; i++) ben.datagram(room.nowUs, forged, `10.6.${i}.${sent++ % 250}:6`);
  };
  expect(missedBy(room, 200, flood)).toBe(0);
  // 267 ms long.
  expect(ben.counters.probesForged).toBeLessThan(PROBES_UNKNOWN.burst + PROBES_UNKNOWN.perSecond);
  expect(ben.counters.probesForged + ben.counters.probesFlooded).toBe(10_000);
  expect(ben.wayTo(room.nowUs, ben.players[0]?.member.joinId ?? '').path).toBe('direct');
});

test('a flood from all the addresses that one member proved has the allowance of that member, not of each address', () => {
  const room = roomOf(['ada', 'ben', 'cyd']);
  const ben = peerAt(room, BEN);
  const ada = peerAt(room, ADA);
  const sources = ['10.7.7.1:5', '10.7.7.2:5', '10.7.7.3:5'];
  for (const source of sources) {
    room.nowUs += 60_000;
    ada.tick(room.nowUs);
    for (let next = ada.outgoing.shift(); next !== undefined; next = ada.outgoing.shift())
      if (next.to === BEN) ben.datagram(room.nowUs, next.bytes, source);
  }
  const forged = (probesOf(room, ADA).at(-1) ?? new Uint8Array()).slice();
  forged[71] = (forged[71] ?? 0) ^ 1;
  const before = ben.counters.probesForged;
  for (let i = 0; i < 1_000; i++) ben.datagram(room.nowUs, forged, [ADA, ...sources][i % 4] ?? ADA);
  const looked = ben.counters.probesForged - before;
  expect(looked).toBeGreaterThan(0);
  expect(looked).toBeLessThanOrEqual(PROBES_KNOWN.burst);
  // Nobody else pays for it.
  for (let i = 0; i < 10; i++) ben.datagram(room.nowUs, forged, CYD);
  for (let i = 0; i < 10; i++) ben.datagram(room.nowUs, forged, STRANGER);
  expect(ben.counters.probesForged - before - looked).toBe(20);
});

test('sound from an unproved address, or without the bytes of its path, is dropped before it is opened', () => {
  const room = roomOf(['ada', 'ben']);
  const ben = peerAt(room, BEN);
  const ada = peerAt(room, ADA);
  ada.sendAudio(room.nowUs, new Int16Array(64).fill(5), 0);
  const honest = ada.outgoing.shift();
  if (honest === undefined) throw new Error('nothing sent');
  expect(honest.to).toBe(BEN);
  ben.datagram(room.nowUs, honest.bytes, STRANGER);
  const untagged = honest.bytes.slice();
  untagged[untagged.length - 1] = (untagged.at(-1) ?? 0) ^ 1;
  ben.datagram(room.nowUs, untagged, ADA);
  expect(ben.counters).toMatchObject({ strangers: 2, forged: 0 });
  const changed = honest.bytes.slice();
  changed[50] = (changed[50] ?? 0) ^ 1;
  ben.datagram(room.nowUs, changed, ADA);
  expect(ben.counters).toMatchObject({ strangers: 2, forged: 1 });
  ben.datagram(room.nowUs, honest.bytes, ADA);
  ben.datagram(room.nowUs, honest.bytes, ADA);
  expect(ben.counters).toMatchObject({ forged: 1, replayed: 1 });
  expect(ben.streams[0]?.samplesOf(0)?.[0]).toBe(5);
});

test("a member that puts another's address on its probes neither takes that one's place nor has its sound sent there", () => {
  const room = roomOf(['ada', 'ben', 'cyd']);
  const ben = peerAt(room, BEN);
  const cyd = peerAt(room, CYD);
  const pretend = (): void => {
    cyd.tick(room.nowUs);
    // All that Cyd sends straight to Ben arrives as from Ada.
    for (let next = cyd.outgoing.shift(); next !== undefined; next = cyd.outgoing.shift()) {
      if (next.to === BEN) ben.datagram(room.nowUs, next.bytes, ADA);
      else if (next.to === ADA) peerAt(room, ADA).datagram(room.nowUs, next.bytes, CYD);
      else room.relay.datagram(room.nowUs, CYD, next.bytes);
    }
  };
  const before = ben.counters.strangers;
  expect(missedBy(room, 300, pretend)).toBe(0);
  expect(ben.counters.strangers).toBeGreaterThan(before);
});

test("a member that offers another's address brings that one a bounded number of probes and no sound", () => {
  const victim = '192.0.2.66:53';
  const room = roomOf(['ada', 'ben'], [victim]);
  missedBy(room, 3_000);
  const there = room.sent.filter((each) => each.to === victim);
  expect(there.length).toBeGreaterThan(0);
  // A path that works is kept, and nothing else is tried any more.
  expect(there.length).toBeLessThanOrEqual(2 * 2 * 24);
  for (const { bytes } of there) expect(bytes.length).toBe(72);
});

test('limits are reached and hold: addresses of a member, probes a second, members sent to directly', () => {
  const offers = Array.from({ length: 40 }, (_, i) => `192.0.2.${i + 1}:9`);
  const names = Array.from({ length: PATHS_USED_MAX + 3 }, (_, i) => `player ${i}`);
  const room = roomOf(names, offers);
  const seconds = 2;
  room.sent.length = 0;
  room.run(seconds * 1_000_000);
  const probed = new Set(
    room.sent.filter((each) => each.from === ADA && each.bytes[5] === 6).map((each) => each.to),
  );
  expect(probed.size).toBeLessThanOrEqual(names.length * CANDIDATES_MAX);
  expect(probesOf(room, ADA).length).toBeLessThanOrEqual(PROBES_SENT.burst + seconds * PROBES_SENT.perSecond);
  room.sent.length = 0;
  missedBy(room, 10);
  const straight = room.sent.filter((each) => each.from === ADA && each.bytes[5] === 1 && each.to !== '');
  expect(straight.length).toBe(10 * PATHS_USED_MAX);
  for (const peer of room.peers.values()) expect(peer.counters.replayed).toBe(0);
});

test('a member that asks the relay without end is answered at its pace, and the relay shows nobody who did not ask', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  room.add('ben');
  room.run(300_000);
  ada.offerDirect(room.nowUs, []);
  let addresses = 0;
  room.filter = (to, bytes) => {
    const header = decodeHeader(bytes);
    if (
      to === ADA &&
      header.ok &&
      header.value.type === 4 &&
      new TextDecoder().decode(bytes).includes('"address"')
    )
      addresses++;
    return true;
  };
  room.run(50_000);
  const question = room.sent.findLast((each) => new TextDecoder().decode(each.bytes).includes('"direct"'));
  if (question === undefined) throw new Error('nothing asked');
  const start = room.nowUs;
  while (room.nowUs < start + 1_000_000) {
    room.nowUs += 5_000;
    ada.offerDirect(room.nowUs, []);
    room.relay.datagram(room.nowUs, ADA, question.bytes);
    ada.tick(room.nowUs);
    room.settle();
  }
  // Whether with a new offer each time or the same again; the asker alone is here to be told of.
  expect(addresses).toBeGreaterThan(3);
  expect(addresses).toBeLessThanOrEqual(1_050_000 / INTRODUCE_EVERY_US + 1);
  expect(room.sent.some((each) => each.to === BEN)).toBe(false);
});

test.each([
  ['192.168.0.7:5000', true],
  ['2001:db8::7:5000', true],
  ['255.255.255.255:9', false],
  ['224.0.0.251:5353', false],
  ['0.0.0.0:9', false],
  ['10.0.0.1:0', false],
  ['10.0.0.1:70000', false],
  ['10.0.0.256:9', false],
  ['ff02::1:9', false],
  ['::0:9', false],
  ['relay.example:9', false],
  ['', false],
  ['a:b:9000', false],
  ['1:2:9000', false],
  ['1:2:3:4:5:6:7:8:9000', true],
  ['1:2:3:4:5:6:7:8:9:9000', false],
  ['1::2:3:4:5:6:7:8:9000', false],
  ['1::2::3:9000', false],
  [':::::1:9000', false],
  ['2001:db8:::7:9000', false],
  ['2001:0db80::7:9000', false],
  ['::ffff:7f00:1:9000', false],
  ['0:0:0:0:0:ffff:c0a8:7:9000', false],
  ['::ffff:192.168.0.7:9000', false],
  ['010.0.0.1:9000', false],
  ['10.0.0.01:9000', false],
  ['10.0.0.1:09000', false],
])('%s can be probed: %s', (text, isFit) => {
  expect(isHostPort(text)).toBe(isFit);
});

test('what can be probed is an address to the system as well', () => {
  const characters = fc.stringMatching(/^[0-9a-f:.]{1,20}$/);
  const groups = fc
    .array(fc.stringMatching(/^[0-9a-f]{0,5}$/), { maxLength: 9 })
    .map((each) => each.join(':'));
  const parts = fc.array(fc.stringMatching(/^[0-9]{1,3}$/), { minLength: 4, maxLength: 4 });
  const host = fc.oneof(
    characters,
    groups,
    parts.map((each) => each.join('.')),
    fc.ipV6(),
  );
  fc.assert(fc.property(host, (text) => !isHostPort(`${text}:9`) || isIP(text) !== 0));
});

test.each([
  ['127.0.0.1:9', true],
  ['127.8.8.8:9', true],
  ['::1:9', true],
  ['0:0:0:0:0:0:0:1:9', true],
  ['0::0001:9', true],
  ['1::1:9', false],
  ['::1:0:9', false],
  ['10.0.0.1:9', false],
])('%s is this very machine: %s', (text, isHere) => {
  expect([isHostPort(text), isLoopback(text)]).toEqual([true, isHere]);
});
