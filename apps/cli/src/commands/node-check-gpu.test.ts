import { expect, test } from 'vitest';
import { gpuText } from './node-check-gpu.ts';

const KIND = { kind: 'image.upscale', referenceGigaflops: 1.5, gigaflops: 20, agreementDecibel: 131.25 };

test.each([
  [
    { adapters: ['NVIDIA H200'], found: 'gpu', message: null, kinds: [KIND] },
    'Cards: NVIDIA H200.\nA card computes:\n  image.upscale: 20.00 GFLOP/s, on the CPU 1.50; they agree to 131.3 dB',
  ],
  [
    { adapters: [], found: 'none', message: 'No supported adapters', kinds: [] },
    'The system names no graphics card.\nNo GPU that WebGPU can compute on.\n  No supported adapters',
  ],
] as const)('what was found stands in lines: %#', (check, text) => {
  expect(gpuText(check)).toBe(text);
});
