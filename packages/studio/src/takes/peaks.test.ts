import { expect, test } from 'vitest';
import { peaksOf } from './peaks.ts';

test('each bucket shows its own smallest and largest sample', () => {
  expect(peaksOf(Float32Array.of(0, 0.5, -0.25, 0.125, 1, -1), 3)).toEqual([0, 0.5, -0.25, 0.125, -1, 1]);
});

test('a take shorter than the picture has one bucket a sample', () => {
  expect(peaksOf(Float32Array.of(0.1, 0.2), 100)).toHaveLength(4);
  expect(peaksOf(new Float32Array(0), 100)).toEqual([]);
});
