import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DECILES } from './forecast.ts';
import { LAPLACE_DECILES, offsetDecile, velocityDecile, writeOffsets, writeVelocities } from './laplace.ts';

test('deciles of a whole cell are those that are computed one by one', () => {
  const centre = fc.integer({ min: -2_000_000, max: 2_000_000 });
  fc.assert(
    fc.property(centre, fc.nat(3_000_000), (middle, scale) => {
      const [offsets, velocities] = [new Int16Array(DECILES + 1), new Uint8Array(DECILES + 1)];
      writeOffsets(middle, scale, offsets, 1);
      writeVelocities(middle, scale, velocities, 1);
      expect([...offsets]).toEqual([0, ...LAPLACE_DECILES.map((z) => offsetDecile(middle, z * scale))]);
      expect([...velocities]).toEqual([0, ...LAPLACE_DECILES.map((z) => velocityDecile(middle, z * scale))]);
    }),
  );
});
