import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { decodeOgg, readPiece } from './sample-piece.ts';

const SAMPLES = fileURLToPath(new URL('../../../../samples', import.meta.url));

test('the shipped piece decodes to two audible stems of the same length', async () => {
  const piece = readPiece(SAMPLES);
  const [guitar, backing] = await Promise.all(piece.stems.map((stem) => decodeOgg(join(SAMPLES, stem.file))));
  expect(guitar?.samples.length).toBe(backing?.samples.length);
  for (const stem of [guitar, backing]) {
    const energy = stem?.samples.reduce((sum, sample) => sum + sample * sample, 0) ?? 0;
    expect(energy / (stem?.samples.length ?? 1)).toBeGreaterThan(1e-3);
  }
});

test('a checkout without samples says so', () => {
  expect(() => readPiece(join(SAMPLES, 'nowhere'))).toThrow('the checkout is incomplete');
});
