import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { MODELS_PATH, shippedModels } from '@jamnet/jamnode';
import { writeWhole } from '../config/write-whole.ts';

/** Puts the models that the catalogue names where nodes fetch them by their hash; what is there already is left. */
export function publishModels(publicDirectory: string): void {
  for (const { sha256, bytes } of shippedModels()) {
    const file = join(publicDirectory, basename(MODELS_PATH), `${sha256}.onnx`);
    if (!existsSync(file)) writeWhole(file, bytes);
  }
}
