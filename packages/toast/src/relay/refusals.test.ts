import { seededChance } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitToken } from '../crypto/join-token.ts';
import { hopKey, signHop } from '../crypto/toast-crypto.ts';
import { DATAGRAM_BYTES_MAX, MEMBER_BYTES_BURST, ROOMS_MAX } from '../limits.ts';
import { PeerSession } from '../peer/peer-session.ts';
import { testCrypto } from '../testing/node-crypto.ts';
import { testIdentity } from '../testing/node-identity.ts';
import { newRelay, SmallRoom, tokenFor } from '../testing/small-room.ts';
import {
  decodeHeader,
  encodeHeader,
  HEADER_BYTES,
  HOP_TAG_BYTES,
  PACKET_TYPE,
  STREAM_NONE,
  STREAM_RELAY,
} from '../wire/header.ts';
import { encodeSyncBody, SYNC_BODY_BYTES } from '../wire/sync-body.ts';

const PACKETS = 400;
/** Where the header has type, stream and the low half of the sequence (SPEC.md §2). */
const TYPE_AT = 5;
const STREAM_AT = 6;
const SEQUENCE_LOW_AT = 16;

interface Playing {
  readonly room: SmallRoom;
  readonly ada: PeerSession;
  readonly ben: PeerSession;
  readonly cyd: PeerSession;
}

function playing(): Playing {
  const room = new SmallRoom();
  const [ada, ben, cyd] = ['ada', 'ben', 'cyd'].map((name) =>
    room.add(name, { startWhenPlayers: 3, identity: testIdentity() }),
  );
  if (ada === undefined || ben === undefined || cyd === undefined) throw new Error('no peers');
  room.run(1_200_000);
  return { room, ada, ben, cyd };
}

/** Ada plays; between her packets `meanwhile` happens; ben must have every packet as it was sent, and none late. */
function expectUndisturbed({ room, ada, ben }: Playing, meanwhile: (packet: number) => void): void {
  const from = ada.packetsSent;
  for (let packet = from; packet < from + PACKETS; packet++) {
    room.nowUs += 1333;
    ada.sendAudio(room.nowUs, new Int16Array(64).fill(1 + (packet % 1000)), 0);
    for (const peer of room.peers.values()) peer.tick(room.nowUs);
    meanwhile(packet);
    room.settle();
    for (const peer of room.peers.values())
      for (const stream of peer.streams) while (stream.fresh.shift() !== undefined);
  }
  const stream = ben.streams.find((each) => each.member.player === 'ada' && each.isPresent);
  for (let packet = from; packet < from + PACKETS; packet++)
    expect(stream?.samplesOf(packet)?.[0], `packet ${packet}`).toBe(1 + (packet % 1000));
}

function lastAudioOf(room: SmallRoom, address: string): Uint8Array {
  const found = room.sent.findLast((each) => each.from === address && each.bytes[5] === PACKET_TYPE.audio);
  if (found === undefined) throw new Error('nothing sent');
  return found.bytes;
}

test('a flood of a hundred datagrams for each of ours, from one strange address: refused and counted, ada is heard whole', () => {
  const all = playing();
  const join = all.room.sent.find((each) => each.bytes[5] === PACKET_TYPE.control)?.bytes ?? new Uint8Array();
  const before = all.room.relay.counters;
  const counted =
    before.rateLimited + before.forged + before.refused + before.unknownSource + before.malformed;
  const chance = seededChance('flood');
  const junk = Uint8Array.from({ length: 300 }, () => chance.below(256));
  expectUndisturbed(all, () => {
    for (let i = 0; i < 50; i++) {
      all.room.relay.datagram(all.room.nowUs, '10.66.6.6:7', join);
      all.room.relay.datagram(all.room.nowUs, '10.66.6.6:7', junk);
    }
  });
  const { counters } = all.room.relay;
  const refused =
    counters.rateLimited + counters.forged + counters.refused + counters.unknownSource + counters.malformed;
  expect(refused - counted).toBeGreaterThan(0.98 * 100 * PACKETS);
  expect(counters.rateLimited).toBeGreaterThan(10_000);
});

test("a member's own flood is cut off at its allowance; the others' sound passes", () => {
  const all = playing();
  const { room, cyd } = all;
  expectUndisturbed(all, () => {
    for (let i = 0; i < 30; i++) cyd.sendAudio(room.nowUs, new Int16Array(64), 0);
  });
  // 12,000, less 8,000 at once and 4,000 a second.
  expect(room.relay.counters.rateLimited).toBeGreaterThan(1_500);
  // Each datagram that passes is sealed, forwarded and opened twice: that takes a busy machine its time.
}, 240_000);

