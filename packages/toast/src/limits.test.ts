import { expect, test } from 'vitest';
import { PacketDump } from './dump/packet-dump.ts';
import {
  DATAGRAM_BYTES_MAX,
  EVENTS_MAX,
  MEMBERS_PER_ROOM_MAX,
  MIDI_EVENTS_MAX,
  OUTGOING_MAX,
  PLAYERS_PER_ROOM_MAX,
} from './limits.ts';
import { MidiSender } from './midi/midi-sender.ts';
import { LINKS_MAX, QualityDesk } from './peer/quality-desk.ts';
import { RELAY_OUTGOING_MAX } from './relay/relay-mail.ts';
import { MEMBER } from './testing/member.ts';
import { testCrypto } from './testing/node-crypto.ts';
import { testIdentity } from './testing/node-identity.ts';
import { SmallRoom, tokenFor } from './testing/small-room.ts';
import { GENERATION_MAX, KeyRotation } from './trust/key-rotation.ts';
import { announceKeys } from './trust/peer-identity.ts';
import type { RoomMember } from './wire/control-message.ts';
import { decodeMidiBody, encodeMidiBody, MIDI_BODY_BYTES_MAX } from './wire/midi-body.ts';
import type { StreamStats } from './wire/stats-body.ts';

const ROOM_KEY = new Uint8Array(32).fill(9);
const CONTROL = 4;
const TYPE_AT = 5;

test('what nobody fetches from a player stays bounded, and what finds no room is left out, not the oldest', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  room.add('ben');
  room.run(1_200_000);
  for (let i = 0; i < OUTGOING_MAX + 100; i++) ada.sendAudio(room.nowUs, new Int16Array(64).fill(i), 0);
  expect(ada.outgoing.length).toBe(OUTGOING_MAX);
  room.settle();
  ada.sendAudio(room.nowUs, new Int16Array(64), 0);
  expect(ada.outgoing.length).toBe(1);
});

test('events that nobody reads stay bounded, and the player goes on', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  room.add('ben');
  room.run(1_200_000);
  for (let i = 0; i < EVENTS_MAX + 20; i++) {
    // More slowly than one host may join.
    room.nowUs += 50_000;
    ada.moved(room.nowUs);
    room.settle();
  }
  expect([ada.events.length, ada.phase]).toEqual([EVENTS_MAX, 'seated']);
});

test('what nobody fetches from a relay stays bounded, and the rest is counted', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  room.add('ben');
  room.run(1_200_000);
  for (let i = 0; i < RELAY_OUTGOING_MAX + 50; i++) {
    // More slowly than a member may send.
    room.nowUs += 300;
    ada.sendAudio(room.nowUs, new Int16Array(64), 0);
    for (let next = ada.outgoing.shift(); next !== undefined; next = ada.outgoing.shift())
      room.relay.datagram(room.nowUs, '10.0.0.1:5', next.bytes);
  }
  expect(room.relay.outgoing.length).toBe(RELAY_OUTGOING_MAX);
  expect(room.relay.counters).toMatchObject({ overflowed: 50, rateLimited: 0 });
});

test('what nobody fetches is counted as well where the shell sends on by itself', () => {
  const room = new SmallRoom();
  const ada = room.add('ada');
  room.add('ben');
  room.run(1_200_000);
  for (let i = 0; room.relay.outgoing.length < RELAY_OUTGOING_MAX && i < 100_000; i++) {
    room.nowUs += 20_000;
    ada.tick(room.nowUs);
    for (let next = ada.outgoing.shift(); next !== undefined; next = ada.outgoing.shift())
      room.relay.route(room.nowUs, '10.0.0.1:5', next.bytes, 0);
    ada.moved(room.nowUs);
  }
  expect(room.relay.counters.overflowed).toBe(0);
  // Ben was silent for long: his leaving is shown to ada.
  room.relay.tick(room.nowUs);
  expect(room.relay.counters).toMatchObject({ timedOut: 1, overflowed: 1 });
});

