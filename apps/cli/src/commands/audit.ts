import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { auditBooks, directoryReader, urlReader } from '@jamnet/studio';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface AuditOptions {
  data: string;
  vkey?: string;
  json?: boolean;
}

export function addAuditCommand(program: Command, context: CommandContext): void {
  program
    .command('audit')
    .description('check the public books: signatures, tree, balances, every epoch, half of revenue returned')
    .argument('[books]', 'a public directory or its URL (default: "public" in the data directory)')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option(
      '--vkey <key>',
      "the log's verifier key, got from elsewhere (default: the one lying beside the log)",
    )
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  jamnet audit\n  jamnet audit ./public --json\n  jamnet audit http://127.0.0.1:8440/public/',
    )
    .action((books: string | undefined, options: AuditOptions) => audit(context, books, options));
}

async function audit(
  context: CommandContext,
  books: string | undefined,
  options: AuditOptions,
): Promise<void> {
  const place = books ?? join(options.data, 'public');
  const isUrl = /^https?:\/\//.test(place);
  if (!isUrl && !existsSync(place)) {
    throw new CommandError(
      'books-missing',
      `There are no public books at ${place}. Name their directory or URL, or run "npm start" first.`,
      EXIT.usage,
    );
  }
  const reader = isUrl ? urlReader(place) : directoryReader(place);
  const verdict = await auditBooks(reader, options.vkey);
  print(context, options.json, verdict, () =>
    [
      ...verdict.checks.map((check) => `${check.ok ? 'ok    ' : 'FAILED'}  ${check.name}: ${check.detail}`),
      `${verdict.verdict === 'ok' ? 'The books agree' : 'The books do NOT agree'}${verdict.witnessed ? '' : ' (unwitnessed: no quorum of cosignatures)'}.`,
    ].join('\n'),
  );
  if (verdict.verdict === 'ok') return;
  // The verdict is the answer, so with --json it stays the one object on stdout.
  context.stderr.write('jamnet: the audit found a fault, named above [audit-failed]\n');
  process.exitCode = EXIT.refused;
}
