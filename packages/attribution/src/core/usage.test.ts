import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logWeight, USES_MAX } from './log-weight.ts';
import { addUsage, type CountedRange, flattenRanges, usesAt } from './usage.ts';

/** Properly nested ranges, as V8 writes them. */
const nested: fc.Arbitrary<CountedRange[]> = fc
  .array(fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 }), fc.nat(9)), { maxLength: 12 })
  .map((drawn) => {
    const kept: CountedRange[] = [];
    for (const [start, length, count] of drawn) {
      const range = { start, end: start + length, count };
      const crosses = kept.some(
        (other) =>
          (other.start === range.start && other.end === range.end) ||
          (other.start < range.start && range.start < other.end && other.end < range.end) ||
          (range.start < other.start && other.start < range.end && range.end < other.end),
      );
      if (!crosses) kept.push(range);
    }
    return kept;
  });

function innermost(ranges: readonly CountedRange[], offset: number): number {
  const around = ranges.filter((range) => range.start <= offset && offset < range.end);
  return around.sort((a, b) => a.end - a.start - (b.end - b.start))[0]?.count ?? 0;
}

test('the innermost range holds at every place', () => {
  fc.assert(
    fc.property(nested, (ranges) => {
      const usage = flattenRanges(ranges);
      for (let offset = 0; offset < 45; offset++)
        expect(usesAt(usage, offset)).toBe(innermost(ranges, offset));
    }),
  );
});

test('recordings add up place by place', () => {
  fc.assert(
    fc.property(nested, nested, (a, b) => {
      const sum = addUsage([flattenRanges(a), flattenRanges(b)]);
      for (let offset = 0; offset < 45; offset++) {
        expect(usesAt(sum, offset)).toBe(innermost(a, offset) + innermost(b, offset));
      }
    }),
  );
});

test('counts beyond what is exact are cut to the largest that weighs', () => {
  const busy = flattenRanges([{ start: 0, end: 9, count: Number.MAX_SAFE_INTEGER }]);
  for (const recordings of [[busy], [busy, busy, busy]]) {
    const sum = addUsage(recordings);
    expect(usesAt(sum, 3)).toBe(USES_MAX);
    expect(logWeight(usesAt(sum, 3))).toBe(logWeight(USES_MAX));
  }
});