test('a datagram carries sixteen notes and no more, whoever made it', () => {
  const sender = new MidiSender();
  let body = sender.add(0, { atSample: 0, message: Uint8Array.of(0xf8) });
  for (let i = 1; i < 40; i++) body = sender.add(0, { atSample: i, message: Uint8Array.of(0xf8) });
  expect([body.first, body.events.length]).toEqual([40 - MIDI_EVENTS_MAX, MIDI_EVENTS_MAX]);
  const bytes = new Uint8Array(MIDI_BODY_BYTES_MAX + 20);
  const end = encodeMidiBody(bytes, 40, body);
  expect(decodeMidiBody(bytes.subarray(0, end), 40)).toEqual({ ok: true, value: body });
  bytes[1] = MIDI_EVENTS_MAX + 1;
  expect(decodeMidiBody(bytes, 40)).toMatchObject({ ok: false, code: 'body-malformed' });
});

test('the quality report has the links of a full room and no more', () => {
  const desk = new QualityDesk();
  const stats = { datagramsExpected: 10 } as StreamStats; // the other fields do not matter to what is kept
  const name = (i: number): string => `member ${i}`;
  for (let from = 0; from < PLAYERS_PER_ROOM_MAX; from++)
    for (let to = 0; to < MEMBERS_PER_ROOM_MAX; to++)
      if (from !== to) desk.take(stats, name(from), name(to), 1333, 0);
  expect(desk.report().links).toHaveLength(LINKS_MAX);
  desk.take(stats, 'one', 'more', 1333, 0);
  expect(desk.report().links).toHaveLength(LINKS_MAX);
});

test('a report of a member on itself is no link of the room', () => {
  const desk = new QualityDesk();
  const stats = { datagramsExpected: 10 } as StreamStats; // as above
  desk.take(stats, 'eve', 'eve', 1333, 0);
  desk.take(stats, 'eve', 'ada', 1333, 0);
  expect(desk.report().links).toMatchObject([{ from: 'eve', to: 'ada' }]);
});

test('keys change as often as the header can count, and then no more', () => {
  // How keys are agreed on is not what is tested, and 65,535 times of it take long.
  const quick = { ...testCrypto, hmac: () => new Uint8Array(32) };
  const identity = { ...testIdentity(), random: () => new Uint8Array(32), agree: () => new Uint8Array(32) };
  const rotation = new KeyRotation(quick, identity, ROOM_KEY, '1'.repeat(32));
  const keys = announceKeys(quick, ROOM_KEY, '', identity);
  const [stays, leaves] = ['2', '3'].map((digit) => ({ ...MEMBER, joinId: digit.repeat(32), keys })) as [
    RoomMember,
    RoomMember,
  ];
  for (let i = 0; i < GENERATION_MAX + 5; i++) {
    rotation.members(i, [stays, leaves]);
    rotation.members(i, [stays]);
    if (i < 3) expect(rotation.newest.generation).toBe(i + 1);
  }
  expect(rotation.newest.generation).toBe(GENERATION_MAX);
});

test('a dump remembers the newest joins: after hundreds it still opens what the last one sends', () => {
  const dump = new PacketDump({ crypto: testCrypto, roomKey: ROOM_KEY });
  for (let i = 0; i < 300; i++) {
    const other = new SmallRoom();
    other.add('ada', { epoch: 10_000 + i });
    other.run(20_000);
    for (const { bytes } of other.sent) if (bytes[TYPE_AT] === CONTROL) dump.line(bytes);
  }
  const room = new SmallRoom();
  const ada = room.add('ada', { epoch: 5 });
  room.run(1_200_000);
  ada.sendAudio(room.nowUs, new Int16Array(64).fill(1), 0);
  room.settle();
  const lines = room.sent.map(({ bytes }) => JSON.parse(dump.line(bytes)));
  expect(lines.at(-1)).toMatchObject({ type: 'audio', body: { frames: 64 } });
});

test('the longest join fits one datagram', () => {
  const longest = '𝒜'.repeat(32);
  const room = new SmallRoom();
  const ada = room.add(longest, {
    joinToken: tokenFor(longest, longest, 2 ** 53 - 1),
    identity: testIdentity(),
    epoch: 0xffffffff,
    packetFrames: 512,
    redundancyOffsets: [],
    startWhenPlayers: 16,
  });
  room.run(1_200_000);
  expect(ada.phase).toBe('seated');
  // Asked anew after a start: the time of that start comes to it.
  const lengths = room.sent
    .filter(({ bytes }) => bytes[TYPE_AT] === CONTROL)
    .map(({ bytes }) => bytes.length);
  const startDigits = 16;
  expect(Math.max(...lengths) + startDigits).toBeGreaterThan(900);
  expect(Math.max(...lengths) + startDigits).toBeLessThanOrEqual(DATAGRAM_BYTES_MAX);
});
