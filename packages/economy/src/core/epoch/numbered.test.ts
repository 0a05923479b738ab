import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Numbered } from './numbered.ts';

test('keys are numbered as a map would number them, close together, far apart and colliding', () => {
  const key = fc.oneof(
    fc.nat({ max: 5_000 }),
    fc.maxSafeNat(),
    fc.nat({ max: 100 }).map((n) => n * 2 ** 32 + 7),
  );
  fc.assert(
    fc.property(fc.array(key, { maxLength: 6_000, size: 'max' }), fc.maxSafeNat(), (keys, stranger) => {
      const numbered = new Numbered();
      const model = new Map<number, number>();
      for (const each of keys) {
        if (!model.has(each)) model.set(each, model.size);
        expect(numbered.numberOf(each)).toBe(model.get(each));
      }
      for (const [each, number] of model) expect(numbered.find(each)).toBe(number);
      expect(numbered.find(stranger)).toBe(model.get(stranger) ?? -1);
      expect(numbered.size).toBe(model.size);
    }),
    { numRuns: 10 },
  );
});
