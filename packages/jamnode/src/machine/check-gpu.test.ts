import { ok, refuse } from '@jamnet/base';
import { expect, test } from 'vitest';
import { judgeGpu } from './check-gpu.ts';
import { compareBackends } from './compare-backends.ts';

const KIND = { kind: 'image.upscale', referenceGigaflops: 1, gigaflops: 2, agreementDecibel: 140 };

test('two back ends are timed on the same image and compared', async () => {
  let clockMs = 0;
  const compared = await compareBackends(['cpu', 'wasm'], () => {
    clockMs += 2;
    return clockMs;
  });
  if (!compared.ok) throw new Error(compared.message);
  const [row] = compared.value;
  expect(row?.kind).toBe('image.upscale');
  expect(row?.agreementDecibel).toBeGreaterThan(130);
  // Between two looks at this clock pass 2 ms, whatever computes.
  expect(row?.gigaflops).toBe(row?.referenceGigaflops);
  expect(row?.gigaflops).toBeGreaterThan(0);
});

test('what computes where the system names no card is software, and no GPU', () => {
  expect(judgeGpu(['NVIDIA H200'], ok([KIND]))).toMatchObject({ found: 'gpu', kinds: [KIND] });
  expect(judgeGpu([], ok([KIND]))).toMatchObject({ found: 'software' });
});

test('a back end that finds nothing to compute on is told in its own words', () => {
  const none = judgeGpu([], refuse('kernel-failed', 'Failed to get a WebGPU adapter'));
  expect(none).toEqual({ adapters: [], found: 'none', message: 'Failed to get a WebGPU adapter', kinds: [] });
});
