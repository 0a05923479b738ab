import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { CommandContext } from '../context.ts';
import { createProgram } from '../program.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));

/** What a command printed on its two streams. */
interface Said {
  readonly out: string;
  readonly told: string;
}

/** Runs `jamnet …` in this process over a data directory; rejects with what the command threw. */
export async function runJamnet(dataDirectory: string, words: readonly string[]): Promise<Said> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let [out, told] = ['', ''];
  stdout.on('data', (piece) => {
    out += piece;
  });
  stderr.on('data', (piece) => {
    told += piece;
  });
  // Commands write to their streams and nothing else.
  const streams = { stdout, stderr } as unknown as Pick<CommandContext, 'stdout' | 'stderr'>;
  const context = { checkout: CHECKOUT, dataDirectory, databaseUrl: undefined, ...streams };
  await createProgram(context).parseAsync(['node', 'jamnet', ...words]);
  return { out, told };
}

/** The code and exit code that a run was refused with; a run that was not tells what it printed. */
export async function refusalOf(run: Promise<unknown>): Promise<{ code: string; exitCode: number }> {
  try {
    return { code: `no refusal: ${JSON.stringify(await run)}`, exitCode: 0 };
  } catch (error) {
    // A CommandError or commander's own error: both have these two.
    const { code, exitCode } = error as { code: string; exitCode: number };
    return { code, exitCode };
  }
}
