import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url));

export interface StudioProcess {
  readonly url: string;
  readonly dataDirectory: string;
  /** The evening's report, as `--json` prints it. */
  readonly report: unknown;
  close(): Promise<void>;
}

/** Starts a real studio in a process of its own, in a new data directory, and waits until its sample evening is over. */
export async function startStudioForTest(): Promise<StudioProcess> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'jamnet-studio-'));
  const child = spawnCli(['up', '--data', dataDirectory, '--port', '0', '--json']);
  const remove = (): void => rmSync(dataDirectory, { recursive: true, force: true });
  try {
    const { url, report } = await untilEvening(child);
    return {
      url,
      report,
      dataDirectory,
      close: async () => {
        child.kill('SIGTERM');
        await new Promise((resolve) => child.once('exit', resolve));
        remove();
      },
    };
  } catch (error) {
    child.kill('SIGKILL');
    remove();
    throw error;
  }
}

/** The `jamnet` command in a process of its own. */
export function spawnCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
  });
}

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the `jamnet` command to its end. */
export async function runCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<CliRun> {
  const child = spawnCli(args, environment);
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    said.stdout += chunk;
  });
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    said.stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...said };
}

async function untilEvening(child: ChildProcess): Promise<{ url: string; report: unknown }> {
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    complaints = (complaints + chunk).slice(-8000);
  });
  if (!child.stdout) throw new Error('the studio has no output');
  let url = '';
  for await (const line of createInterface({ input: child.stdout })) {
    // The program's own JSON Lines: {event:'listening', url} and {event:'evening', report}.
    const event = JSON.parse(line) as { event?: string; url?: string; report?: unknown };
    if (event.event === 'listening') url = event.url ?? '';
    if (event.event === 'evening') return { url, report: event.report };
  }
  throw new Error(`the studio ended before its evening was over:\n${complaints}`);
}
