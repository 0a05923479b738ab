import type { Result } from '@jamnet/base';
import type { CommandContext } from '../context.ts';
import { type AskOptions, askStudio } from './ask-studio.ts';
import type { OperatorCash } from './cash-over-http.ts';

/** Payees and payouts: as {@link askStudio}. */
export function askCash<T>(
  context: CommandContext,
  options: AskOptions,
  question: (cash: OperatorCash) => Promise<Result<unknown>>,
  text?: (answer: T) => string,
): Promise<T> {
  return askStudio(context, options, ({ cash }) => question(cash), text);
}
