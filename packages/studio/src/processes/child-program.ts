import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Failure } from '@jamnet/base';
import { REALTIME_NODE_FLAGS } from '@jamnet/jambox';

export interface ChildProgram {
  /** Resolves with the exit code; rejects when the program could not be started or failed unasked. */
  readonly ended: Promise<number>;
  /** Asks the program to finish (SIGTERM), then kills it after `graceMs`. */
  stop(graceMs?: number): Promise<void>;
}

const STDERR_KEPT = 4000;
const STOP_GRACE_MS = 5000;

/**
 * Runs one of our programs (a TypeScript file) in a process of its own. It is told its options as JSON over a pipe and
 * answers with JSON Lines on stdout; it ends with this process.
 */
export function runChild(options: {
  readonly entry: URL;
  readonly options: unknown;
  readonly onLine: (line: unknown) => void;
  /** Handles sound: is run before other processes where the system allows it. */
  readonly urgent?: boolean;
  /** For Node, after those that an urgent program gets. */
  readonly nodeFlags?: readonly string[];
}): ChildProgram {
  const preloads = ['./options-from-parent.ts', './exit-with-parent.ts'];
  if (options.urgent) preloads.push('./raise-priority.ts');
  const imports = preloads.flatMap((file) => ['--import', new URL(file, import.meta.url).href]);
  const flags = [
    ...(options.urgent ? REALTIME_NODE_FLAGS : []),
    ...(options.nodeFlags ?? []),
    '--disable-warning=ExperimentalWarning',
    ...imports,
  ];
  const program = fileURLToPath(options.entry);
  const child = spawn(process.execPath, [...flags, program], {
    stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    // A group of its own: Ctrl+C in the terminal is for us, and we decide how children end. A pipe binds them to us.
    detached: process.platform !== 'win32',
  });
  const channel = child.stdio[3];
  // A child that could not be started has no one to read the options; its end says so.
  channel?.on('error', () => undefined);
  if (channel instanceof Writable) channel.end(JSON.stringify(options.options));
  let said = '';
  let stopping = false;
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-STDERR_KEPT);
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const value = parseLine(line);
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
