import { expect, test } from 'vitest';
import { benchResampler } from './bench-resampler.ts';

test.each(
  benchResampler({ tones: 3, frames: 6_000 }).map(
    (row) => [`${row.kind} ${row.fromHz} → ${row.toHz} Hz, ${row.ppm} ppm`, row] as const,
  ),
)('%s: 100 dB pure, aliases 100 dB down, level to 0.1 dB, pitch to a hundredth of a ppm', (_, row) => {
  expect(row.impurityDb).toBeLessThan(-100);
  if (row.aliasDb !== null) expect(row.aliasDb).toBeLessThan(-100);
  expect(row.rippleDb).toBeLessThan(0.1);
  expect(Math.abs(row.ppmError)).toBeLessThan(0.01);
});

test('aliases are measured where the output has the lower rate, and only there', () => {
  const rows = benchResampler({ tones: 2, frames: 4_000 });
  expect(rows.every(({ aliasDb, fromHz, toHz }) => (aliasDb !== null) === fromHz > 1.16 * toHz)).toBe(true);
});
