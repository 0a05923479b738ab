import { expect, test } from 'vitest';
import { playingTimeMs } from './playing-time.ts';

const RATE = 48_000;
const tone = (seconds: number, amplitude: number) =>
  Float32Array.from({ length: RATE * seconds }, (_, i) => amplitude * Math.sin(i * 0.05));

test('silence and hiss earn no playing time', () => {
  expect(playingTimeMs(new Float32Array(RATE), RATE)).toBe(0n);
  expect(playingTimeMs(tone(1, 0.0005), RATE)).toBe(0n);
});

test('a second of playing among silence counts as one second', () => {
  const take = new Float32Array(3 * RATE);
  take.set(tone(1, 0.1), RATE);
  expect(playingTimeMs(take, RATE)).toBe(1000n);
});

test('the rest of a last, incomplete block is not paid', () => {
  expect(playingTimeMs(tone(1, 0.1).subarray(0, RATE - 1), RATE)).toBe(980n);
});
