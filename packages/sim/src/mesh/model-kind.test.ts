import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Backend,
  drawnImage,
  encodeTensor,
  halved,
  type ModelKernel,
  openModelKernel,
} from '@jamnet/jamnode';
import {
  Catalogue,
  type CatalogueEntry,
  Coordinator,
  chunkOf,
  compareChunk,
  contributionOf,
} from '@jamnet/mesh';
import { openMeshStore } from '@jamnet/mesh/store';
import { type HostAtHand, partsFor, register } from '@jamnet/mesh/testing';
import { openDatabase } from '@jamnet/sql';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** The one file. */
const MODEL = readFileSync(new URL('../../../jamnode/models/image-upscale-1.onnx', import.meta.url));

/** The one catalogue entry. Its meter is what the one line of the policy names. */
const ENTRY: CatalogueEntry = {
  kind: 'image.upscale',
  version: 1,
  kernelSha256: '00'.repeat(32),
  modelSha256: createHash('sha256').update(MODEL).digest('hex'),
  limits: { inputBytesMax: 1 << 20, resultBytesMax: 1 << 22, operationsMax: 100_000_000n },
  chunkCount: 8,
  tolerance: { rule: 'snr', decibelMin: 110 },
  deadlineMs: 60_000,
  privacy: 'public',
  lane: 'batch',
  meter: 'compute/image-upscale',
};

const IMAGES = 6;
const inputs = Array.from({ length: IMAGES }, (_, number) => {
  const { rows, columns, pixels } = halved(drawnImage(`image ${number}`, 64));
  return encodeTensor({ dims: [1, 1, rows, columns], values: pixels });
});
const kernels = new Map<Backend, ModelKernel>();
/** What a host in WebAssembly computes, by input. */
const honest = new Map<string, Uint8Array>();
const nameOf = (input: Uint8Array) => createHash('sha256').update(input).digest('hex');

beforeAll(async () => {
  for (const backend of ['cpu', 'wasm'] as const) {
    const kernel = await openModelKernel(ENTRY, MODEL, backend);
    if (!kernel.ok) throw new Error(kernel.message);
    kernels.set(backend, kernel.value);
  }
  for (const input of inputs) {
    const result = await kernelOf('wasm').run(input);
    if (!result.ok) throw new Error(result.message);
    honest.set(nameOf(input), result.value);
  }
});
afterAll(async () => {
  for (const kernel of kernels.values()) await kernel.close();
});

function kernelOf(backend: Backend): ModelKernel {
  const kernel = kernels.get(backend);
  if (!kernel) throw new Error(`no ${backend}`);
  return kernel;
}

async function withCoordinator(work: (coordinator: Coordinator) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-model-kind-'));
  const database = openDatabase({ directory });
  const parts = { ...partsFor({ seed: 'model kind' }), catalogue: new Catalogue([ENTRY]) };
  try {
    await work(new Coordinator(parts, await openMeshStore(database)));
  } finally {
    await database.close();
    rmSync(directory, { recursive: true });
  }
}

async function createTasks(coordinator: Coordinator): Promise<void> {
  const tasks = inputs.map((input, number) => {
    const operations = kernelOf('cpu').operations(input);
    if (!operations.ok) throw new Error(operations.message);
    return { kind: ENTRY.kind, version: 1, input, operations: operations.value, subject: `image-${number}` };
  });
  const { answer } = await coordinator.apply(0n, { type: 'create', tasks });
  if (!answer.ok) throw new Error(answer.message);
}

/** The studio's own host, on another back end than theirs. */
async function runChecks(coordinator: Coordinator): Promise<void> {
  for (const check of await coordinator.openChecks(100)) {
    const input = (await coordinator.blob(check.inputHash)) ?? new Uint8Array();
    const claimed = (await coordinator.blob(check.resultHash)) ?? new Uint8Array();
    const truth = await kernelOf('cpu').run(input);
    if (!truth.ok) throw new Error(truth.message);
    const agreements = check.chunks.map((chunk) =>
      compareChunk(ENTRY.tolerance, chunk, chunkOf(truth.value, 8, chunk), chunkOf(claimed, 8, chunk)),
    );
    await coordinator.apply(2n, { type: 'checked', check: check.id, outcome: { ran: true, agreements } });
  }
}

const work = (round: (result: Uint8Array) => Uint8Array) => (input: Uint8Array) =>
  round(honest.get(nameOf(input)) ?? new Uint8Array());

test('a kind from another trade is an entry and a file: computed in WebAssembly, re-run natively, paid under its own meter', () =>
  withCoordinator(async (coordinator) => {
    const host: HostAtHand = await register(coordinator, 'ada', {
      kind: ENTRY.kind,
      compute: work((result) => result),
    });
    await createTasks(coordinator);
    await host.workOff(coordinator, 1n);
    await runChecks(coordinator);
    await coordinator.apply(3n, { type: 'settle' });
    const paid = (await coordinator.work({ state: 'released' })).map(contributionOf);
    expect(paid).toHaveLength(IMAGES);
    for (const { meter, merit } of paid) expect({ meter, merit }).toEqual({ meter: ENTRY.meter, merit: 1n });
  }));

test('a host that returns it in 8 bits is refused with the decibels and what was needed', () =>
  withCoordinator(async (coordinator) => {
    const cheat = await register(coordinator, 'eve', { kind: ENTRY.kind, compute: work(inEightBits) });
    await createTasks(coordinator);
    await cheat.workOff(coordinator, 1n);
    await runChecks(coordinator);
    expect(await coordinator.work({ state: 'held' })).toEqual([]);
    const [node] = await coordinator.nodes();
    expect(node?.state).toBe('banned');
    const sentences = (await coordinator.evidenceOf(cheat.id, 50)).map((row) => row.sentence);
    expect(sentences.join('\n')).toMatch(/refused because chunk \d agreed to \d\d dB, needs 110\./);
  }));

/** Each pixel as one of 255 steps, as an image file has it. */
function inEightBits(result: Uint8Array): Uint8Array {
  const rounded = result.slice();
  const view = new DataView(rounded.buffer);
  for (let at = 0; at < rounded.length; at += 4)
    view.setFloat32(at, Math.round(255 * view.getFloat32(at, true)) / 255, true);
  return rounded;
}

test('another file than the one the entry names is not opened', async () => {
  const other = Uint8Array.from(MODEL);
  other[other.length - 1] = (other[other.length - 1] ?? 0) ^ 1;
  expect(await openModelKernel(ENTRY, other, 'wasm')).toMatchObject({ ok: false, code: 'model-other' });
});

test.each([
  ['cut off', 'input-malformed', new Uint8Array(7)],
  ['of no size', 'input-malformed', encodeTensor({ dims: [1, 1, 0, 8], values: new Float32Array(0) })],
  [
    'of 4 TB',
    'input-malformed',
    encodeTensor({ dims: [1, 1, 2 ** 20, 2 ** 20], values: new Float32Array(1) }),
  ],
  ['in colour', 'shape-unsound', encodeTensor({ dims: [1, 3, 8, 8], values: new Float32Array(192) })],
  [
    'with more to compute than the entry allows',
    'operations-too-many',
    encodeTensor({ dims: [1, 1, 500, 500], values: new Float32Array(250_000) }),
  ],
])('an input %s is refused before anything runs: %s', async (_, code, input) => {
  expect(await kernelOf('wasm').run(input)).toMatchObject({ ok: false, code });
});
