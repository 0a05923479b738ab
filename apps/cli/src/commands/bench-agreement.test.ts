import { expect, test } from 'vitest';
import { agreementText } from './bench-agreement.ts';

const ROW = {
  model: 'image.upscale',
  gateDecibel: 110,
  honestDecibel: 146.84,
  cheatDecibel: { fp16: 67, int8: 39.25, bf16: 48, pruned: 33 },
} as const;

test('a row tells the gate, the honest and each cheat; a back end that did not run is named with its reason', () => {
  const text = agreementText({
    rows: [{ ...ROW, backend: 'wasm' }],
    webgpu: { ran: 'none', driver: null, message: 'No supported adapters' },
  });
  const [head, row, last] = text.split('\n');
  expect(head).toMatch(/^model +computed by +gate +honest +fp16 +int8 +bf16 +1 % pruned$/);
  expect(row).toMatch(/^image\.upscale +wasm +110\.0 +146\.8 +67\.0 +39\.3 +48\.0 +33\.0$/);
  expect(last).toBe('WebGPU was not run: No supported adapters');
});

test('a driver in software is never called a card', () => {
  const webgpu = { ran: 'software', driver: '/lib/swiftshader.json', message: null } as const;
  expect(agreementText({ rows: [], webgpu }).split('\n').at(-1)).toBe(
    'WebGPU in software (/lib/swiftshader.json).',
  );
});
