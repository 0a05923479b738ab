import { createHash } from 'node:crypto';
import { ok, type Result, refuse } from '@jamnet/base';
import type { CatalogueEntry } from '@jamnet/mesh';
import { chunkOf } from '@jamnet/mesh/chunks';
import type { KernelCode } from '../kernels/kernel.ts';
import type { ModelCode } from './model-code.ts';
import { type ModelPlan, planModel } from './plan-model.ts';
import { readModel } from './read-model.ts';
import { type Backend, ModelRunner } from './run-model.ts';
import { decodeTensor, floatsToBytes, type InputTensor } from './tensor-bytes.ts';

export type ModelKernelCode = KernelCode | ModelCode | 'model-other' | 'kernel-failed';

/** A kind that is nothing but a catalogue entry and the ONNX file whose hash it names. */
export interface ModelKernel {
  /** Stated operations of this input, from the graph and the input's shape. */
  operations(input: Uint8Array): Result<bigint, ModelKernelCode>;
  run(input: Uint8Array): Promise<Result<Uint8Array, ModelKernelCode>>;
  /** One chunk of what `run` gives. A graph cannot be cut in general: the whole is computed. */
  runChunk(input: Uint8Array, chunk: number): Promise<Result<Uint8Array, ModelKernelCode>>;
  close(): Promise<void>;
}

/** What of a catalogue entry a model is opened by. */
export type ModelEntry = Pick<CatalogueEntry, 'kind' | 'modelSha256' | 'chunkCount'> & {
  readonly limits: Pick<CatalogueEntry['limits'], 'operationsMax'>;
};

/** Reads the model, and opens it only if it is the entry's and nothing in it could reach outside or outgrow the entry's limits. */
export async function openModelKernel(
  entry: ModelEntry,
  bytes: Uint8Array,
  backend: Backend,
): Promise<Result<ModelKernel, ModelKernelCode>> {
  if (createHash('sha256').update(bytes).digest('hex') !== entry.modelSha256)
    return refuse(
      'model-other',
      `The file is not the model that "${entry.kind}" names: fetch it by its hash.`,
    );
  const model = readModel(bytes);
  if (!model.ok) return model;
  const plan = (input: Uint8Array): Result<{ tensor: InputTensor; plan: ModelPlan }, ModelKernelCode> => {
    const tensor = decodeTensor(input);
    if (!tensor.ok) return tensor;
    const planned = planModel(model.value, tensor.value.dims, entry.limits.operationsMax);
    return planned.ok ? ok({ tensor: tensor.value, plan: planned.value }) : planned;
  };
  let runner: ModelRunner;
  try {
    runner = await ModelRunner.open(model.value, bytes, backend);
  } catch (error) {
    return failed(entry.kind, error);
  }
  const run = async (input: Uint8Array): Promise<Result<Uint8Array, ModelKernelCode>> => {
    const planned = plan(input);
    if (!planned.ok) return planned;
    try {
      return ok(floatsToBytes(await runner.run(planned.value.tensor)));
    } catch (error) {
      return failed(entry.kind, error);
    }
  };
  return ok({
    operations: (input) => {
      const planned = plan(input);
      return planned.ok ? ok(planned.value.plan.operations) : planned;
    },
    run,
    runChunk: async (input, chunk) => {
      const whole = await run(input);
      return whole.ok ? ok(chunkOf(whole.value, entry.chunkCount, chunk)) : whole;
    },
    close: () => runner.close(),
  });
}

function failed(kind: string, error: unknown): Result<never, ModelKernelCode> {
  return refuse('kernel-failed', `${kind}: ${error instanceof Error ? error.message : 'failed'}`);
}
