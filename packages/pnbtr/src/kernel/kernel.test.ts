import { expect, test } from 'vitest';
import { segmentBurg } from '../repair/segment-burg.ts';
import { type Kernel, lagsFor } from './kernel.ts';
import { QUANTUM } from './layout.ts';
import { PlainModels } from './plain-models.ts';
import { FUSED, SEPARATE } from './products.ts';
import { createWasmKernel } from './wasm-kernel.ts';
import { kernelModule } from './wasm-module.ts';
import { compileFirst } from './wasm-platform.ts';

const quantised = (value: number): number => Math.round(value / QUANTUM) * QUANTUM;
const sound = (n: number): number =>
  quantised(
    0.4 * Math.sin(n * 0.07) +
      0.2 * Math.sin(n * 0.31 + 1) * Math.exp(-((n % 900) / 300)) +
      0.02 * Math.sin(n * n * 0.37),
  );

const FRAMES = 1024;
const PACKET = 64;

interface Make {
  readonly orders: readonly number[];
  readonly packetFrames?: number;
  readonly windowFrames?: number;
}

const optionsOf = ({ orders, packetFrames = PACKET, windowFrames = FRAMES }: Make) => ({
  packetFrames,
  models: orders.map((order, m) => ({ order, windowFrames: windowFrames >> m })),
  samplesFrames: 16_384,
});

function wasmKernel(make: Make): Kernel {
  const kernel = createWasmKernel(optionsOf(make));
  if (kernel === null) throw new Error('this host has no WebAssembly SIMD');
  return kernel;
}

const plainKernel = (make: Make): Kernel => new PlainModels(optionsOf(make));

/** Room before the signal: what lies before the first window. */
const BEGIN = 1200;

/** Feeds packets behind a window of silence; answers where they end. */
function feed(kernel: Kernel, packets: number, at: (n: number) => number, make: Make): number {
  const { packetFrames = PACKET, windowFrames = FRAMES } = make;
  let end = BEGIN + windowFrames;
  for (let p = 0; p < packets; p++, end += packetFrames) {
    for (let n = 0; n < packetFrames; n++) kernel.samples[end + n] = at(end + n);
    kernel.slide(end);
  }
  return end;
}

const kernels: readonly (readonly [string, (make: Make) => Kernel])[] = [
  ['the plain kernel', plainKernel],
  ['the WebAssembly kernel', wasmKernel],
];

/** −90 dB: the most two implementations may differ. */
const AGREEMENT = 10 ** (-90 / 20);

test.each(kernels)('%s finds the coefficients of Burg’s lattice for each of its models', (_, create) => {
  const make = { orders: [256, 100] };
  const kernel = create(make);
  const end = feed(kernel, 40, sound, make);
  const cases = [255, 128, 1, 2, 3, 7, 16, 33, 256].map((order) => [0, FRAMES, order] as const);
  for (const [model, frames, order] of [...cases, [1, FRAMES / 2, 100] as const]) {
    const reference = segmentBurg(kernel.samples, [{ start: end - frames, end }], order);
    expect(kernel.fit(model, end, frames, order)).toBe(order);
    kernel.forecast(model, end, 100);
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

test.each(kernels)('%s models a young stream by what there is of it', (_, create) => {
  const make = { orders: [64] };
  const kernel = create(make);
  const end = feed(kernel, 5, sound, make);
  const heard = 5 * PACKET;
  const reference = segmentBurg(kernel.samples, [{ start: end - heard, end }], 64);
  expect(kernel.fit(0, end, heard, 64)).toBe(64);
  kernel.forecast(0, end, 1);
  let sum = 0;
  for (let k = 1; k <= 64; k++) sum -= (reference[k] ?? 0) * (kernel.samples[end - k] ?? 0);
  expect(Math.abs((kernel.samples[end] ?? 0) - sum)).toBeLessThan(AGREEMENT);
});

test.each(kernels)('%s forecasts silence from silence', (_, create) => {
  const make = { orders: [64] };
  const kernel = create(make);
  const end = feed(kernel, 20, () => 0, make);
  expect(kernel.fit(0, end, FRAMES, 64)).toBe(0);
  kernel.samples.fill(1, end, end + 50);
  kernel.forecast(0, end, 50);
  expect(kernel.samples.subarray(end, end + 50).every((sample) => sample === 0)).toBe(true);
});

test.each(kernels)(
  '%s keeps its correlations exact: after loud sound it models quiet sound as if it had heard nothing else',
  (_, create) => {
    const make = { orders: [32] };
    const [loudFirst, fresh] = [create(make), create(make)];
    const quiet = (n: number): number => quantised(1e-4 * Math.sin(n * 0.3));
    const isLoud = (n: number): boolean => n < BEGIN + FRAMES + 40 * PACKET;
    const end = feed(loudFirst, 80, (n) => (isLoud(n) ? quantised(3.9 * Math.sin(n * n)) : quiet(n)), make);
    feed(fresh, 80, (n) => (isLoud(n) ? 0 : quiet(n)), make);
    for (const kernel of [loudFirst, fresh]) {
      kernel.fit(0, end, FRAMES, 32);
      kernel.forecast(0, end, 64);
    }
    expect(loudFirst.samples.subarray(end, end + 64)).toEqual(fresh.samples.subarray(end, end + 64));
  },
);

test.each([
  ['fused', FUSED],
  ['separate', SEPARATE],
] as const)('the module of %s products is the same bytes each time and small', (_, kind) => {
  expect(kernelModule(kind)).toEqual(kernelModule(kind));
  expect(kernelModule(kind).length).toBeLessThan(5120);
});

test('where the host does not know the fused products, the separate ones are compiled', () => {
  const unknown = Uint8Array.of(0, 0x61, 0x73, 0x6d, 9, 9, 9, 9);
  expect(compileFirst([unknown, kernelModule(SEPARATE)])).not.toBeNull();
  expect(compileFirst([unknown])).toBeNull();
});

test('40 partials below 9 kHz, which are predictable to the last digit, do not break the recursion at order 1024', () => {
  const make = { orders: [1024], packetFrames: 128, windowFrames: 4096 };
  for (const [, create] of kernels) {
    const kernel = create(make);
    const partials = Array.from({ length: 40 }, (_, i) => i + 1);
    const at = (n: number): number =>
      quantised(partials.reduce((sum, i) => sum + 0.02 * Math.sin(0.0288 * i * n + i * i), 0));
    const end = feed(kernel, 32, at, make);
    kernel.fit(0, end, 4096, 1024);
    kernel.forecast(0, end, 256);
    for (let n = 0; n < 256; n++)
      expect(Math.abs((kernel.samples[end + n] ?? 0) - at(end + n))).toBeLessThan(1e-3);
  }
});

test('lags come in whole groups of sixteen and reach past the order', () => {
  for (const order of [1, 14, 15, 1024]) {
    expect(lagsFor(order) % 16).toBe(0);
    expect(lagsFor(order)).toBeGreaterThan(order + 1);
  }
});
