import { expect, test } from 'vitest';
import { TunLink } from './tun-link.ts';

const SERVER_PORT = 5000;
const TODAY_US = 1_800_000_000_000_000;
const NEAR = [198, 18, 77, 1];
const FAR = [198, 18, 77, 2];

/** IPv4 with a right checksum and 20 bytes of TCP; `mark` stands in its sequence number. */
function packet(targetPort: number, mark: number): Uint8Array {
  const bytes = new Uint8Array(40);
  const view = new DataView(bytes.buffer);
  bytes.set([0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6]);
  bytes.set(NEAR, 12);
  bytes.set(FAR, 16);
  view.setUint16(10, 0xffff - sumOf(bytes.subarray(0, 20)));
  view.setUint16(22, targetPort);
  view.setUint32(24, mark);
  return bytes;
}

/** One's complement sum (RFC 1071): 0xffff over a header whose checksum is right. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) + (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return sum;
}

function markOf(bytes: Uint8Array): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(24);
}

const link = (shape: Partial<{ fixedMs: number; jitterMs: number; loss: number }>) =>
  new TunLink({ fixedMs: 10, jitterMs: 0, loss: 0, seed: 'tun', ...shape }, SERVER_PORT);

test('a packet comes back from where it was sent to, after the delay, with its checksum right', () => {
  const slow = link({});
  slow.packet(1000, packet(SERVER_PORT, 7));
  expect(slow.nextUs).toBe(11_000);
  expect(slow.take(10_999)).toBeNull();
  const back = slow.take(11_000) ?? new Uint8Array(40);
  expect([...back.subarray(12, 16), ...back.subarray(16, 20)]).toEqual([...FAR, ...NEAR]);
  expect(sumOf(back.subarray(0, 20))).toBe(0xffff);
  expect(markOf(back)).toBe(7);
  expect(slow.take(20_000)).toBeNull();
});

test.each([0, 9])(
  '%d ms of jitter keep each way in order, and the ways do not hold each other up',
  (jitterMs) => {
    const unsteady = link({ jitterMs });
    // Several come out of the device in one turn, and have one moment.
    for (let i = 0; i < 200; i++)
      unsteady.packet(TODAY_US + 100 * Math.floor(i / 8), packet(i % 2 === 0 ? SERVER_PORT : 9, i));
    const marks: number[] = [];
    for (let due = unsteady.take(2 * TODAY_US); due !== null; due = unsteady.take(2 * TODAY_US))
      marks.push(markOf(due));
    for (const parity of [0, 1]) {
      const way = marks.filter((mark) => mark % 2 === parity);
      expect(way).toEqual(way.toSorted((a, b) => a - b));
      expect(way).toHaveLength(100);
    }
    expect(unsteady.counters).toMatchObject({ up: 100, down: 100, dropped: 0 });
  },
);

test('loses its share, and passes nothing on that is no IPv4', () => {
  const lossy = link({ loss: 0.1 });
  for (let i = 0; i < 2000; i++) {
    lossy.packet(i * 20_000, packet(SERVER_PORT, i));
    lossy.take(i * 20_000);
  }
  expect(lossy.counters.dropped).toBeGreaterThan(120);
  expect(lossy.counters.dropped).toBeLessThan(280);
  const idle = link({});
  idle.packet(0, Uint8Array.of(0x60, 0, 0, 0));
  idle.packet(0, Uint8Array.of(0x45));
  expect(idle.nextUs).toBe(Number.POSITIVE_INFINITY);
});
