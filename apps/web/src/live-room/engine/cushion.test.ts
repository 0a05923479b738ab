import { expect, test } from 'vitest';
import { newRingBuffer, SharedRing } from '../audio/shared-ring.ts';
import { Cushion } from './cushion.ts';

const PACKET = 128;
const loud = new Float32Array(PACKET).fill(0.5);
const quiet = new Float32Array(PACKET);

/** One packet time: the card takes its frames, then the worker makes as many. */
function turn(cushion: Cushion, ring: SharedRing, mix: Float32Array): boolean {
  ring.read(new Float32Array(PACKET));
  const wanted = cushion.wantsAnother(ring, mix);
  if (wanted) ring.write(mix);
  return wanted;
}

test('a steady worker keeps one packet of cushion and leaves nothing out', () => {
  const ring = new SharedRing(newRingBuffer());
  const cushion = new Cushion(PACKET);
  for (let i = 0; i < 4000; i++) expect(turn(cushion, ring, loud)).toBe(true);
  expect(ring.filled).toBe(2 * PACKET);
});

test('a stall costs one packet more of cushion, not its own length', () => {
  const ring = new SharedRing(newRingBuffer());
  const cushion = new Cushion(PACKET);
  for (let i = 0; i < 10; i++) turn(cushion, ring, loud);
  for (let i = 0; i < 40; i++) ring.read(new Float32Array(PACKET));
  for (let i = 0; i < 40; i++) if (cushion.wantsAnother(ring, loud)) ring.write(loud);
  expect(ring.filled).toBeLessThanOrEqual(6 * PACKET);
  expect(ring.filled).toBeGreaterThan(2 * PACKET);
});

test('a cushion that is not needed is given back where it is quiet, a packet at a time', () => {
  const ring = new SharedRing(newRingBuffer());
  const cushion = new Cushion(PACKET);
  turn(cushion, ring, quiet);
  ring.write(new Float32Array(2 * PACKET));
  let left = 0;
  for (let i = 0; i < 3000; i++) if (!turn(cushion, ring, loud)) left++;
  expect(left).toBe(0);
  for (let i = 0; i < 6000; i++) if (!turn(cushion, ring, quiet)) left++;
  expect(left).toBeGreaterThanOrEqual(1);
  expect(ring.filled).toBeGreaterThanOrEqual(2 * PACKET);
});