test("a member's long datagrams are cut off by their bytes, before their number would be", () => {
  const room = new SmallRoom();
  const [ada] = ['ada', 'ben'].map((name) => room.add(name, { packetFrames: 512, redundancyOffsets: [] }));
  room.run(1_200_000);
  const { audio, rateLimited } = room.relay.counters;
  const sound = new Int16Array(512);
  const count = Math.ceil((2 * MEMBER_BYTES_BURST) / sound.byteLength);
  for (let i = 0; i < count; i++) {
    ada?.sendAudio(room.nowUs, sound, 0);
    room.settle();
  }
  const [taken, cut] = [room.relay.counters.audio - audio, room.relay.counters.rateLimited - rateLimited];
  expect(taken + cut).toBe(count);
  expect(taken * sound.byteLength).toBeLessThan(MEMBER_BYTES_BURST);
  expect(taken * DATAGRAM_BYTES_MAX).toBeGreaterThan(MEMBER_BYTES_BURST);
});

test("datagrams with ada's address in front and no key behind are counted as forged and use up none of her sequence", () => {
  const all = playing();
  const { room } = all;
  let forged = 0;
  expectUndisturbed(all, (packet) => {
    if (packet === 0) return;
    const fake = lastAudioOf(room, '10.0.0.1:5').slice();
    // Her own last datagram, with the sequence that she uses next.
    new DataView(fake.buffer).setUint32(16, packet + 1);
    room.relay.datagram(room.nowUs, '10.0.0.1:5', fake);
    forged++;
  });
  expect(room.relay.counters.forged).toBe(forged);
}, 30_000);

test.each([
  ['sound', PACKET_TYPE.audio],
  ['notes', PACKET_TYPE.midi],
  ['figures', PACKET_TYPE.stats],
])(
  "a member's %s under another's seat, rightly signed: passed on to nobody and counted as forged",
  (_, type) => {
    const { room, cyd } = playing();
    cyd.sendAudio(room.nowUs, new Int16Array(64), 0);
    room.settle();
    const signed = (seat: number): Uint8Array => {
      const datagram = lastAudioOf(room, '10.0.0.3:5').slice();
      datagram[TYPE_AT] = type;
      datagram[STREAM_AT] = seat;
      new DataView(datagram.buffer).setUint32(SEQUENCE_LOW_AT, 1000 + seat);
      const token = splitToken(tokenFor('cyd'));
      const header = decodeHeader(datagram);
      if (!token.ok || !header.ok) throw new Error('no datagram');
      const key = hopKey(testCrypto, token.value.secret, '03'.repeat(16));
      signHop(testCrypto, key, datagram, header.value.bodyBytes);
      return datagram;
    };
    const before = room.relay.counters.forwarded;
    for (const seat of [0, 1, 3, STREAM_RELAY, STREAM_NONE])
      room.relay.datagram(room.nowUs, '10.0.0.3:5', signed(seat));
    expect(room.relay.counters).toMatchObject({ forged: 5, forwarded: before });
    room.relay.datagram(room.nowUs, '10.0.0.3:5', signed(2));
    expect(room.relay.counters).toMatchObject({ forged: 5, forwarded: before + 2 });
  },
);

test('what was recorded before the keys changed is refused afterwards, by the relay and by each member', () => {
  const all = playing();
  const { room, ada, ben, cyd } = all;
  expectUndisturbed(all, () => undefined);
  const recorded = room.sent.filter(
    (each) => each.from === '10.0.0.1:5' && each.bytes[5] === PACKET_TYPE.audio,
  );
  cyd.leave(room.nowUs);
  room.run(1_500_000);
  expectUndisturbed(all, () => undefined);
  const now = decodeHeader(lastAudioOf(room, '10.0.0.1:5'));
  expect(now.ok && now.value.generation).toBe(1);
  const forwarded = room.relay.counters.forwarded;
  const replayed = room.relay.counters.replayed;
  for (const each of recorded) {
    room.relay.datagram(room.nowUs, each.from, each.bytes);
    ben.datagram(room.nowUs, each.bytes);
  }
  expect(room.relay.counters.forwarded).toBe(forwarded);
  expect(room.relay.counters.replayed - replayed).toBe(recorded.length);
  expect(ben.counters.replayed).toBe(recorded.length);
  // Recorded, and a sequence that was not used yet: the header is sealed too.
  const fresh = (recorded.at(-1)?.bytes ?? new Uint8Array()).slice();
  new DataView(fresh.buffer).setUint32(16, ada.packetsSent + 5);
  ben.datagram(room.nowUs, fresh);
  expect(ben.counters.forged).toBe(1);
});

