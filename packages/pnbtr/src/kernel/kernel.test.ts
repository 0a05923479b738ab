import { expect, test } from 'vitest';
import { segmentBurg } from '../repair/segment-burg.ts';
import type { Kernel } from './kernel.ts';
import { QUANTUM } from './layout.ts';
import { PlainKernel } from './plain-kernel.ts';
import { createWasmKernel, type WasmKernel } from './wasm-kernel.ts';
import { kernelModule } from './wasm-module.ts';

function wasmKernel(orderMax: number): WasmKernel {
  const kernel = createWasmKernel(orderMax);
  if (kernel === null) throw new Error('this host has no WebAssembly SIMD');
  return kernel;
}

const quantised = (value: number): number => Math.round(value / QUANTUM) * QUANTUM;
const sound = (n: number): number =>
  quantised(
    0.4 * Math.sin(n * 0.07) +
      0.2 * Math.sin(n * 0.31 + 1) * Math.exp(-((n % 900) / 300)) +
      0.02 * Math.sin(n * n * 0.37),
  );

const FRAMES = 1024;
const PACKET = 64;

/** Feeds packets so that the window ends at FRAMES + `packets` · PACKET. */
function feed(kernel: Kernel, packets: number, at: (n: number) => number): number {
  let end = FRAMES;
  for (let p = 0; p < packets; p++, end += PACKET) {
    for (let n = 0; n < PACKET; n++) kernel.samples[end + n] = at(end + n);
    kernel.slide(end, end - FRAMES, PACKET);
  }
  return end;
}

const kernels: readonly (readonly [string, (order: number) => Kernel])[] = [
  ['the plain kernel', (order) => new PlainKernel(order)],
  ['the WebAssembly kernel', wasmKernel],
];

/** −90 dB: the most two implementations may differ. */
const AGREEMENT = 10 ** (-90 / 20);

test.each(kernels)('%s finds the coefficients of Burg’s lattice', (_, create) => {
  const kernel = create(256);
  const end = feed(kernel, 40, sound);
  for (const order of [255, 128, 1, 2, 3, 7, 16, 33, 256]) {
    const reference = segmentBurg(kernel.samples, [{ start: end - FRAMES, end }], order);
    expect(kernel.fit(end - FRAMES, FRAMES, order)).toBe(order);
    kernel.forecast(end, 100);
    const expected = kernel.samples.slice(end - 300, end + 100);
    for (let n = 300; n < 400; n++) {
      let sum = 0;
      for (let k = 1; k <= order; k++) sum -= (reference[k] ?? 0) * (expected[n - k] ?? 0);
      expected[n] = sum;
    }
    for (let n = 0; n < 100; n++) {
      expect(
        Math.abs((kernel.samples[end + n] ?? 0) - (expected[300 + n] ?? 0)),
        `order ${order}`,
      ).toBeLessThan(AGREEMENT);
    }
  }
});

test.each(kernels)('%s forecasts silence from silence', (_, create) => {
  const kernel = create(64);
  const end = feed(kernel, 20, () => 0);
  expect(kernel.fit(end - FRAMES, FRAMES, 64)).toBe(0);
  kernel.samples.fill(1, end, end + 50);
  kernel.forecast(end, 50);
  expect(kernel.samples.subarray(end, end + 50).every((sample) => sample === 0)).toBe(true);
});

test.each(kernels)(
  '%s keeps its correlations exact: after loud sound it models quiet sound as if it had heard nothing else',
  (_, create) => {
    const loudFirst = create(32);
    const fresh = create(32);
    const quiet = (n: number): number => quantised(1e-4 * Math.sin(n * 0.3));
    const end = feed(loudFirst, 80, (n) =>
      n < FRAMES + 40 * PACKET ? quantised(3.9 * Math.sin(n * n)) : quiet(n),
    );
    feed(fresh, 80, (n) => (n < FRAMES + 40 * PACKET ? 0 : quiet(n)));
    for (const kernel of [loudFirst, fresh]) {
      kernel.fit(end - FRAMES, FRAMES, 32);
      kernel.forecast(end, 64);
    }
    expect(loudFirst.samples.subarray(end, end + 64)).toEqual(fresh.samples.subarray(end, end + 64));
  },
);

test('the module is the same bytes each time and small', () => {
  expect(kernelModule()).toEqual(kernelModule());
  expect(kernelModule().length).toBeLessThan(4096);
});

test('40 partials below 9 kHz, which are predictable to the last digit, do not break the recursion at order 1024', () => {
  for (const create of [(order: number) => new PlainKernel(order), wasmKernel]) {
    const kernel = create(1024);
    const partials = Array.from({ length: 40 }, (_, i) => i + 1);
    const at = (n: number): number =>
      quantised(partials.reduce((sum, i) => sum + 0.02 * Math.sin(0.0288 * i * n + i * i), 0));
    let end = 4096;
    for (let p = 0; p < 32; p++, end += 128) {
      for (let n = 0; n < 128; n++) kernel.samples[end + n] = at(end + n);
      kernel.slide(end, end - 4096, 128);
    }
    kernel.fit(end - 4096, 4096, 1024);
    kernel.forecast(end, 256);
    for (let n = 0; n < 256; n++)
      expect(Math.abs((kernel.samples[end + n] ?? 0) - at(end + n))).toBeLessThan(1e-3);
  }
});
