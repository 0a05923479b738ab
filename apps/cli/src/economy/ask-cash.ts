import { bigintAsText, type Result } from '@jamnet/base';
import { type CommandContext, orEnd, print } from '../context.ts';
import { accessStudio } from '../studio-access.ts';
import type { OperatorCash } from './cash-over-http.ts';

/** What every command on payees and payouts takes. */
export interface CashOptions {
  readonly data: string;
  readonly json?: boolean;
}

/** Asks one question of the studio, running or stopped, and prints its answer; a refusal ends the command. */
export async function askCash<T>(
  context: CommandContext,
  options: CashOptions,
  question: (desk: OperatorCash) => Promise<Result<unknown>>,
  text: (answer: T) => string,
): Promise<T> {
  const studio = await accessStudio(context, options.data);
  try {
    const value = orEnd(await question(studio.cash));
    // The same shape whether it came by HTTP or from here: amounts and times as decimal text.
    const answer = JSON.parse(JSON.stringify(value, bigintAsText)) as T;
    print(context, options.json, answer, () => text(answer));
    return answer;
  } finally {
    await studio.close();
  }
}