test('a member that changes the beat without end is cut off, and its last wish comes when it has calmed down', () => {
  const { room, ada, ben, cyd } = playing();
  let pages = 0;
  room.filter = (to) => {
    if (to === '10.0.0.1:5') pages++;
    return true;
  };
  const wish = (id: number) => ({
    id,
    atSample: 0,
    bar: 0,
    tempoMilliBpm: 120_000,
    beatsPerBar: 4,
    isRunning: true,
  });
  for (let id = 1; id <= 500; id++) {
    cyd.setTimeline(room.nowUs, wish(id));
    cyd.tick(room.nowUs);
    room.settle();
  }
  // Two pages for each of the eight changes that are let through at once.
  expect(pages).toBe(2 * 8);
  expect(room.relay.counters.rateLimited).toBeGreaterThan(400);
  room.run(1_000_000);
  for (const peer of [ada, ben, cyd]) expect(peer.timeline.entries.at(-1)?.id).toBe(500);
});

test('a member that asks without end with an old version of the room gets every answer, and the room at its allowance', () => {
  const { room } = playing();
  const token = splitToken(tokenFor('cyd'));
  if (!token.ok) throw new Error(token.message);
  const key = hopKey(testCrypto, token.value.secret, '03'.repeat(16));
  const ask = (sequence: number): void => {
    const datagram = new Uint8Array(HEADER_BYTES + SYNC_BODY_BYTES + HOP_TAG_BYTES);
    encodeSyncBody(datagram.subarray(HEADER_BYTES), {
      kind: 'request',
      ready: true,
      roomVersion: 0,
      t0Us: 1,
    });
    const fields = { flags: 0, epoch: 3000, sequence, sampleTime: 0, generation: 0 };
    encodeHeader(datagram, {
      ...fields,
      type: PACKET_TYPE.sync,
      stream: 2,
      bodyBytes: SYNC_BODY_BYTES,
    });
    signHop(testCrypto, key, datagram, SYNC_BODY_BYTES);
    room.relay.datagram(room.nowUs, '10.0.0.3:5', datagram);
  };
  let [answers, pages] = [0, 0];
  const count = (): void => {
    for (let next = room.relay.outgoing.shift(); next !== undefined; next = room.relay.outgoing.shift())
      if (next.bytes[TYPE_AT] === PACKET_TYPE.sync) answers++;
      else pages++;
  };
  for (let i = 0; i < 1000; i++) {
    room.nowUs += 1000;
    ask(100_000 + i);
    count();
  }
  expect(answers).toBe(1000);
  // Two pages each: sixteen times at once, and eight times in the second.
  expect(pages).toBeGreaterThanOrEqual(2 * 16);
  expect(pages).toBeLessThanOrEqual(2 * (16 + 8));
  room.nowUs += 1_000_000;
  ask(200_000);
  pages = 0;
  count();
  expect(pages).toBe(2);
});

test('who joins and leaves without end has the room told at its allowance, and all know it when it is quiet again', () => {
  const { room, ada, ben } = playing();
  let pages = 0;
  room.filter = (to, bytes) => {
    if (to === '10.0.0.1:5' && bytes[TYPE_AT] === PACKET_TYPE.control) pages++;
    return true;
  };
  const rounds = 100;
  for (let i = 0; i < rounds; i++) {
    const epoch = 50_000 + i;
    const joinIdBytes = Uint8Array.from({ length: 16 }, (_, at) => (epoch >> (8 * (at % 4))) & 255);
    const eve = room.add('eve', { epoch, joinIdBytes }, '10.6.6.6:5');
    // As often as one host may join: twice, without a cookie and with it.
    room.nowUs += 40_000;
    eve.tick(room.nowUs);
    room.settle();
    eve.leave(room.nowUs);
    room.settle();
    room.peers.delete('10.6.6.6:5');
  }
  // Two changes of two pages in each round; nobody asks meanwhile.
  expect(room.relay.counters.joined).toBe(3 + rounds);
  expect(pages).toBeGreaterThan(2 * 90);
  expect(pages).toBeLessThanOrEqual(2 * (96 + 4 * rounds * 0.04));
  room.run(1_000_000);
  room.add('dan');
  room.run(1_000_000);
  for (const peer of [ada, ben])
    expect(peer.players.map((each) => each.member.player).sort()).toContain('dan');
});

