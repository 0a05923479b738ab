import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newRingBuffer, RING_FRAMES, SharedRing } from './shared-ring.ts';

test('gives back what was written, in order, whatever the sizes, and refuses what does not fit', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ write: fc.boolean(), frames: fc.integer({ min: 1, max: 4000 }) })),
      (steps) => {
        const ring = new SharedRing(newRingBuffer());
        let written = 0;
        let read = 0;
        for (const { write, frames } of steps) {
          const block = new Float32Array(frames);
          if (write) {
            for (let i = 0; i < frames; i++) block[i] = written + i;
            const fits = frames <= RING_FRAMES - (written - read);
            expect(ring.write(block)).toBe(fits);
            if (fits) written += frames;
          } else if (ring.read(block)) {
            expect(block[0]).toBe(read);
            expect(block[frames - 1]).toBe(read + frames - 1);
            read += frames;
          } else {
            expect(written - read).toBeLessThan(frames);
            expect(block.every((sample) => sample === 0)).toBe(true);
          }
          expect(ring.filled).toBe(written - read);
        }
      },
    ),
  );
});

test('its counters may wrap', () => {
  const ring = new SharedRing(newRingBuffer());
  ring.control[0] = 0x7fffff80;
  ring.control[1] = 0x7fffff80;
  const block = Float32Array.from({ length: 256 }, (_, i) => i);
  expect(ring.write(block)).toBe(true);
  expect(ring.filled).toBe(256);
  const out = new Float32Array(256);
  expect(ring.read(out)).toBe(true);
  expect(out).toEqual(block);
  expect(ring.starved).toBe(0);
});

test('forgets all but the newest', () => {
  const ring = new SharedRing(newRingBuffer());
  ring.write(Float32Array.of(1, 2, 3, 4));
  ring.drop(1);
  const out = new Float32Array(1);
  ring.read(out);
  expect([out[0], ring.filled]).toEqual([4, 0]);
});
