import { expect, test } from 'vitest';
import { readTempo } from './tempo.ts';

test.each([
  ['120', 120_000, 4],
  ['92.5', 92_500, 4],
  ['90/3', 90_000, 3],
  ['20/1', 20_000, 1],
  ['400/32', 400_000, 32],
])('%s is %i thousandths of a beat a minute, %i a bar', (text, tempoMilliBpm, beatsPerBar) => {
  expect(readTempo(text)).toEqual({ tempoMilliBpm, beatsPerBar });
});

test.each(['', '19.9', '400.001', '120/0', '120/33', '120/', '/4', '1e2', '-120', '120/4/4', '120bpm', '0'])(
  '"%s" is no tempo',
  (text) => {
    expect(() => readTempo(text)).toThrow('--tempo is 20 to 400');
  },
);
