import type { InsideQuestion } from '@jamnet/studio';
import { type CommandContext, orEnd } from '../context.ts';
import { accessStudio } from '../studio-access.ts';

/** Asks the studio of a data directory, running or stopped, one question; a refusal ends the command. */
export async function askRoute(
  context: CommandContext,
  directory: string,
  question: InsideQuestion,
): Promise<string> {
  const studio = await accessStudio(context, directory);
  try {
    return orEnd(await studio.route(question));
  } finally {
    await studio.close();
  }
}

/** The same, where the answer is JSON whose amounts are decimal text. `T` is the shape that the route documents. */
export async function askJson<T>(
  context: CommandContext,
  directory: string,
  question: InsideQuestion,
): Promise<T> {
  return JSON.parse(await askRoute(context, directory, question)) as T;
}
