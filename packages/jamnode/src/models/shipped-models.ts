import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';

const DIRECTORY = join(import.meta.dirname, '../../models');

/** A kind and its file, which this program is shipped with. */
interface ShippedModel {
  readonly kind: string;
  /** Hex. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

let read: readonly ShippedModel[] | undefined;

/** The ONNX files of the standard catalogue, read once. */
export function shippedModels(): readonly ShippedModel[] {
  read ??= [shipped('image.upscale', 'image-upscale-1.onnx')];
  return read;
}

function shipped(kind: string, name: string): ShippedModel {
  const bytes = readFileSync(join(DIRECTORY, name));
  return { kind, sha256: createHash('sha256').update(bytes).digest('hex'), bytes };
}

/** One of them, for whoever needs no network to have it. */
export async function shippedModel(sha256: string): Promise<Result<Uint8Array, 'model-refused'>> {
  const model = shippedModels().find((one) => one.sha256 === sha256);
  return model
    ? ok(model.bytes)
    : refuse('model-refused', `This program has no model ${sha256}: install the version that has it.`);
}
