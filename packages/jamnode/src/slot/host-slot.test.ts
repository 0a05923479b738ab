import { ok, type Result } from '@jamnet/base';
import { compareChunk } from '@jamnet/mesh';
import { afterAll, afterEach, expect, test } from 'vitest';
import { deferred } from '../deferred.ts';
import { encodeRingerInput } from '../kernels/ringer.ts';
import { shippedModel, shippedModels } from '../models/shipped-models.ts';
import { drawnImage, halved } from '../onnx/fit-upscaler.ts';
import { openModelKernel } from '../onnx/model-kernel.ts';
import { encodeTensor } from '../onnx/tensor-bytes.ts';
import { HostSlot, type ModelSource } from './host-slot.ts';
import type { SlotCode } from './slot-protocol.ts';

const [MODEL] = shippedModels();
if (!MODEL) throw new Error('a model is shipped');
const USE = { sha256: MODEL.sha256, chunkCount: 8, operationsMax: '1000000000' };
const { rows, columns, pixels } = halved(drawnImage('slot', 64));
const IMAGE = encodeTensor({ dims: [1, 1, rows, columns], values: pixels });
const TASK = { kind: MODEL.kind, version: 1, input: IMAGE, model: USE };
const TIMEOUT_MS = 60_000;

let source: ModelSource = shippedModel;
/** One for all tests: what is refused in one must not change the next. */
const slot = new HostSlot({}, (sha256) => source(sha256));
afterEach(() => {
  source = shippedModel;
});
afterAll(() => slot.close());

test('a model is computed in a confined process, whole and by chunk, as native code computes it', async () => {
  const native = await openModelKernel(
    { kind: MODEL.kind, modelSha256: MODEL.sha256, chunkCount: 8, limits: { operationsMax: 10n ** 9n } },
    MODEL.bytes,
    'cpu',
  );
  if (!native.ok) throw new Error(native.message);
  const truth = await native.value.run(IMAGE);
  await native.value.close();
  const { outcome } = await slot.run(TASK, TIMEOUT_MS);
  if (!outcome.ok || !truth.ok) throw new Error('not computed');
  const { milliDecibel } = compareChunk({ rule: 'snr', decibelMin: 110 }, 0, truth.value, outcome.value);
  expect(milliDecibel).toBeGreaterThan(130_000);
  const chunk = await slot.run({ ...TASK, chunk: 3 }, TIMEOUT_MS);
  const bytes = outcome.value.length / 8;
  expect(chunk.outcome).toEqual(ok(outcome.value.subarray(3 * bytes, 4 * bytes)));
});

test('kernels of this build go on in a process of their own', async () => {
  expect((await slot.run(TASK, TIMEOUT_MS)).outcome.ok).toBe(true);
  const ringer = {
    kind: 'bench.ringer',
    version: 1,
    input: encodeRingerInput({ seed: 1, size: 16, rounds: 1 }),
  };
  expect((await slot.run(ringer, TIMEOUT_MS)).outcome.ok).toBe(true);
});

test.each([
  ['model-refused', 'model-other: ', async () => ok(Uint8Array.of(1, 2, 3)), {}],
  [
    'model-refused',
    'This program has no model',
    shippedModel,
    { model: { ...USE, sha256: '00'.repeat(32) } },
  ],
  ['input-malformed', 'input-malformed: ', shippedModel, { input: new Uint8Array(7) }],
  ['input-malformed', 'operations-too-many: ', shippedModel, { model: { ...USE, operationsMax: '10' } }],
] as const)('%s (%s…) is answered, and the slot lives on', async (code, begins, from, change) => {
  source = from;
  const { outcome } = await slot.run({ ...TASK, ...change }, TIMEOUT_MS);
  expect(outcome).toMatchObject({ ok: false, code });
  expect(!outcome.ok && outcome.message.startsWith(begins)).toBe(true);
});

test('a model that arrives after its owner took the machine back is not begun', async () => {
  const { promise, resolve } = deferred<Result<Uint8Array, SlotCode>>();
  source = () => promise;
  const running = slot.run(TASK, TIMEOUT_MS);
  slot.stop();
  resolve(ok(MODEL.bytes));
  expect((await running).outcome).toMatchObject({ ok: false, code: 'slot-stopped' });
});
