import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeNodeMessage, parseNodeMessage } from '@jamnet/mesh';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { beatIn, takeFramesFirst } from './beat-frames.ts';
import { FrameStarts } from './frame-starts.ts';
import { longFrameIn } from './long-frame.ts';
import { BLOCK_BYTES_MIN } from './read-blocks.ts';

interface Frame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly payload: Uint8Array;
}

/** As a client writes it (RFC 6455 §5.2). */
function frameBytes({ opcode, fin, payload }: Frame, mask = [7, 99, 200, 1]): Uint8Array {
  const { length } = payload;
  const long = length > 0xffff ? 8 : length > 125 ? 2 : 0;
  const bytes = new Uint8Array(2 + long + 4 + length);
  const view = new DataView(bytes.buffer);
  bytes[0] = opcode | (fin ? 0x80 : 0);
  bytes[1] = 0x80 | (long === 8 ? 127 : long === 2 ? 126 : length);
  if (long === 8) view.setBigUint64(2, BigInt(length));
  if (long === 2) view.setUint16(2, length);
  bytes.set(mask, 2 + long);
  for (const [n, byte] of payload.entries()) bytes[2 + long + 4 + n] = byte ^ (mask[n % 4] ?? 0);
  return bytes;
}

const textFrame = (text: string) => frameBytes({ opcode: 1, fin: true, payload: Buffer.from(text) });
const beat = (running: number) => textFrame(String(encodeNodeMessage({ type: 'heartbeat', running })));

test('a beat that nodes write is known by its bytes, whatever the mask', () => {
  const masks = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999 }), masks, (running, mask) => {
      const payload = Buffer.from(String(encodeNodeMessage({ type: 'heartbeat', running })));
      expect(beatIn(frameBytes({ opcode: 1, fin: true, payload }, mask))).toBe(running);
    }),
  );
});

test('nothing is taken for a beat that the parser refuses or reads otherwise', () => {
  const parts = fc.constantFrom(
    '{"type":"heartbeat","running":',
    '7',
    '0',
    '00',
    '-1',
    '1.5',
    '}',
    ' ',
    '{',
    '"x"',
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 5 }), (written) => {
      const running = beatIn(textFrame(written.join('')));
      const message = parseNodeMessage(written.join(''));
      if (running >= 0) expect(message).toEqual({ ok: true, value: { type: 'heartbeat', running } });
    }),
    { numRuns: 1000 },
  );
});

test.each<[string, Uint8Array]>([
  ['a number of more digits', textFrame('{"type":"heartbeat","running":1000000}')],
  ['no number', textFrame('{"type":"heartbeat","running":}')],
  ['a member more', textFrame('{"type":"heartbeat","running":1,"a":1}')],
  ['members in another order', textFrame('{"running":1,"type":"heartbeat"}')],
  [
    'bytes instead of text',
    frameBytes({ opcode: 2, fin: true, payload: Buffer.from('{"type":"heartbeat","running":1}') }),
  ],
  [
    'a piece of a message',
    frameBytes({ opcode: 1, fin: false, payload: Buffer.from('{"type":"heartbeat","running":1}') }),
  ],
  ['a beat and the beginning of more', Buffer.concat([beat(1), Buffer.of(0x81)])],
  ['half a beat', beat(1).subarray(0, 20)],
  ['nothing', new Uint8Array(0)],
])('%s is left to the parser', (_, block) => {
  expect(beatIn(block)).toBe(-1);
});

test('whether a message begins is known however its frames are cut', () => {
  const frame = fc.record({
    opcode: fc.constantFrom(0, 1, 2, 9, 10),
    fin: fc.boolean(),
    payload: fc.constantFrom(0, 1, 125, 126, 300, 65_535, 65_536).map((length) => new Uint8Array(length)),
  });
  const cuts = fc.array(fc.nat(70_000), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 6 }), cuts, (frames, at) => {
      const ends = new Map<number, boolean>([[0, true]]); // Where frames end, and whether a message does there.
      const pieces: Uint8Array[] = [];
      let [length, within] = [0, false];
      for (const each of frames) {
        const { opcode, fin } = each.opcode < 8 ? each : { ...each, fin: true };
        pieces.push(frameBytes({ ...each, fin }));
        length += pieces.at(-1)?.length ?? 0;
        if (opcode < 8) within = !fin;
        ends.set(length, !within);
      }
      const all = Buffer.concat(pieces);
      const starts = new FrameStarts();
      const edges = [...new Set([0, ...at.map((place) => place % (length + 1)), ...ends.keys()])].sort(
        (a, b) => a - b,
      );
      for (const [n, edge] of edges.entries()) {
        if (n > 0) starts.follow(all.subarray(edges[n - 1], edge));
        expect(starts.isBetweenMessages).toBe(ends.get(edge) ?? false);
      }
    }),
  );
});

