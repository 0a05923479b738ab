import { type Result, refuse } from '@jamnet/base';
import { type ModelKernel, openModelKernel } from '../onnx/model-kernel.ts';
import { serveJobs } from './serve-jobs.ts';
import type { JobHead, SlotCode } from './slot-protocol.ts';

/** The process of a slot that runs models: ONNX Runtime as WebAssembly, and a file that comes in front of each input. */
serveJobs(compute);

/** The model opened last and under which limits. */
let opened: { readonly use: string; readonly kernel: ModelKernel } | null = null;

async function compute(job: JobHead, body: Uint8Array): Promise<Result<Uint8Array, SlotCode>> {
  const { kind, model, chunk } = job;
  if (model === null) return refuse('kernel-unknown', `${kind} is no model.`);
  const kernel = await kernelOf(job, body.subarray(0, model.bytes));
  if (!kernel.ok) return kernel;
  const input = body.subarray(model.bytes);
  const outcome = chunk === null ? await kernel.value.run(input) : await kernel.value.runChunk(input, chunk);
  if (outcome.ok) return outcome;
  // What the graph makes of this input is refused before it runs: another input may fit.
  const code = outcome.code === 'kernel-failed' ? outcome.code : 'input-malformed';
  return refuse(code, `${outcome.code}: ${outcome.message}`);
}

/** Opens a model at its first job and keeps the last: a node mostly has many tasks of one kind. */
async function kernelOf(job: JobHead, bytes: Uint8Array): Promise<Result<ModelKernel, SlotCode>> {
  const { kind, model } = job;
  if (model === null) return refuse('kernel-unknown', `${kind} is no model.`);
  const use = JSON.stringify(model);
  if (opened?.use === use) return { ok: true, value: opened.kernel };
  await opened?.kernel.close();
  opened = null;
  const { sha256: modelSha256, chunkCount, operationsMax } = model;
  const limits = { operationsMax: BigInt(operationsMax) };
  const kernel = await openModelKernel({ kind, modelSha256, chunkCount, limits }, bytes, 'wasm');
  if (!kernel.ok) return refuse('model-refused', `${kernel.code}: ${kernel.message}`);
  opened = { use, kernel: kernel.value };
  return kernel;
}
