import { seededChance } from '@jamnet/base';
import { expect, test } from 'vitest';
import { testCrypto } from '../testing/node-crypto.ts';
import { SmallRoom } from '../testing/small-room.ts';
import { decodeHeader, encodeHeader, HEADER_BYTES, HOP_TAG_BYTES, PACKET_TYPE } from '../wire/header.ts';
import { PacketDump } from './packet-dump.ts';

test('a room as JSON lines: joins without their tokens, sound and notes with the room key, sealed without', () => {
  const room = new SmallRoom();
  const ada = room.add('ada', { packing: true });
  room.add('ben');
  room.run(1_200_000);
  ada.sendAudio(
    room.nowUs,
    Int16Array.from({ length: 64 }, (_, i) => i),
    0,
  );
  ada.sendMidi(room.nowUs, Uint8Array.of(0x90, 60, 1), 5);
  room.settle();
  const open = new PacketDump({ crypto: testCrypto, roomKey: new Uint8Array(32).fill(9) });
  const closed = new PacketDump(null);
  const lines = room.sent.map((each) => JSON.parse(open.line(each.bytes)));
  expect(lines.find((line) => line.type === 'control').body).toMatchObject({ t: 'join', token: '(hidden)' });
  const audio = lines.find((line) => line.type === 'audio').body.audio;
  expect(new Int16Array(new Uint8Array(Buffer.from(audio.pcm, 'base64')).buffer)[63]).toBe(63);
  expect(lines.find((line) => line.type === 'midi').body.events).toEqual([
    { type: 'midi', atSample: 5, message: '903c01' },
  ]);
  const sealed = room.sent
    .map((each) => JSON.parse(closed.line(each.bytes)))
    .find((line) => line.type === 'audio');
  expect(sealed.body).toBe('sealed');
});

test('any bytes give one line', () => {
  const dump = new PacketDump(null);
  const chance = seededChance('dump');
  for (let i = 0; i < 2000; i++) {
    const bytes = Uint8Array.from({ length: chance.below(120) }, () => chance.below(256));
    bytes.set([0x54, 0x4f, 0x53, 0x54, 3, 1 + chance.below(6)].slice(0, bytes.length));
    expect(dump.line(bytes)).toMatch(/^\{.*\}$/);
  }
});

test.each(Object.entries(PACKET_TYPE))(
  'any body of type %s behind a fitting header gives one line',
  (name, type) => {
    const dump = new PacketDump(null);
    const chance = seededChance(`dump ${name}`);
    for (let i = 0; i < 500; i++) {
      const bodyBytes = chance.below(200);
      const datagram = new Uint8Array(HEADER_BYTES + bodyBytes + HOP_TAG_BYTES);
      const sampleTime = chance.below(1e6);
      encodeHeader(datagram, {
        type,
        stream: 2,
        flags: 0,
        epoch: i,
        sequence: i,
        sampleTime,
        bodyBytes,
        generation: 0,
      });
      for (let at = HEADER_BYTES; at < datagram.length; at++) datagram[at] = chance.below(256);
      // Most begin as their decoder wants it.
      if (chance.below(4) > 0) datagram[HEADER_BYTES] = 1 + chance.below(2);
      expect(decodeHeader(datagram).ok).toBe(true);
      const line = JSON.parse(dump.line(datagram));
      expect(line).toMatchObject({ type: name, bodyBytes });
      expect(line.body).toBeDefined();
    }
  },
);
