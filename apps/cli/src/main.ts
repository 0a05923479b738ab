#!/usr/bin/env node
import { CommanderError } from 'commander';
import { readContext } from './context.ts';
import { CommandError, EXIT } from './exit-codes.ts';
import { createProgram } from './program.ts';
import { needReadableSettings } from './studio-settings.ts';

/** What to do about the system's own errors, which say only what it refused. */
const HINTS: Readonly<Record<string, string>> = {
  EACCES: ': this user may not do that; choose a place of your own',
  EEXIST: ': a file stands where a folder is needed; choose another place',
  ENOENT: ': it is not there; check the path',
  ENOSPC: ': the disk is full; make room and run again',
  EROFS: ': the place is read-only; choose another',
};

// Whoever reads our output may stop reading (`| head`): then we are done too.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok);
  throw error;
});

const context = readContext();
try {
  // What is wrong there is this command's to tell.
  if (process.argv[2] !== 'config') needReadableSettings(context);
  await createProgram(context).parseAsync(process.argv);
} catch (error) {
  process.exitCode = report(error);
}

/** One line for a person; with --json also one object on stdout, so that a program gets an answer either way. */
function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const code = hasCode(error) ? error.code : 'internal';
  const message = error instanceof Error ? error.message : String(error);
  context.stderr.write(`jamnet: ${message}${HINTS[code] ?? ''} [${code}]\n`);
  if (code === 'internal' && error instanceof Error) context.stderr.write(`${error.stack}\n`);
  if (process.argv.includes('--json'))
    context.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
  return error instanceof CommandError ? error.exitCode : EXIT.failed;
}

function hasCode(error: unknown): error is { code: string } {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}
