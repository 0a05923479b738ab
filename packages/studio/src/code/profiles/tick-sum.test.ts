import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TICK_LINES_MAX, TickSum } from './tick-sum.ts';

const recording = fc.array(
  fc.record({
    path: fc.constantFrom('a.ts', 'b.ts'),
    line: fc.integer({ min: 1, max: 5 }),
    ticks: fc.nat(1_000),
  }),
  { maxLength: 20 },
);

function linesOf(rows: readonly { path: string; line: number; ticks: number }[]) {
  const files = new Map<string, Map<number, number>>();
  for (const { path, line, ticks } of rows) {
    const lines = files.get(path) ?? new Map<number, number>();
    lines.set(line, (lines.get(line) ?? 0) + ticks);
    files.set(path, lines);
  }
  return files;
}

test('recordings add up to the same, in whatever pieces and order they come', () => {
  fc.assert(
    fc.property(recording, recording, (first, second) => {
      const [apart, together] = [new TickSum(), new TickSum()];
      apart.add(linesOf(second));
      apart.add(linesOf(first));
      together.add(linesOf([...first, ...second]));
      expect(apart.rows()).toEqual(together.rows());
      expect(apart.ticks).toBe([...first, ...second].reduce((sum, { ticks }) => sum + ticks, 0));
      expect(apart.leftOut).toBe(0);
    }),
  );
});

test('keeps so many lines and counts what there was no room for', () => {
  const sum = new TickSum();
  const lines = new Map(Array.from({ length: TICK_LINES_MAX + 2 }, (_, n) => [n + 1, 3]));
  sum.add(new Map([['large.ts', lines]]));
  expect([sum.ticks, sum.leftOut]).toEqual([3 * TICK_LINES_MAX, 6]);
  // Known lines still grow.
  sum.add(new Map([['large.ts', new Map([[1, 4]])]]));
  expect(sum.rows()['large.ts']?.[0]).toEqual([1, 7]);
});
