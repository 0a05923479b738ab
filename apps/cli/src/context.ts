import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bigintAsText, type Result } from '@jamnet/base';
import { defaultDataDirectory } from '@jamnet/studio';
import { readSettings } from '@jamnet/studio/operations';
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts';

/** What commands get from outside: the one place where this program reads the process environment. */
export interface CommandContext {
  readonly checkout: string;
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly natsUrl?: string | undefined;
  /** The process environment, for settings of a studio. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** A Chromium other than Debian's. */
  readonly chromium?: string | undefined;
  /** The words of this process, where the command has a process of its own: it may then run itself again under other limits. */
  readonly processWords?: readonly string[];
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export function readContext(): CommandContext {
  const { values } = readSettings({ options: {}, environment: process.env, readText });
  return {
    checkout: join(fileURLToPath(new URL('.', import.meta.url)), '..', '..', '..'),
    dataDirectory: values.data ?? defaultDataDirectory(process.env),
    databaseUrl: values.databaseUrl,
    natsUrl: values.natsUrl,
    environment: process.env,
    chromium: process.env.JAMNET_CHROMIUM,
    processWords: process.argv.slice(1),
    stdout: process.stdout,
    stderr: process.stderr,
  };
}

/** A small file as text; throws where there is none. */
export function readText(file: string): string {
  return readFileSync(file, 'utf8');
}

/** The value of a result; a refusal ends the command. */
export function orEnd<T>(result: Result<T>, exitCode: ExitCode = EXIT.refused): T {
  if (result.ok) return result.value;
  throw new CommandError(result.code, result.message, exitCode);
}

/** Prints a value for programs (one JSON object; bigint as decimal string) or text for people. */
export function print(
  context: CommandContext,
  json: boolean | undefined,
  value: unknown,
  text: () => string,
): void {
  context.stdout.write(json ? `${JSON.stringify(value, bigintAsText)}\n` : `${text()}\n`);
}
