import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bigintAsText, type Result } from '@jamnet/base';
import { defaultDataDirectory } from '@jamnet/studio';
import { CommandError, EXIT, type ExitCode } from './exit-codes.ts';

/** What commands get from outside: the one place where this program reads the process environment. */
export interface CommandContext {
  readonly checkout: string;
  readonly dataDirectory: string;
  readonly databaseUrl: string | undefined;
  readonly natsUrl?: string | undefined;
  /** A Chromium other than Debian's. */
  readonly chromium?: string | undefined;
  /** The words of this process, where the command has a process of its own: it may then run itself again under other limits. */
  readonly processWords?: readonly string[];
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

export function readContext(): CommandContext {
  return {
    checkout: join(fileURLToPath(new URL('.', import.meta.url)), '..', '..', '..'),
    dataDirectory: defaultDataDirectory(process.env),
    databaseUrl: process.env.DATABASE_URL,
    natsUrl: process.env.NATS_URL,
    chromium: process.env.JAMNET_CHROMIUM,
    processWords: process.argv.slice(1),
    stdout: process.stdout,
    stderr: process.stderr,
  };
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
