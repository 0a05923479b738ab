import { expect, test } from 'vitest';
import { senderKey } from '../crypto/toast-crypto.ts';
import { testCrypto } from '../testing/node-crypto.ts';
import { testIdentity } from '../testing/node-identity.ts';
import { SmallRoom } from '../testing/small-room.ts';
import { decodeHeader } from '../wire/header.ts';
import type { PeerSession } from './peer-session.ts';
import { StreamSender } from './stream-sender.ts';

const ROOM_KEY = new Uint8Array(32).fill(9);

function eventsOf(peer: PeerSession): string[] {
  const kinds: string[] = [];
  for (let event = peer.events.shift(); event !== undefined; event = peer.events.shift())
    kinds.push(event.kind);
  return kinds;
}

/** A room in which ada and ben play, and have started. */
function playing(
  changes: Parameters<SmallRoom['add']>[1] = {},
  names = ['ada', 'ben'],
): { room: SmallRoom; peers: PeerSession[] } {
  const room = new SmallRoom();
  const peers = names.map((name) =>
    room.add(name, {
      startWhenPlayers: names.length,
      ...changes,
      ...(changes.identity === undefined ? {} : { identity: testIdentity() }),
    }),
  );
  room.run(1_200_000);
  return { room, peers };
}

function play(room: SmallRoom, peer: PeerSession, packets: number, level = 5): void {
  for (let i = 0; i < packets; i++) {
    room.nowUs += 1333;
    peer.sendAudio(room.nowUs, new Int16Array(64).fill(level), 0);
    for (const each of room.peers.values()) each.tick(room.nowUs);
    room.settle();
    for (const each of room.peers.values())
      for (const stream of each.streams) while (stream.fresh.shift() !== undefined);
  }
}

test('a change of the beat holds at every peer from the same sample, and late joiners get it', () => {
  const { room, peers } = playing();
  const [ada, ben] = peers;
  const entry = { id: 77, atSample: 200_000, bar: 0, tempoMilliBpm: 96_500, beatsPerBar: 3, isRunning: true };
  expect(ada?.setTimeline(room.nowUs, entry).ok).toBe(true);
  room.run(300_000);
  const cyd = room.add('cyd');
  room.run(300_000);
  for (const peer of [ada, ben, cyd]) {
    expect(peer?.timeline.entries).toEqual([entry]);
    expect(peer?.timeline.positionAt(200_000)).toEqual({ bar: 0, beat: 0, isRunning: true });
  }
  expect(eventsOf(ben as PeerSession)).toContain('timeline');
});

test('a beat asked for in the past begins a quarter of a second ahead, at the same sample for all', () => {
  const { room, peers } = playing();
  const [ada, ben] = peers;
  ada?.setTimeline(room.nowUs, {
    id: 1,
    atSample: 0,
    bar: 0,
    tempoMilliBpm: 120_000,
    beatsPerBar: 4,
    isRunning: true,
  });
  room.run(50_000);
  const at = ben?.timeline.entries[0]?.atSample ?? 0;
  expect(at).toBeGreaterThan((ben?.sampleAt(room.nowUs) ?? 0) + 5_000);
  expect(ada?.timeline.entries[0]?.atSample).toBe(at);
  expect(
    ada?.setTimeline(room.nowUs, {
      id: 2,
      atSample: 0,
      bar: 0,
      tempoMilliBpm: 5,
      beatsPerBar: 4,
      isRunning: true,
    }),
  ).toMatchObject({ code: 'tempo-malformed' });
});

test('a relay that has forgotten is told the beat by those who remember: it goes on, and a newcomer gets it', () => {
  const { room, peers } = playing();
  const entry = { id: 5, atSample: 60_000, bar: 2, tempoMilliBpm: 120_000, beatsPerBar: 4, isRunning: true };
  peers[0]?.setTimeline(room.nowUs, entry);
  room.run(300_000);
  room.restartRelay();
  room.run(1_500_000);
  const cyd = room.add('cyd', { startWhenPlayers: 2 });
  room.run(300_000);
  for (const peer of [...peers, cyd]) expect(peer.timeline.entries).toEqual([entry]);
  peers[1]?.setTimeline(room.nowUs, { ...entry, id: 6, atSample: 0 });
  room.run(300_000);
  expect(cyd.timeline.entries.map((each) => each.id)).toEqual([5, 6]);
  expect(cyd.timeline.entries[1]?.atSample).toBeGreaterThan(100_000);
});

test("a player who lost the relay while joining has the room's time within a quarter of a second of its return", () => {
  const room = new SmallRoom();
  room.add('ada');
  const ben = room.add('ben');
  room.run(20_000);
  expect(ben.clock.isAgreed).toBe(false);
  room.filter = () => false;
  room.run(2_000_000);
  room.filter = () => true;
  room.restartRelay();
  room.run(500_000);
  expect(ben.clock.isAgreed).toBe(true);
});

