import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { accessStudio } from '../studio-access.ts';

interface EraseOptions {
  data: string;
  player: string;
  json?: boolean;
}

export function addTakeErase(take: Command, context: CommandContext): void {
  take
    .command('erase <id>')
    .description(
      'erase a take that a player of it wants gone: file, object store, what hosts were sent of it',
    )
    .requiredOption('--player <name>', 'who plays in it and took the consent back')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      `\nExample:\n  jamnet take erase ${'ab'.repeat(32)} --player ada\n\nFor good: it is not taken in again. Its hash, and what it earned, stay. Out of training alone: jamnet groove revoke.`,
    )
    .action(async (id: string, options: EraseOptions) => {
      const studio = await accessStudio(context, options.data);
      try {
        const path = `/api/training/takes/${encodeURIComponent(id)}/erase`;
        const body = { player: options.player };
        const answer = orEnd(await studio.route({ method: 'POST', path, body }), EXIT.refused);
        // The studio's own answer.
        const done = JSON.parse(answer) as { readonly inputsForgotten: number };
        print(
          context,
          options.json,
          done,
          () =>
            `${id} is erased; of tasks that hosts were sent ${done.inputsForgotten} inputs are forgotten. The object store follows within a minute.`,
        );
      } finally {
        await studio.close();
      }
    });
}
