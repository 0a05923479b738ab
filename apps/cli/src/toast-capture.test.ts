import { present } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ToastCapture } from './toast-capture.ts';

const packet = (n: number): Buffer => Buffer.concat([Buffer.from('TOST'), Buffer.alloc(30 + n, n)]);

/** A pcap file of frames with 42 bytes below each packet, in either byte order. */
function pcap(packets: readonly Buffer[], isLittle: boolean): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32BE(isLittle ? 0xd4c3b2a1 : 0xa1b2c3d4);
  const records = packets.map((each) => {
    const record = Buffer.alloc(16 + 42);
    if (isLittle) record.writeUInt32LE(42 + each.length, 8);
    else record.writeUInt32BE(42 + each.length, 8);
    return Buffer.concat([record, each]);
  });
  return Buffer.concat([header, ...records]);
}

/** What comes out of `bytes` in pieces of those sizes, in turn. */
function captured(bytes: Uint8Array, sizes: readonly number[]): string[] {
  const capture = new ToastCapture();
  const found: string[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = present(sizes[turn % sizes.length], 'a size');
    const taken = capture.take(bytes.subarray(at, at + size));
    if (!taken.ok) return [taken.code];
    found.push(...taken.value.map((each) => Buffer.from(each).toString('hex')));
    at += size;
  }
  const last = capture.end();
  return last.ok ? [...found, ...last.value.map((each) => Buffer.from(each).toString('hex'))] : [last.code];
}

const PACKETS = [1, 2, 3].map(packet);
const HEX = PACKETS.map((each) => each.toString('hex'));

test('a capture gives the same packets in pieces of any size: pcap of both byte orders, and hex', () => {
  const forms = [
    pcap(PACKETS, true),
    pcap(PACKETS, false),
    Buffer.from(`${HEX.join('\n\n')}\n`),
    Buffer.from(HEX.join('\n')),
  ];
  const sizes = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.constantFrom(...forms), sizes, (form, each) => {
      expect(captured(form, each)).toEqual(HEX);
    }),
  );
});

test('each packet is there as soon as its record is, and what has passed is not kept', () => {
  const capture = new ToastCapture();
  const whole = pcap(PACKETS, true);
  const first = 24 + 58 + present(PACKETS[0], 'a packet').length;
  expect(capture.take(whole.subarray(0, first - 1))).toEqual({ ok: true, value: [] });
  expect(capture.take(whole.subarray(first - 1, first + 3))).toMatchObject({
    ok: true,
    value: { length: 1 },
  });
});

test.each([
  [
    'a record longer than any frame',
    Buffer.concat([pcap([], true), Buffer.alloc(16, 0xff)]),
    'capture-malformed',
  ],
  ['a line that is no hex', Buffer.from('54 4f\n'), 'hex-malformed'],
  ['a line without end', Buffer.alloc(5000, 0x61), 'hex-malformed'],
])('%s is refused at once, whatever would follow', (_, bytes, code) => {
  expect(captured(bytes, [bytes.length])).toEqual([code]);
});

test('nothing, and a beginning that is too short to be anything, gives no packet or says so', () => {
  expect(captured(new Uint8Array(0), [1])).toEqual([]);
  expect(captured(Buffer.from('54'), [1])).toEqual(['54']);
});

test('a capture that ends within its header is no text of hex', () => {
  for (const bytes of [4, 11, 23])
    expect(captured(pcap([], true).subarray(0, bytes), [3])).toEqual(['capture-malformed']);
});
