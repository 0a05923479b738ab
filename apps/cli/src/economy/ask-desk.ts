import { bigintAsText, type Result } from '@jamnet/base';
import type { OperatorDesk } from '@jamnet/studio';
import { type CommandContext, orEnd, print } from '../context.ts';
import { accessStudio } from '../studio-access.ts';

/** What every command of the desk takes. */
export interface DeskOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** Asks one question of the studio, running or stopped, and prints its answer; a refusal ends the command. */
export async function askDesk<T>(
  context: CommandContext,
  options: DeskOptions,
  question: (desk: OperatorDesk) => Promise<Result<unknown>>,
  text: (answer: T) => string = (answer) => JSON.stringify(answer, bigintAsText, 2),
): Promise<void> {
  const studio = await accessStudio(context, options.data);
  try {
    // The desk's answers have the shapes that its routes document.
    const answer = orEnd(await question(studio.desk)) as T;
    print(context, options.json, answer, () => text(answer));
  } finally {
    await studio.close();
  }
}
