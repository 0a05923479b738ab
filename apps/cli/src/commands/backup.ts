import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BackupKey, decrypterOf, makeBackup, newBackupKey, restoreBackup } from '@jamnet/studio';
import type { Command } from 'commander';
import { fileProgress } from '../backup/file-progress.ts';
import { restoredText, restoredView } from '../backup/restored-text.ts';
import { type CommandContext, print } from '../context.ts';
import { CommandError, EXIT } from '../exit-codes.ts';

interface MakeOptions {
  out?: string;
  recipient: string[];
  passphraseFile?: string;
  data: string;
  json?: boolean;
}

export interface OpenOptions {
  key: string[];
  passphraseFile?: string;
  json?: boolean;
}

export function addBackupCommand(program: Command, context: CommandContext): void {
  const backup = program
    .command('backup')
    .description('one encrypted file of everything a studio has; the studio may run');
  backup
    .command('make', { isDefault: true })
    .description('write a backup')
    .option(
      '--out <path>',
      'the file, or a folder for one that is named by its time (default: the working directory)',
    )
    .option(
      '--recipient <key>',
      'public key of who can restore it, from "jamnet backup key"; may be repeated',
      collect,
      [],
    )
    .option('--passphrase-file <file>', 'the first line opens the backup, in place of keys')
    .option('--data <dir>', 'data directory of the studio', context.dataDirectory)
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      '\nWhat the studio answered before the moment that is printed is in the backup. The format is zstd over tar inside age: "age -d FILE | tar --zstd -x" reads it too.\nMirrors of repositories and caches are left out: they are fetched and made again. A studio on PostgreSQL is backed up with pg_dump and its data directory\'s files.\n\nExamples:\n  jamnet backup key --out jamnet-backup.key      # once; keep the file away from the studio\n  jamnet backup --recipient age1… --out /mnt/backups\n  jamnet backup check /mnt/backups/jamnet-2026-11-23T02-00-00Z.age --key jamnet-backup.key',
    )
    .action((options: MakeOptions) => make(context, options));
  backup
    .command('key')
    .description('make the key pair that backups are encrypted for and restored with')
    .requiredOption('--out <file>', 'where the secret key goes; must not be there')
    .option('--json', 'one JSON object on stdout')
    .addHelpText(
      'after',
      "\nWho loses the file can restore no backup made for it: keep two copies, neither on the studio's machine.\n\nExample:\n  jamnet backup key --out jamnet-backup.key",
    )
    .action(({ out, json }: { out: string; json?: boolean }) => makeKey(context, out, json));
  addOpenOptions(backup.command('check').argument('<file>', 'a backup'))
    .description('restore a backup beside your data, audit it, and take it away again')
    .addHelpText(
      'after',
      '\nExample:\n  jamnet backup check jamnet-2026-11-23T02-00-00Z.age --key jamnet-backup.key',
    )
    .action(async (file: string, options: OpenOptions) => {
      const progress = fileProgress(context, options.json, 'unpacked');
      const report = await restoreBackup({
        file,
        dataDirectory: join(process.cwd(), 'jamnet-backup'),
        decrypter: decrypterOf(openersOf(options)),
        checkout: context.checkout,
        checkOnly: true,
        onProgress: progress.tell,
      });
      progress.end();
      print(context, options.json, restoredView(report), () => `${file} restores.\n${restoredText(report)}`);
    });
}

/** How a backup is opened, for commands that do. */
export function addOpenOptions(command: Command): Command {
  return command
    .option(
      '--key <file>',
      'a secret key from "jamnet backup key" or age-keygen; may be repeated',
      collect,
      [],
    )
    .option('--passphrase-file <file>', 'the first line is the passphrase')
    .option('--json', 'one JSON object on stdout');
}

export function openersOf({ key, passphraseFile }: OpenOptions): Parameters<typeof decrypterOf>[0] {
  if (key.length === 0 && passphraseFile === undefined)
    throw new CommandError(
      'key-missing',
      'Give what opens the backup: --key FILE or --passphrase-file FILE.',
      EXIT.usage,
    );
  return { keyFiles: key, passphrases: passphraseFile === undefined ? [] : [firstLine(passphraseFile)] };
}

/** Throws `backup-needs-embedded-store`. */
export function needEmbeddedStore(context: CommandContext): void {
  if (context.databaseUrl !== undefined)
    throw new CommandError(
      'backup-needs-embedded-store',
      'DATABASE_URL is set: PostgreSQL is backed up by its own tools. Run pg_dump first, then copy the data directory without "public/log"; the log is made anew from the database.',
      EXIT.usage,
    );
}

async function make(context: CommandContext, options: MakeOptions): Promise<void> {
  needEmbeddedStore(context);
  const progress = fileProgress(context, options.json, 'packed');
  const report = await makeBackup({
    dataDirectory: options.data,
    out: placeOf(options.out),
    key: keyOf(options),
    nowMs: Date.now,
    onProgress: progress.tell,
  });
  progress.end();
  const { manifest, ...written } = report;
  const { files, ...told } = manifest;
  const view = { ...written, ...told, files: files.length };
  print(context, options.json, view, () =>
    [
      `${report.file}: ${(report.bytes / 1e6).toFixed(1)} MB, ${files.length} files, ${manifest.leaves} entries of the log.`,
      `It holds what was answered before ${new Date(manifest.snapshotAtMs).toISOString()}.`,
      'See that it restores: jamnet backup check FILE --key KEY.',
    ].join('\n'),
  );
}

function keyOf({ recipient, passphraseFile }: MakeOptions): BackupKey {
  if (recipient.length > 0 === (passphraseFile !== undefined))
    throw new CommandError(
      'key-missing',
      'Say who may open the backup: --recipient age1… (make a key with "jamnet backup key --out FILE"), or --passphrase-file FILE.',
      EXIT.usage,
    );
  return passphraseFile === undefined
    ? { kind: 'recipients', recipients: recipient }
    : { kind: 'passphrase', passphrase: firstLine(passphraseFile) };
}

function placeOf(out = '.'): string {
  if (!statSync(out, { throwIfNoEntry: false })?.isDirectory()) return out;
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  return join(out, `jamnet-${time}.age`);
}

async function makeKey(context: CommandContext, out: string, json: boolean | undefined): Promise<void> {
  const { fileText, recipient } = await newBackupKey();
  try {
    writeFileSync(out, fileText, { mode: 0o600, flag: 'wx' });
  } catch {
    throw new CommandError(
      'key-exists',
      `${out} is there already or cannot be written: name another file.`,
      EXIT.usage,
    );
  }
  print(context, json, { file: out, recipient }, () =>
    [
      `Secret key: ${out} (keep two copies, neither on the studio's machine).`,
      `Public key: ${recipient}`,
      `Back up with: jamnet backup --recipient ${recipient}`,
    ].join('\n'),
  );
}

function firstLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n')[0]?.trim() ?? '';
  } catch {
    throw new CommandError('key-unreadable', `${file} cannot be read: check the path.`, EXIT.usage);
  }
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}
