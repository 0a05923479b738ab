import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Failure } from '@jamnet/base';
import { decodeModel, type GrooveModel } from '@jamnet/groove';

let read: GrooveModel | undefined;

/** The trained groove model that this program is shipped with, read once. */
export function releasedModel(): GrooveModel {
  read ??= modelIn(fileURLToPath(import.meta.resolve('@jamnet/groove/models/groove-1.model')));
  return read;
}

/** A model file of one's own. Throws `model-malformed` or `model-unfit`. */
export function modelIn(file: string): GrooveModel {
  const model = decodeModel(readFileSync(file));
  if (!model.ok) throw new Failure(model.code, `${file}: ${model.message}`);
  return model.value;
}
