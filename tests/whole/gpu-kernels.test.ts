import { benchRinger, encodeRingerInput, kernelOf } from '@jamnet/jamnode';
import type { Browser, Page } from 'playwright-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OpenedMesh, openMesh } from '../../packages/studio/src/mesh/testing/open-mesh.ts';
import { builtPage } from './built-page.ts';
import { openBrowserWithGpu } from './page-browser.ts';
import { speak } from './sentences.ts';

// No kind of the catalogue is a shader: a card is reached by ONNX graphs of allowed operators alone. These tests hold what
// that rests on, and what a shader in the same tab does to a node.

let mesh: OpenedMesh;
let browser: Browser;
beforeEach(async () => {
  mesh = await openMesh({ page: builtPage });
  browser = await openBrowserWithGpu();
}, 120_000);
afterEach(async () => {
  await browser?.close();
  await mesh?.close();
}, 120_000);

const NOT_RUN = 'NOT RUN: this browser has no WebGPU adapter in software.';

async function openTab(): Promise<Page> {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${mesh.port}/node/`);
  return tab;
}

function hasGpu(tab: Page): Promise<boolean> {
  return tab.evaluate<boolean>(
    'navigator.gpu?.requestAdapter().then((adapter) => adapter !== null) ?? false',
  );
}

const OUTPUT = '@group(0) @binding(0) var<storage, read_write> o: array<u32>;';

/** Starts a shader over a buffer of `count` numbers; an expression for the page, which gives the numbers unless `reads` is false. */
function shader(code: string, count: number, reads = true): string {
  return `(async () => {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter.requestDevice();
    const module = device.createShaderModule({ code: ${JSON.stringify(code)} });
    const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module, entryPoint: 'main' } });
    const size = ${4 * count};
    const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const out = device.createBuffer({ size, usage: STORAGE | COPY_SRC });
    const read = device.createBuffer({ size, usage: MAP_READ | COPY_DST });
    const entries = [{ binding: 0, resource: { buffer: out } }];
    const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(out, 0, read, 0, size);
    device.queue.submit([encoder.finish()]);
    if (!${reads}) {
      globalThis.endless = { device, ended: false };
      device.queue.onSubmittedWorkDone().then(() => (globalThis.endless.ended = true));
      return 'running';
    }
    await read.mapAsync(GPUMapMode.READ);
    return [...new Uint32Array(read.getMappedRange())];
  })()`;
}

test('a shader that reads and writes far outside of its buffer stays inside of it', async ({ skip }) => {
  const tab = await openTab();
  skip(!(await hasGpu(tab)), NOT_RUN);
  const outside = `${OUTPUT} @compute @workgroup_size(1) fn main() {
    o[0] = 7u;
    for (var i = 0u; i < 1000u; i++) { o[1000000000u + 4099u * i] = 99u; o[1] += o[1000000000u + 4099u * i]; }
    o[2] = arrayLength(&o);
  }`;
  const [kept, sum, length, last] = await tab.evaluate<number[]>(shader(outside, 4));
  expect([kept, length]).toEqual([7, 4]);
  // WGSL lets a stray index reach any element of the same buffer, or none; nothing else may ever be read.
  expect([0, 7, 99]).toContain(last);
  expect((sum ?? -1) % 99).toBe(0);
});

test('the integers of the ringer are the same by WebGPU as by our own code', async ({ skip }) => {
  const tab = await openTab();
  skip(!(await hasGpu(tab)), NOT_RUN);
  const input = { seed: 5, size: 16, rounds: 3 };
  const ringer = `${OUTPUT}
    var<private> a: array<u32, 256>; var<private> b: array<u32, 256>; var<private> c: array<u32, 256>;
    fn drawn(at: u32, state: ptr<function, u32>) -> u32 {
      *state ^= *state << 13u; *state ^= *state >> 17u; *state ^= *state << 5u; return *state;
    }
    @compute @workgroup_size(1) fn main() {
      var left = ${input.seed}u;
      var right = ${input.seed}u ^ 0x5bd1e995u;
      for (var n = 0u; n < 256u; n++) { a[n] = drawn(n, &left); b[n] = drawn(n, &right); }
      for (var round = 0u; round < ${input.rounds}u; round++) {
        for (var n = 0u; n < 256u; n++) {
          var sum = 0u;
          for (var k = 0u; k < 16u; k++) { sum += a[(n / 16u) * 16u + k] * b[k * 16u + n % 16u]; }
          c[n] = sum;
        }
        a = c;
      }
      for (var n = 0u; n < 256u; n++) { o[n] = a[n]; }
    }`;
  const found = await tab.evaluate<number[]>(shader(ringer, 256));
  const ours = benchRinger.run(encodeRingerInput(input));
  if (!ours.ok) throw new Error(ours.message);
  expect(Buffer.from(Uint32Array.from(found).buffer)).toEqual(Buffer.from(ours.value));
});

test('a shader without end keeps its card, and no task waits for it: the node in the same tab computes and earns', async ({
  skip,
}) => {
  const tab = await openTab();
  skip(!(await hasGpu(tab)), NOT_RUN);
  const endless = `${OUTPUT} @compute @workgroup_size(1) fn main() {
    loop { o[0] += 1u; if (o[0] == 0u && o[1] == 5u) { break; } }
  }`;
  expect(await tab.evaluate(shader(endless, 4, false))).toBe('running');
  await speak(tab, 'English');
  const input = encodeRingerInput({ seed: 5, size: 64, rounds: 4 });
  const operations = kernelOf('bench.ringer', 1)?.operations(input);
  if (!operations?.ok) throw new Error('bench.ringer counts its own input');
  const task = { kind: 'bench.ringer', version: 1, input, operations: operations.value, subject: 'take' };
  const created = await mesh.mesh.apply({ type: 'create', tasks: [{ ...task, audience: 'strangers' }] });
  if (!created.ok) throw new Error(created.message);
  await tab.getByRole('button', { name: 'Start computing' }).click();
  expect((await mesh.mesh.untilDone(created.value.tasks)).accepted).toHaveLength(1);
  expect(await tab.evaluate('globalThis.endless.ended')).toBe(false);
});
