import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ring } from './ring.ts';

test('a ring behaves as a bounded queue', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.boolean(), { maxLength: 40 }),
      (capacity, pushes) => {
        const ring = new Ring<number>(capacity);
        const model: number[] = [];
        pushes.forEach((isPush, item) => {
          if (!isPush) expect(ring.shift()).toBe(model.shift());
          else if (ring.push(item)) model.push(item);
          else expect(model.length).toBe(capacity);
          expect(ring.length).toBe(model.length);
        });
      },
    ),
  );
});
