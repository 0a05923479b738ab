import { expect, test } from 'vitest';
import { scoreFile, summarise } from './score.ts';

const file = { packetFrames: 2, className: 'solo' };
const trace = Uint8Array.of(0, 1, 0, 1, 1, 1, 0, 1);
const reference = new Float32Array(17).fill(0.5);

test('runs of lost packets are gaps; what lies past the last whole packet is not scored', () => {
  const played = reference.slice();
  played.set([0.25, 0.25], 2);
  played.set([0, 0, 0, 0, 0, 0], 6);
  played.set([1, 1, -9], 14);
  const score = scoreFile(reference, played, trace, file);
  expect(score.gapsDb.map((db) => Number(db.toFixed(2)))).toEqual([-6.02, 0, 0]);
  expect(score.signalEnergy).toBeCloseTo(10 * 0.25, 12);
  expect(score.errorEnergy).toBeCloseTo(2 * 0.0625 + 6 * 0.25 + 2 * 0.25, 12);
});

test('the median of an even number of gaps lies between the two in the middle; near-silent gaps count in no gap figure', () => {
  const faint = reference.slice();
  faint.fill(1e-4, 14, 16);
  const played = faint.slice();
  played.set([0.25, 0.25], 2);
  played.fill(0.45, 6, 12);
  const summary = summarise([scoreFile(faint, played, trace, file)]);
  expect(summary.gaps).toBe(2);
  expect(summary.gapMedianDb).toBeCloseTo((10 * Math.log10(0.25) + 10 * Math.log10(0.01)) / 2, 4);
});

test('a file without a lost sound counts in no mean', () => {
  const nothing = scoreFile(reference, reference, new Uint8Array(8), file);
  const half = scoreFile(
    reference,
    reference.map((x) => x / 2),
    trace,
    file,
  );
  expect(summarise([nothing, half])).toMatchObject({ files: 1, gaps: 3 });
  expect(summarise([nothing, half]).meanFileDb).toBeCloseTo(10 * Math.log10(0.25), 9);
});
