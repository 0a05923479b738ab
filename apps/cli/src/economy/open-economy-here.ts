import { existsSync } from 'node:fs';
import { type Economy, openEconomyDirectory } from '@jamnet/economy';
import { isDirectoryInUse } from '@jamnet/studio';
import type { CommandContext } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

/**
 * The economy of a data directory whose studio does not run: only one process may write the books. What is posted here gets
 * its leaf in the published log when the studio starts again.
 */
export async function withEconomy<T>(
  context: CommandContext,
  directory: string,
  work: (economy: Economy) => Promise<T>,
): Promise<T> {
  if (!existsSync(directory))
    throw new CommandError(
      'no-data',
      `${directory} is not there: start the studio once, or name it with --data.`,
      EXIT.usage,
    );
  if (isDirectoryInUse(directory))
    throw new CommandError(
      'studio-runs',
      'A studio runs on this data directory: stop it first.',
      EXIT.refused,
    );
  const { economy, close } = await openEconomyDirectory({ directory, databaseUrl: context.databaseUrl });
  try {
    return await work(economy);
  } finally {
    await close();
  }
}