test('notes reach the others at their sample, once, and end when their player leaves', () => {
  const { room, peers } = playing();
  const [ada, ben] = peers;
  const sample = ada?.sampleAt(room.nowUs) ?? 0;
  expect(ada?.sendMidi(room.nowUs, Uint8Array.of(0x90, 60, 99)).ok).toBe(true);
  expect(ada?.sendMidi(room.nowUs, Uint8Array.of(0x90, 60)).ok).toBe(false);
  room.run(100_000);
  const inbox = ben?.players[0]?.midi;
  expect(inbox?.events.shift()).toEqual({ atSample: sample, message: Uint8Array.of(0x90, 60, 99) });
  expect(inbox?.events.length).toBe(0);
  ada?.leave(room.nowUs);
  room.run(200_000);
  expect(inbox?.events.shift()?.message).toEqual(Uint8Array.of(0x80, 60, 0));
});

test('a note pressed while the relay is silent for its player sounds at the others, who still hear that player', () => {
  const { room, peers } = playing();
  const [ada, ben] = peers;
  // What the relay sends to ada gets lost for a while; what ada sends arrives.
  room.filter = (to) => to !== '10.0.0.1:5';
  room.run(800_000);
  expect([ada?.phase, ben?.phase]).toEqual(['joining', 'seated']);
  const sample = ada?.sampleAt(room.nowUs) ?? 0;
  expect(ada?.sendMidi(room.nowUs, Uint8Array.of(0x90, 60, 99)).ok).toBe(true);
  room.run(20_000);
  const inbox = ben?.players[0]?.midi;
  expect(inbox?.events.shift()).toEqual({ atSample: sample, message: Uint8Array.of(0x90, 60, 99) });
  // Its signs of life keep the note on for longer than a silent player's note lasts.
  room.run(1_500_000);
  expect([ada?.phase, inbox?.events.length]).toEqual(['joining', 0]);
  room.filter = () => true;
  room.run(300_000);
  expect(ada?.phase).toBe('seated');
  expect(ada?.sendMidi(room.nowUs, Uint8Array.of(0x80, 60, 0)).ok).toBe(true);
  room.run(20_000);
  expect(inbox?.events.shift()?.message).toEqual(Uint8Array.of(0x80, 60, 0));
});

test('a note pressed while the relay restarts is heard once its player has a seat again', () => {
  const { room, peers } = playing();
  const [ada, ben] = peers;
  room.restartRelay();
  room.filter = () => false;
  room.run(800_000);
  expect(ada?.sendMidi(room.nowUs, Uint8Array.of(0x90, 60, 99)).ok).toBe(true);
  room.run(300_000);
  room.filter = () => true;
  room.run(700_000);
  expect(ben?.players[0]?.midi.events.shift()?.message).toEqual(Uint8Array.of(0x90, 60, 99));
});

test('the notes of the others end when all fall silent with the relay, and nothing of the past is due meanwhile', () => {
  const { room, peers } = playing();
  const [ada, ben] = peers;
  ada?.sendMidi(room.nowUs, Uint8Array.of(0x90, 60, 99));
  room.run(50_000);
  const inbox = ben?.players[0]?.midi;
  expect(inbox?.events.shift()?.message[0]).toBe(0x90);
  room.filter = () => false;
  room.run(900_000);
  expect(ben?.phase).toBe('joining');
  expect(inbox?.events.shift()?.message).toEqual(Uint8Array.of(0x80, 60, 0));
  for (const peer of peers) expect(peer.nextTickUs).toBeGreaterThanOrEqual(room.nowUs - 5_000);
});

test('who never had a seat, or has left, plays no notes', () => {
  const { room, peers } = playing();
  const [ada] = peers;
  const note = Uint8Array.of(0x90, 60, 99);
  const cyd = room.add('cyd');
  expect(cyd.sendMidi(room.nowUs, note, 100_000)).toMatchObject({ code: 'not-playing' });
  ada?.leave(room.nowUs);
  expect(ada?.sendMidi(room.nowUs, note)).toMatchObject({ code: 'not-playing' });
});

test('listeners report on what they hear, and everybody sees every link', () => {
  const { room, peers } = playing({}, ['ada', 'ben', 'cyd']);
  const [ada] = peers;
  if (ada === undefined) throw new Error('no ada');
  ada.inputUs = 2_000;
  play(room, ada, 1_200);
  const links = ada.report().links.map((link) => `${link.from}>${link.to}`);
  expect(links.sort()).toEqual(['ada>ben', 'ada>cyd', 'ben>ada', 'ben>cyd', 'cyd>ada', 'cyd>ben']);
  const link = ada.report().links.find((each) => each.from === 'ada' && each.to === 'ben');
  expect(link).toMatchObject({ lossShare: 0, inputUs: 2_000, concealedShare: 0 });
  expect(peers[2]?.report().links.find((each) => each.from === 'ada' && each.to === 'ben')?.inputUs).toBe(
    2_000,
  );
});

