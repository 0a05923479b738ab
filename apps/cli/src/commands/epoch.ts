import { bigintAsText } from '@jamnet/base';
import type { Command } from 'commander';
import { type CommandContext, orEnd, print } from '../context.ts';
import { accessStudio, type StudioAccess } from '../studio-access.ts';

interface EpochOptions {
  data: string;
  json?: boolean;
}

export function addEpochCommand(program: Command, context: CommandContext): void {
  const epoch = program.command('epoch').description('open an epoch, look at it, try its close, or close it');
  epoch.addHelpText(
    'after',
    '\nExamples:\n  jamnet epoch open\n  jamnet epoch show\n  jamnet epoch preview sample-jamnet --json\n  jamnet epoch close 2026-10',
  );
  const withOptions = (command: Command): Command =>
    command
      .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
      .option('--json', 'one JSON object on stdout');

  withOptions(
    epoch
      .command('open')
      .description(
        'begin the epoch that the policy in force governs: this month’s, or the sample’s; safe to repeat',
      ),
  ).action((options: EpochOptions) =>
    ask(context, options, async (studio) => orEnd(await studio.desk.openEpoch())),
  );
  withOptions(epoch.command('show').description('the current epoch: revenue, share, issued, wallets')).action(
    (options: EpochOptions) => ask(context, options, async (studio) => (await studio.state()).epoch),
  );
  withOptions(
    epoch.command('preview').argument('<id>').description('what closing would pay now; changes nothing'),
  ).action((id: string, options: EpochOptions) =>
    ask(context, options, async (studio) => orEnd(await studio.previewEpoch(id))),
  );
  withOptions(
    epoch
      .command('close')
      .argument('<id>')
      .description('close an epoch and issue its JAMBucks; safe to repeat'),
  ).action((id: string, options: EpochOptions) =>
    ask(context, options, async (studio) => orEnd(await studio.closeEpoch(id))),
  );
}

async function ask(
  context: CommandContext,
  options: EpochOptions,
  question: (studio: StudioAccess) => Promise<unknown>,
): Promise<void> {
  const studio = await accessStudio(context, options.data);
  try {
    const answer = await question(studio);
    print(context, options.json, answer, () => JSON.stringify(answer, bigintAsText, 2));
  } finally {
    await studio.close();
  }
}
