import type { Result } from '@jamnet/base';
import type { OperatorDesk } from '@jamnet/studio';
import type { CommandContext } from '../context.ts';
import { type AskOptions, askStudio } from './ask-studio.ts';

/** Rules, revenue and hardware: as {@link askStudio}. */
export async function askDesk<T>(
  context: CommandContext,
  options: AskOptions,
  question: (desk: OperatorDesk) => Promise<Result<unknown>>,
  text?: (answer: T) => string,
): Promise<void> {
  await askStudio(context, options, ({ desk }) => question(desk), text);
}
