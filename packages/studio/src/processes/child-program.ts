import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Failure } from '@jamnet/base';

export interface ChildProgram {
  /** Resolves with the exit code; rejects when the program could not be started or failed unasked. */
  readonly ended: Promise<number>;
  /** Asks the program to finish (SIGTERM), then kills it after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

/** Longest line a program may print: a report of a take is far below it. */
const LINE_LENGTH_MAX = 16 * 1024 * 1024;
const STDERR_KEPT = 4000;
const STOP_GRACE_MS = 5000;

/**
 * Runs one of our programs (a TypeScript file) in a process of its own. It is told its options as one JSON argument and
 * answers with JSON Lines on stdout; it ends with this process.
 */
export function runChild(options: {
  readonly entry: URL;
  readonly options: unknown;
  readonly onLine: (line: unknown) => void;
  /** Handles sound: is run before other processes where the system allows it. */
  readonly urgent?: boolean;
}): ChildProgram {
  const preloads = options.urgent
    ? ['./exit-with-parent.ts', './raise-priority.ts']
    : ['./exit-with-parent.ts'];
  const imports = preloads.flatMap((file) => ['--import', new URL(file, import.meta.url).href]);
  const flags = ['--disable-warning=ExperimentalWarning', ...imports];
  const program = fileURLToPath(options.entry);
  const child = spawn(process.execPath, [...flags, program, JSON.stringify(options.options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let said = '';
  let stopping = false;
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-STDERR_KEPT);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const value = line.length > LINE_LENGTH_MAX ? null : parseLine(line);
    if (value !== null) options.onLine(value);
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', (cause) =>
      reject(new Failure('child-not-started', `${program} could not be started`, { cause })),
    );
    child.once('close', (code, signal) => {
      if (code === 0 || stopping) resolve(code ?? 0);
      else
        reject(
          new Failure('child-failed', `${program} ended with ${signal ?? `code ${code}`}: ${said.trim()}`),
        );
    });
  });
  ended.catch(() => undefined);
  return { ended, stop };

  async function stop(graceMs = STOP_GRACE_MS): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    stopping = true;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
    await ended.catch(() => undefined);
    clearTimeout(timer);
  }
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return null;
  }
}
