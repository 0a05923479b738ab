import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type CommandContext, print } from '../context.ts';
import { askJson } from '../economy/ask-route.ts';
import { readJson } from '../economy/read-text.ts';

interface ExportOptions {
  data: string;
  out: string;
  names?: string;
  issuer?: string;
  formed?: string;
  country?: string;
  json?: boolean;
}

export function addCapTableCommand(program: Command, context: CommandContext): void {
  program
    .command('cap-table')
    .description('who holds units')
    .command('export')
    .description('Open Cap Format v1.2.0: six files; stakeholders are pseudonyms unless you name them')
    .requiredOption('--out <dir>', 'folder for the files; those of the same name are replaced')
    .option(
      '--names <file>',
      'JSON {"p…": {"legalName": "…", "type": "INDIVIDUAL"}}: real names, for this export only',
    )
    .option('--issuer <name>', 'legal name of the issuer')
    .option('--formed <day>', 'YYYY-MM-DD on which the issuer was formed')
    .option('--country <code>', 'where it was formed, e.g. US')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet cap-table export --out captable --issuer "JAMNet Studio LLC" --formed 2025-03-01 --country US',
    )
    .action((options: ExportOptions) => exportCapTable(context, options));
}

async function exportCapTable(context: CommandContext, options: ExportOptions): Promise<void> {
  const { out, names, issuer: legalName, formed: formedOn, country } = options;
  const issuer = {
    ...(legalName === undefined ? {} : { legalName }),
    ...(formedOn === undefined ? {} : { formedOn }),
    ...(country === undefined ? {} : { country }),
  };
  const body = { issuer, ...(names === undefined ? {} : { names: readJson(names) }) };
  const files = await askJson<readonly { name: string; content: string }[]>(context, options.data, {
    method: 'POST',
    path: '/api/reports/cap-table',
    body,
  });
  mkdirSync(out, { recursive: true });
  const written = files.map(({ name, content }) => {
    const path = join(out, name);
    // Real names may be in it.
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  });
  print(context, options.json, { files: written }, () => written.join('\n'));
}