test('what looks like a beat within a message stays in the message, and a beat that is not taken goes on', () => {
  const socket = new EventEmitter();
  const [heard, taken, passed]: [Uint8Array[], number[], Uint8Array[]] = [[], [], []];
  let takes = true;
  socket.on('data', (block: Uint8Array) => heard.push(block));
  takeFramesFirst(socket, {
    take: (running) => {
      if (takes) taken.push(running);
      return takes;
    },
    begins: () => false,
    takeLong: () => {},
    passed: (block) => passed.push(block),
  });
  const inner = beat(8);
  const outer = frameBytes({ opcode: 2, fin: true, payload: inner }, [0, 0, 0, 0]);
  const blocks = [beat(1), outer.subarray(0, 6), inner, beat(2)];
  for (const block of blocks) socket.emit('data', block);
  takes = false;
  socket.emit('data', beat(3));
  expect(taken).toEqual([1, 2]);
  expect(heard).toEqual([blocks[1], blocks[2], beat(3)]);
  expect(passed).toEqual(heard);
});

test('long messages come whole however their blocks are cut, what follows goes on, and blocks are given back', () => {
  const piece = fc.constantFrom(1, 60, 300, 65_536, 65_537, 65_538, 70_003);
  const cuts = fc.array(fc.integer({ min: 14, max: 200_000 }), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 4 }), cuts, (lengths, at) => {
      const payloads = lengths.map((length, n) =>
        Buffer.alloc(length).map((_, place) => (place * 31 + n) & 0xff),
      );
      const socket = new EventEmitter();
      const heard: Uint8Array[] = [];
      const long: Uint8Array[] = [];
      socket.on('data', (block: Uint8Array) => heard.push(block));
      takeFramesFirst(socket, {
        take: () => false,
        begins: () => true,
        takeLong: (message) => long.push(message),
        passed: () => {},
      });
      for (const payload of payloads) {
        const bytes = frameBytes({ opcode: 2, fin: true, payload });
        const edges = [0, ...at.filter((edge) => edge < bytes.length).sort((a, b) => a - b), bytes.length];
        for (const [n, edge] of edges.slice(1).entries()) {
          const block = Buffer.from(new Uint8Array(bytes.subarray(edges[n], edge)).buffer); // As Node reads it.
          const isLong = payload.length > 0xffff && block.length >= BLOCK_BYTES_MIN;
          socket.emit('data', block);
          if (isLong) expect(block.length).toBe(0);
        }
      }
      expect(long.map((message) => Buffer.from(message))).toEqual(
        payloads.filter(({ length }) => length > 0xffff),
      );
      const short = payloads.filter(({ length }) => length <= 0xffff);
      const frames = short.map((payload) => frameBytes({ opcode: 2, fin: true, payload }));
      expect(Buffer.concat(heard)).toEqual(Buffer.concat(frames));
    }),
    { numRuns: 60 },
  );
});

test.each<[string, Uint8Array]>([
  ['a short message', frameBytes({ opcode: 2, fin: true, payload: new Uint8Array(0xffff) })],
  ['text', frameBytes({ opcode: 1, fin: true, payload: new Uint8Array(0x10000) })],
  ['a piece of a message', frameBytes({ opcode: 2, fin: false, payload: new Uint8Array(0x10000) })],
  ['half a head', frameBytes({ opcode: 2, fin: true, payload: new Uint8Array(0x10000) }).subarray(0, 13)],
  ['no mask', Buffer.of(0x82, 0x7f, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)],
  ['a length in too many bytes', Buffer.of(0x82, 0xff, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0)],
  ['more than 4 GiB', Buffer.of(0x82, 0xff, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0)],
])('%s is no long message', (_, block) => {
  expect(longFrameIn(block)).toBe(-1);
});

test('a real WebSocket hears all besides the beats and long messages, and closes in order', async () => {
  const server = createServer();
  const sockets = new WebSocketServer({ noServer: true });
  const [beats, messages, longs]: [number[], number[], Uint8Array[]] = [[], [], []];
  server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      // Each is answered, so that the next comes in a block of its own.
      webSocket.on('message', (data: Buffer) => webSocket.send(String(messages.push(data.length))));
      webSocket.on('ping', () => webSocket.send('pinged'));
      const take = (running: number): boolean => {
        webSocket.send(String(beats.push(running)));
        return true;
      };
      const takeLong = (message: Uint8Array) => webSocket.send(String(longs.push(message)));
      takeFramesFirst(socket, { take, begins: (bytes) => bytes < 300_000, takeLong, passed: () => {} });
    }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  try {
    await once(client, 'open');
    const step = async (say: () => void) => {
      say();
      await once(client, 'message');
    };
    const beatOf = (running: number) => String(encodeNodeMessage({ type: 'heartbeat', running }));
    await step(() => client.send(beatOf(1)));
    await step(() => client.send(new Uint8Array(200_000).fill(9)));
    await step(() => client.send(new Uint8Array(300_000)));
    await step(() => client.send(beatOf(2)));
    client.send('in ', { fin: false });
    await step(() => client.ping());
    await step(() => client.send('pieces', { fin: true }));
    await step(() => client.send(beatOf(3)));
    client.close(1000);
    const [code] = await once(client, 'close');
    expect([code, beats, messages]).toEqual([1000, [1, 2, 3], [300_000, 9]]);
    expect(longs.map((message) => Buffer.from(message))).toEqual([Buffer.alloc(200_000, 9)]);
  } finally {
    client.terminate();
    server.close();
  }
});
