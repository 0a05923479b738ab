import { ok, type Result, refuse } from '@jamnet/base';
import { compareChunk } from '@jamnet/mesh';
import { shippedModels } from '../models/shipped-models.ts';
import { drawnImage } from '../onnx/fit-upscaler.ts';
import { type ModelKernelCode, openModelKernel } from '../onnx/model-kernel.ts';
import type { Backend } from '../onnx/run-model.ts';
import { encodeTensor } from '../onnx/tensor-bytes.ts';

/** How fast two back ends compute a kind, and how well they agree. */
export interface BackendsCompared {
  readonly kind: string;
  /** 10⁹ stated operations a second, the quickest of {@link RUNS} after one to warm up. */
  readonly referenceGigaflops: number;
  readonly gigaflops: number;
  /** Signal to noise of the second against the first, dB, at most 400. */
  readonly agreementDecibel: number;
}

const RUNS = 5;
/** Edge of the image, pixels: large enough that a card is not measured by its way there and back alone. */
const EDGE = 256;
const OPERATIONS_MAX = 10n ** 12n;

/** Runs every kind that is a model on both back ends. Refused with what the second said when it cannot be opened or run. */
export async function compareBackends(
  [reference, other]: readonly [Backend, Backend],
  nowMs: () => number,
): Promise<Result<BackendsCompared[], ModelKernelCode>> {
  const rows: BackendsCompared[] = [];
  const { rows: height, columns, pixels } = drawnImage('backends', EDGE);
  const input = encodeTensor({ dims: [1, 1, height, columns], values: pixels });
  for (const model of shippedModels()) {
    const first = await timed(model, input, reference, nowMs);
    if (!first.ok) return first;
    const second = await timed(model, input, other, nowMs);
    if (!second.ok) return second;
    const { milliDecibel } = compareChunk(
      { rule: 'snr', decibelMin: 0 },
      0,
      first.value.result,
      second.value.result,
    );
    rows.push({
      kind: model.kind,
      referenceGigaflops: first.value.gigaflops,
      gigaflops: second.value.gigaflops,
      agreementDecibel: (milliDecibel ?? 0) / 1000,
    });
  }
  return ok(rows);
}

async function timed(
  { kind, sha256: modelSha256, bytes }: ReturnType<typeof shippedModels>[number],
  input: Uint8Array,
  backend: Backend,
  nowMs: () => number,
): Promise<Result<{ result: Uint8Array; gigaflops: number }, ModelKernelCode>> {
  const entry = { kind, modelSha256, chunkCount: 1, limits: { operationsMax: OPERATIONS_MAX } };
  const kernel = await openModelKernel(entry, bytes, backend);
  if (!kernel.ok) return kernel;
  try {
    const operations = kernel.value.operations(input);
    if (!operations.ok) return operations;
    let result = await kernel.value.run(input);
    let quickestMs = Number.POSITIVE_INFINITY;
    for (let run = 0; run < RUNS && result.ok; run++) {
      const begunMs = nowMs();
      result = await kernel.value.run(input);
      quickestMs = Math.min(quickestMs, nowMs() - begunMs);
    }
    if (!result.ok) return result;
    if (!(quickestMs > 0)) return refuse('kernel-failed', 'The clock did not move.');
    return ok({ result: result.value, gigaflops: Number(operations.value) / quickestMs / 1e6 });
  } finally {
    await kernel.value.close();
  }
}
