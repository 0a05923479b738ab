export type { NodeEvent, OnEvent } from './client/events.ts';
export { modelUse } from './client/model-use.ts';
export type { Tamper } from './client/work-loop.ts';
export { askControl } from './host/ask-control.ts';
export type { ControlWord } from './host/control-server.ts';
export { NodeDirectory, type NodeOwner } from './host/node-directory.ts';
export type { NodeStatus } from './host/node-status.ts';
export { type HostOptions, runHost } from './host/run-host.ts';
export {
  decodeFingerprint,
  encodeFingerprintInput,
  type FingerprintInput,
  fingerprintMatch,
  type Landmark,
  takeFingerprint,
} from './kernels/fingerprint.ts';
export { CHUNK_COUNT, type Kernel, type KernelCode } from './kernels/kernel.ts';
export { KERNELS, kernelOf } from './kernels/kernels.ts';
export {
  type BlendStep,
  decodeBlendCheckpoint,
  encodeBlendCheckpoint,
  encodeBlendStep,
  pnbtrTrainStep,
} from './kernels/pnbtr-train-step.ts';
export {
  decodeRepairInput,
  decodeRepairResult,
  EXCERPT_SECONDS_MAX,
  encodeRepairInput,
  REPAIR_SPANS_MAX,
  type RepairInput,
  takeRepair,
} from './kernels/repair.ts';
export { benchRinger, encodeRingerInput, type RingerInput } from './kernels/ringer.ts';
export { kernelSha256 } from './kernels/source-hash.ts';
export { COMPUTE_METER, standardCatalogue } from './kernels/standard-catalogue.ts';
export { benchWave, encodeWaveInput, type WaveInput } from './kernels/wave.ts';
export type { AgreementRow } from './machine/agreement.ts';
export { checkGpu, type GpuCheck } from './machine/check-gpu.ts';
export { compareHosts, type HostsCompared } from './machine/compare-hosts.ts';
export { listDevices } from './machine/list-devices.ts';
export { MODELS_PATH } from './models/fetch-model.ts';
export { shippedModel, shippedModels } from './models/shipped-models.ts';
export { type Benchmark, benchmark } from './node/benchmark.ts';

export type { ForecasterChoice } from './node/groove-host.ts';
export { openNodeKey, payeeOf, seedFromFile } from './node/node-key.ts';
export {
  type NodeKey,
  nodeKeyFromSeed,
  platformSha256,
  platformVerifySignature,
} from './node/platform-crypto.ts';
export { modelIn, releasedModel, releasedModelBytes } from './node/released-model.ts';
export { type NodeOptions, runNode } from './node/run-node.ts';

export { drawnImage, type GreyImage, halved } from './onnx/fit-upscaler.ts';
export type { ModelCode } from './onnx/model-code.ts';
export { type ModelKernel, type ModelKernelCode, openModelKernel } from './onnx/model-kernel.ts';
export type { Backend } from './onnx/run-model.ts';
export { encodeTensor, type InputTensor } from './onnx/tensor-bytes.ts';
export { type ModelToWrite, writeModel } from './onnx/write-model.ts';
export type { FarmNode } from './pairing/farm-node.ts';
export { askFarm, type Farm, pairWithOwner } from './pairing/owner-desk.ts';
export { farmStatement, pairStatement } from './pairing/statements.ts';
export { formatHostRules, type HostRules, parseHostRules, RULE_RANGES } from './rules/host-rules.ts';
export { HostSlot } from './slot/host-slot.ts';
export { Slot, type SlotOptions } from './slot/slot.ts';
export type { SlotCode, SlotRun } from './slot/slot-protocol.ts';
