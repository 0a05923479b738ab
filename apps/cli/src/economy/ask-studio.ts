import { bigintAsText, type Result } from '@jamnet/base';
import { type CommandContext, orEnd, print } from '../context.ts';
import { accessStudio, type StudioAccess } from '../studio-access.ts';

/** What every command that asks a studio takes. */
export interface AskOptions {
  readonly data: string;
  readonly json?: boolean;
}

/**
 * Asks one question of the studio, running or stopped, and prints its answer; a refusal ends the command. `T` is the shape
 * that the route of the question documents, amounts and times as decimal text.
 */
export async function askStudio<T>(
  context: CommandContext,
  options: AskOptions,
  question: (studio: StudioAccess) => Promise<Result<unknown>>,
  text: (answer: T) => string = (answer) => JSON.stringify(answer, null, 2),
): Promise<T> {
  const studio = await accessStudio(context, options.data);
  try {
    const value = orEnd(await question(studio));
    // The same shape whether it came by HTTP or from here.
    const answer = JSON.parse(JSON.stringify(value, bigintAsText)) as T;
    print(context, options.json, answer, () => text(answer));
    return answer;
  } finally {
    await studio.close();
  }
}