test('a member with the wrong room key hears nothing and is heard by nobody; the others hear each other', () => {
  const room = new SmallRoom();
  const ada = room.add('ada', { startWhenPlayers: 3 });
  const ben = room.add('ben', { startWhenPlayers: 3 });
  const eve = room.add('eve', { startWhenPlayers: 3, roomKey: new Uint8Array(32).fill(0xee) });
  room.run(1_200_000);
  expectUndisturbed({ room, ada, ben, cyd: eve }, () =>
    eve.sendAudio(room.nowUs, new Int16Array(64).fill(7), 0),
  );
  expect(eve.counters.forged).toBeGreaterThanOrEqual(PACKETS);
  expect(ben.counters.forged).toBeGreaterThanOrEqual(PACKETS);
  expect(ben.streams.find((stream) => stream.member.player === 'eve')?.newest).toBe(-1);
  expect(eve.streams.every((stream) => stream.newest === -1)).toBe(true);
});

test('a seventeenth player is refused and counted while sixteen play on', () => {
  const room = new SmallRoom();
  const peers = Array.from({ length: 16 }, (_, i) => room.add(`player ${i}`, { startWhenPlayers: 16 }));
  room.run(1_200_000);
  const [ada, ben] = peers;
  if (ada === undefined || ben === undefined) throw new Error('no peers');
  for (let i = 0; i < 20; i++) {
    room.nowUs += 1333;
    ada.sendAudio(room.nowUs, new Int16Array(64).fill(9), 0);
    if (i === 10) room.add('one too many');
    for (const peer of room.peers.values()) peer.tick(room.nowUs);
    room.settle();
  }
  expect(room.relay.counters.refused).toBe(1);
  expect(room.relay.players).toBe(16);
  for (let i = 0; i < 20; i++) expect(ben.streams[0]?.samplesOf(i)?.[0]).toBe(9);
});

test('a relay keeps as many rooms as it may and refuses the next', () => {
  const relay = newRelay();
  const nowUs = 1_700_000_000_000_000;
  const phases = Array.from({ length: ROOMS_MAX + 1 }, (_, i) => {
    const peer = openPeer(`room ${i}`, i);
    for (let turn = 0; turn < 3; turn++) {
      peer.tick(nowUs + turn * 200_000);
      for (let next = peer.outgoing.shift(); next !== undefined; next = peer.outgoing.shift())
        relay.datagram(nowUs, `10.1.${i}.1:5`, next.bytes);
      for (let next = relay.outgoing.shift(); next !== undefined; next = relay.outgoing.shift())
        peer.datagram(nowUs, next.bytes);
    }
    return peer.phase;
  });
  expect(phases.filter((phase) => phase === 'seated').length).toBe(ROOMS_MAX);
  expect(phases.at(-1)).toBe('refused');
  expect(relay.rooms).toBe(ROOMS_MAX);
});

function openPeer(room: string, number: number, consent = 1): PeerSession {
  const session = PeerSession.open({
    crypto: testCrypto,
    joinToken: tokenFor('ada', room),
    roomKey: new Uint8Array(32).fill(9),
    packetFrames: 64,
    redundancyOffsets: [1],
    startWhenPlayers: 1,
    joinIdBytes: Uint8Array.from({ length: 16 }, (_, i) => (number >> (8 * (i % 4))) & 255),
    epoch: number,
    consent,
  });
  if (!session.ok) throw new Error(session.message);
  return session.value;
}

test('before an address has proved itself a relay sends it no more bytes than came from it, whatever the join says', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z][a-z ]{0,31}$/),
      fc.nat(0xffffffff),
      fc.nat(7),
      fc.array(fc.record({ at: fc.nat(400), value: fc.nat(255) }), { maxLength: 2 }),
      fc.nat(3),
      (name, number, consent, changes, repeats) => {
        const relay = newRelay();
        const peer = openPeer(name, number, consent);
        peer.tick(1_700_000_000_000_000);
        const join = (peer.outgoing.shift()?.bytes ?? new Uint8Array()).slice();
        for (const { at, value } of changes) if (at < join.length) join[at] = value;
        let taken = 0;
        let given = 0;
        for (let i = 0; i <= repeats; i++) {
          relay.datagram(1_700_000_000_000_000, '10.9.9.9:5', join);
          taken += join.length;
          for (let next = relay.outgoing.shift(); next !== undefined; next = relay.outgoing.shift()) {
            expect(next.to).toBe('10.9.9.9:5');
            given += next.bytes.length;
          }
        }
        expect(given).toBeLessThanOrEqual(taken);
        expect(relay.players).toBe(0);
      },
    ),
  );
});
