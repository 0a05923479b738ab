import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { progressOf } from '../takes/progress-of.ts';
import { downloadTake, studioPlace, uploadTake } from '../takes/transfer-take.ts';

interface TransferOptions {
  readonly studio?: string;
  readonly data: string;
  readonly tokenFile?: string;
  readonly json?: boolean;
}

export function addTakeTransferCommands(take: Command, context: CommandContext): void {
  const withStudio = (command: Command): Command =>
    command
      .option('--studio <url>', 'the studio; by default the one that runs on the data directory')
      .option('--data <directory>', 'data directory with the operator token', context.dataDirectory)
      .option('--token-file <file>', 'file with the operator token')
      .option('--json', 'one JSON object on stdout');

  withStudio(take.command('upload <file>'))
    .description('bring a closed take into the archive of a studio; goes on where it broke off')
    .addHelpText('after', '\nExample:\n  jamnet take upload ada.jdat --studio http://127.0.0.1:8440')
    .action(async (file: string, options: TransferOptions) => {
      const sent = await uploadTake(placeOf(options), file, progressOf(context, 'Uploading'));
      print(
        context,
        options.json,
        sent,
        () => `${sent.id}: ${sent.bytes} bytes, ${sent.sentChunks} of ${sent.chunks} chunks were new.`,
      );
    });

  withStudio(take.command('download <id>'))
    .description('fetch a take from the archive of a studio by its hash; goes on where it broke off')
    .requiredOption('--out <file>', 'where to put it')
    .addHelpText('after', '\nExample:\n  jamnet take download 3f9a…c4 --out evening.jdat')
    .action(async (id: string, options: TransferOptions & { readonly out: string }) => {
      const { bytes } = await downloadTake(placeOf(options), id, options.out);
      print(context, options.json, { id, file: options.out, bytes }, () => `${options.out}: ${bytes} bytes`);
    });
}

function placeOf({ data, studio, tokenFile }: TransferOptions) {
  return studioPlace(data, studio, tokenFile);
}