test('redundancy follows what a listener reports, within the cap, without wavering', () => {
  const { room, peers } = playing({ redundancyOffsets: [], adaptWithin: 4.2, fixedDelayMs: 12 });
  const [ada, ben] = peers;
  if (ada === undefined || ben === undefined) throw new Error('no peers');
  let sent = 0;
  room.filter = (to, bytes) => {
    const header = decodeHeader(bytes);
    return !(to === '10.0.0.2:5' && header.ok && header.value.type === 1 && sent++ % 10 === 0);
  };
  play(room, ada, 2_500);
  expect(ada.redundancy.offsets.length).toBeGreaterThan(0);
  expect(ada.counters.adapted).toBeLessThan(6);
  expect(ada.bandwidthRatio).toBeLessThan(4.2);
});

test('when a member leaves, the others change their keys: who left understands nothing more, nobody else misses a packet', () => {
  const { room, peers } = playing({ identity: testIdentity() }, ['ada', 'ben', 'cyd']);
  const [ada, ben, cyd] = peers;
  if (ada === undefined || ben === undefined || cyd === undefined) throw new Error('no peers');
  play(room, ada, 50);
  cyd.leave(room.nowUs);
  play(room, ada, 400);
  const heard = ben.streams.find((stream) => stream.member.player === 'ada');
  for (let index = 0; index < 450; index++) expect(heard?.samplesOf(index), `packet ${index}`).not.toBeNull();
  const last = room.sent
    .filter((each) => each.from === '10.0.0.1:5')
    .findLast((each) => decodeHeader(each.bytes).ok && each.bytes[5] === 1);
  const header = decodeHeader(last?.bytes ?? new Uint8Array());
  expect(header.ok && header.value.generation).toBe(1);
  const before = cyd.counters.unknownKey + cyd.counters.forged;
  cyd.datagram(room.nowUs, last?.bytes ?? new Uint8Array());
  expect(cyd.counters.unknownKey + cyd.counters.forged).toBe(before + 1);
  expect(ben.counters).toMatchObject({ forged: 0, malformed: 0 });
  const dora = room.add(
    'dora',
    { identity: testIdentity(), epoch: 99, joinIdBytes: new Uint8Array(16).fill(77) },
    '10.0.0.9:5',
  );
  room.run(500_000);
  play(room, ada, 30);
  expect(dora.streams.find((stream) => stream.member.player === 'ada')?.samplesOf(470)).not.toBeNull();
});

test('a member without keys is not locked out: then no rotation is made', () => {
  const room = new SmallRoom();
  const ada = room.add('ada', { identity: testIdentity(), startWhenPlayers: 3 });
  const ben = room.add('ben', { startWhenPlayers: 3 });
  const cyd = room.add('cyd', { identity: testIdentity(), startWhenPlayers: 3 });
  room.run(1_200_000);
  cyd.leave(room.nowUs);
  play(room, ada, 200);
  expect(ben.streams[0]?.samplesOf(199)).not.toBeNull();
});

test("a member that seals in another's name is found out by the owner's signatures", () => {
  const { room, peers } = playing({ identity: testIdentity() });
  const [ada, ben] = peers;
  if (ada === undefined || ben === undefined) throw new Error('no peers');
  play(room, ada, 64);
  const stream = ben.players[0];
  expect(stream?.verifier).toMatchObject({ verified: 64, forged: 0 });
  // Cyd shares the room key and a dishonest relay: it can seal as ada, and cannot sign as ada.
  const key = senderKey(testCrypto, ROOM_KEY, stream?.member.joinId ?? '', 1);
  const forger = new StreamSender(testCrypto, key, {
    epoch: stream?.member.epoch ?? 0,
    frames: 64,
    sampleBytes: 2,
    mayPack: false,
    bandwidthMax: 9,
    plan: { scheme: 'copies', offsets: [], symbols: 0 },
  });
  let forged = new Uint8Array();
  const place = { seat: 0, baseSample: 0, sentAtUs: 1, flags: 0 };
  for (let i = 0; i <= 64; i++) forged = new Uint8Array(forger.next(new Int16Array(64).fill(-9), place));
  ben.datagram(room.nowUs, forged);
  expect(stream?.receiver.samplesOf(64)?.[0]).toBe(-9);
  expect(eventsOf(ben)).not.toContain('forged-stream');
  play(room, ada, 32);
  expect(stream?.verifier?.forged).toBe(1);
  expect(eventsOf(ben)).toContain('forged-stream');
});
