import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Failure } from '@jamnet/base';
import { decodeModel, type GrooveModel } from '@jamnet/groove/forecasting';

let read: GrooveModel | undefined;

/** The trained groove model that this program is shipped with, read once. */
export function releasedModel(): GrooveModel {
  read ??= modelIn(releasedModelFile());
  return read;
}

/** The same as a file's bytes. */
export function releasedModelBytes(): Uint8Array {
  return readFileSync(releasedModelFile());
}

function releasedModelFile(): string {
  return fileURLToPath(import.meta.resolve('@jamnet/groove/models/groove-1.model'));
}

/** A model file of one's own. Throws `model-malformed` or `model-unfit`. */
export function modelIn(file: string): GrooveModel {
  const model = decodeModel(readFileSync(file));
  if (!model.ok) throw new Failure(model.code, `${file}: ${model.message}`);
  return model.value;
}
