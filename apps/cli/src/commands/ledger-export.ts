import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { EXPORT_FORMATS, type ExportFormat, exportLedger, openBooks } from '@jamnet/ledger';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';
import { hasSmallHeap, rerunWithSmallHeap } from '../ledger/small-heap.ts';

interface ExportCommandOptions {
  format: string;
  from?: string;
  to?: string;
  out?: string;
  data: string;
  json?: boolean;
}

export function addLedgerExportCommand(ledger: Command, context: CommandContext): void {
  ledger
    .command('export')
    .description('write the journal as text, page by page under a heap limit, however long it is')
    .requiredOption('--format <name>', EXPORT_FORMATS.join(', '))
    .option('--from <leaf>', 'first leaf; what came before stands as opening balances')
    .option('--to <leaf>', 'leaf after the last')
    .option('--out <file>', 'write there instead of stdout, and report')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'with --out: the report as one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet ledger export --format hledger > books.journal && hledger -f books.journal check\n  jamnet ledger export --format jsonl --from 1000 --to 2000 --out part.jsonl --json',
    )
    .action((options: ExportCommandOptions) => runExport(context, options));
}

async function runExport(context: CommandContext, options: ExportCommandOptions): Promise<void> {
  const format = formatOf(options.format);
  const range = rangeOf(options);
  if (options.json && options.out === undefined)
    throw new CommandError(
      'option-invalid',
      '--json reports on an export written with --out FILE.',
      EXIT.usage,
    );
  if (context.databaseUrl === undefined && !existsSync(join(options.data, 'jamnet.sqlite')))
    throw new CommandError(
      'books-missing',
      `There are no books in ${options.data}. Name their --data directory.`,
      EXIT.usage,
    );
  if (context.processWords && !hasSmallHeap()) {
    process.exitCode = await rerunWithSmallHeap(context.processWords);
    return;
  }
  const { ledger, close } = await openBooks({ directory: options.data, databaseUrl: context.databaseUrl });
  try {
    const pieces = exportLedger(ledger, {
      format,
      ...range,
      comment: checkpointLines(options.data),
    });
    const written = await writeTo(
      pieces,
      options.out === undefined ? context.stdout : createWriteStream(options.out),
    );
    if (options.out === undefined) return;
    const report = {
      file: options.out,
      format,
      bytes: written,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1_024,
    };
    print(context, options.json, report, () => `${written} bytes of ${format} in ${options.out}`);
  } finally {
    await close();
  }
}

function formatOf(name: string): ExportFormat {
  const format = EXPORT_FORMATS.find((known) => known === name);
  if (format) return format;
  throw new CommandError('format-unknown', `--format is one of ${EXPORT_FORMATS.join(', ')}.`, EXIT.usage);
}

function rangeOf(options: ExportCommandOptions): { from?: bigint; to?: bigint } {
  const [from, to] = [leafIndex('from', options.from), leafIndex('to', options.to)];
  if (from !== undefined && to !== undefined && from >= to)
    throw new CommandError('option-invalid', '--from is below --to.', EXIT.usage);
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

function leafIndex(name: string, text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,16}$/.test(text)) return BigInt(text);
  throw new CommandError('option-invalid', `--${name} is the index of a leaf, 0 or more.`, EXIT.usage);
}

/** Where the leaves can be checked: the published checkpoint, when the books have one. */
function checkpointLines(dataDirectory: string): readonly string[] {
  const file = join(dataDirectory, 'public', 'log', 'checkpoint');
  if (!existsSync(file)) return [];
  const [origin = '', size = '', root = ''] = readFileSync(file, 'utf8').split('\n');
  return [`log ${origin}`, `size ${size}`, `root ${root}`];
}

/** Bytes written. A reader that goes away (`| head`) ends the export without a fault. */
async function writeTo(pieces: AsyncIterable<string>, target: Writable): Promise<number> {
  let bytes = 0;
  const counted = async function* (): AsyncGenerator<string> {
    for await (const piece of pieces) {
      bytes += Buffer.byteLength(piece);
      yield piece;
    }
  };
  try {
    await pipeline(counted, target, { end: target !== process.stdout });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPIPE')) throw error;
  }
  return bytes;
}
