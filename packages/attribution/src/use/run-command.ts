import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { MACHINE_ENVIRONMENT } from '../machine-environment.ts';
import type { SandboxedCommand } from './sandbox.ts';

/** Standard output a workload may print. */
export const OUTPUT_BYTES_MAX = 16 << 20;
/** Heap of each process of a replay. */
const HEAP_MEBIBYTES = 1024;

export type RunCode = 'workload-failed' | 'workload-timed-out' | 'workload-output-too-large';

export type RunOutcome =
  | { readonly ok: true; readonly outputSha256: string }
  | {
      readonly ok: false;
      readonly code: RunCode;
      readonly message: string;
      readonly said: string;
      /** Not its own end, which would come again: a time limit, a signal, a start that failed. The machine may be to blame. */
      readonly isDoubtful: boolean;
    };

/** A shell, and bubblewrap, answer 128 and the number of the signal that ended a program. */
const SIGNAL_STATUS_MIN = 128;

export interface RunPlan {
  readonly command: SandboxedCommand;
  readonly directory: string;
  /** Where coverage goes, as the workload sees it. */
  readonly coverage: string;
  readonly timeLimitSeconds: number;
}

/** Runs a command with a bare environment; the time limit and too much output end it and all its children. */
export function runCommand(plan: RunPlan): Promise<RunOutcome> {
  return new Promise((resolve) => {
    // A group of its own, so that the time limit ends children too.
    const { program, args } = plan.command;
    const options = { cwd: plan.directory, env: environment(plan.coverage), detached: true };
    const child = spawn(program, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const hash = createHash('sha256');
    let outputBytes = 0;
    let said = '';
    let ended: RunCode | null = null;
    const end = (code: RunCode): void => {
      ended ??= code;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => end('workload-timed-out'), plan.timeLimitSeconds * 1000);
    child.stdout.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      hash.update(chunk);
      if (outputBytes > OUTPUT_BYTES_MAX) end('workload-output-too-large');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4000);
    });
    const fail = (code: RunCode, message: string, isDoubtful: boolean): void =>
      resolve({ ok: false, code, message, said, isDoubtful });
    child.on('error', () => {
      clearTimeout(timer);
      fail('workload-failed', 'The workload could not be started.', true);
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (ended === 'workload-timed-out')
        fail(ended, `The workload took longer than its ${plan.timeLimitSeconds} s.`, true);
      else if (ended !== null)
        fail(ended, `The workload printed more than ${OUTPUT_BYTES_MAX} bytes.`, false);
      else if (status !== 0)
        fail(
          'workload-failed',
          `The workload ended with ${status === null ? signal : `status ${status}`}.`,
          status === null || status >= SIGNAL_STATUS_MIN,
        );
      else resolve({ ok: true, outputSha256: hash.digest('hex') });
    });
  });
}

function environment(coverage: string): Record<string, string> {
  return {
    PATH: MACHINE_ENVIRONMENT.PATH,
    HOME: '/tmp',
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MEBIBYTES}`,
    NODE_DISABLE_COMPILE_CACHE: '1',
    NODE_V8_COVERAGE: coverage,
    // Where tools of other languages leave their tracefiles.
    JAMNET_COVERAGE: coverage,
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group ended by itself between the two lines.
  }
}
