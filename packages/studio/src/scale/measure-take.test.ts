import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { measureTake } from './measure-take.ts';

const SAMPLES = fileURLToPath(new URL('../../../../samples', import.meta.url));

test('a minute of a track is smaller than its sound and larger than half of it', async () => {
  const { minutes, bytes, processorUs } = await measureTake(SAMPLES);
  expect(minutes).toBeGreaterThan(0.5);
  const pcmBytes = 60 * 48_000 * 2;
  expect(bytes).toBeLessThan(pcmBytes);
  expect(bytes).toBeGreaterThan(pcmBytes / 2);
  expect(processorUs).toBeGreaterThan(0);
});
