import { ok, type Result, refuse } from '@jamnet/base';
import type { KernelCode } from '../kernels/kernel.ts';
import { TENSOR_ELEMENTS_MAX } from './plan-model.ts';

/** Input of a task whose kind is a model. */
export interface InputTensor {
  /** 1 … 8 of them, each at least 1. */
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

const RANK_MAX = 8;

/** Little-endian: u32 rank, u32 per dimension, then float32. */
export function encodeTensor({ dims, values }: InputTensor): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * dims.length + 4 * values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, dims.length, true);
  for (const [axis, dim] of dims.entries()) view.setUint32(4 + 4 * axis, dim, true);
  bytes.set(floatsToBytes(values), 4 + 4 * dims.length);
  return bytes;
}

export function decodeTensor(bytes: Uint8Array): Result<InputTensor, KernelCode> {
  const malformed = refuse(
    'input-malformed',
    'The input is u32 rank (1 to 8), u32 dimensions and exactly as many float32.',
  );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rank = bytes.length >= 4 ? view.getUint32(0, true) : 0;
  if (rank < 1 || rank > RANK_MAX || bytes.length < 4 + 4 * rank) return malformed;
  const dims = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis, true));
  const elements = dims.reduce((product, dim) => product * dim, 1);
  if (elements < 1 || elements > TENSOR_ELEMENTS_MAX) return malformed;
  if (bytes.length !== 4 + 4 * rank + 4 * elements) return malformed;
  return ok({ dims, values: bytesToFloats(bytes.subarray(4 + 4 * rank)) });
}

export function floatsToBytes(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [index, value] of values.entries()) view.setFloat32(4 * index, value, true);
  return bytes;
}

export function bytesToFloats(bytes: Uint8Array): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) =>
    view.getFloat32(4 * index, true),
  );
}
