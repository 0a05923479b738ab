import { existsSync } from 'node:fs';
import { Failure } from '@jamnet/base';
import type { GrooveModel } from '@jamnet/groove';
import { modelIn, releasedModel } from '@jamnet/jamnode';
import { CommandError, EXIT } from '../exit-codes.ts';

export const MODEL_OPTION = [
  '--model <name>',
  'groove-1, the released model; house-2; or the file of a model of your own',
  'groove-1',
] as const;

/** The released model by its name, or a file. */
export function chosenModel(name: string): GrooveModel {
  if (name === 'groove-1') return releasedModel();
  if (!existsSync(name))
    throw new CommandError(
      'option-invalid',
      `--model ${name}: name groove-1, house-2 or a model file.`,
      EXIT.usage,
    );
  try {
    return modelIn(name);
  } catch (error) {
    if (error instanceof Failure) throw new CommandError(error.code, error.message, EXIT.usage);
    throw error;
  }
}
