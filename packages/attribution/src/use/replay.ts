import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ok, type Result, refuse } from '@jamnet/base';
import { exportFiles } from '../git/export.ts';
import type { TreeFile } from '../git/history.ts';
import type { Repository } from '../git/open-repository.ts';
import { readCoverage, type UsageByPath } from './coverage.ts';
import { linkPackages } from './link-packages.ts';
import { chooseSandbox, type SandboxKind, type SandboxOptions, sandboxed, viewFrom } from './sandbox.ts';
import type { Workload } from './workload.ts';

/** Standard output a workload may print. */
export const OUTPUT_BYTES_MAX = 16 << 20;
/** Heap of each process of a replay. */
const HEAP_MEBIBYTES = 1024;

export type ReplayCode =
  | 'sandbox-missing'
  | 'node-modules-unusable'
  | 'export-too-large'
  | 'workload-input-missing'
  | 'workload-failed'
  | 'workload-timed-out'
  | 'workload-output-too-large'
  | 'workload-output-differs'
  | 'coverage-missing'
  | 'coverage-too-large';

export interface ReplayInput {
  readonly repository: Repository;
  readonly files: readonly TreeFile[];
  readonly workload: Workload;
  readonly nodeModulesDirectory: string | null;
  readonly sandbox: SandboxOptions;
  /** Told what a failing workload wrote to standard error; not part of any report. */
  readonly onNote: (line: string) => void;
}

export interface Replay {
  readonly usage: UsageByPath;
  readonly outputSha256: string;
  readonly sandbox: SandboxKind;
}

/** Exports the tree to a temporary folder, runs the workload there under precise coverage and reads the counts. */
export async function replay(input: ReplayInput): Promise<Result<Replay, ReplayCode>> {
  const sandbox = await chooseSandbox(input.sandbox);
  if (sandbox === null) {
    return refuse(
      'sandbox-missing',
      'No sandbox works here: install bubblewrap (bwrap), enable user namespaces, or allow an unsandboxed replay.',
    );
  }
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'jamnet-replay-')));
  try {
    return await replayIn(directory, sandbox, input);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function replayIn(
  directory: string,
  sandbox: SandboxKind,
  input: ReplayInput,
): Promise<Result<Replay, ReplayCode>> {
  const { workload } = input;
  const paths = new Set(input.files.map((file) => file.path));
  const missing = workload.inputs.find((path) => !paths.has(path));
  if (missing !== undefined) {
    return refuse(
      'workload-input-missing',
      `The workload's input ${missing} is not in the commit: pin a workload that is.`,
    );
  }
  const mounts = {
    tree: join(directory, 'tree'),
    coverage: join(directory, 'coverage'),
    nodeModules:
      input.nodeModulesDirectory === null ? null : await realpath(input.nodeModulesDirectory).catch(() => ''),
  };
  await mkdir(mounts.tree);
  await mkdir(mounts.coverage);
  if ((await exportFiles(input.repository, input.files, mounts.tree)) === 'too-large') {
    return refuse('export-too-large', 'The tree is too large to be exported for a replay.');
  }
  const view = viewFrom(sandbox, mounts);
  const linked = await linkPackages({
    tree: mounts.tree,
    nodeModules: mounts.nodeModules,
    nodeModulesInView: view.nodeModules,
  });
  if (!linked.ok) return linked;
  const command = workload.command.map((part, index) => (index === 0 && part === 'node' ? view.node : part));
  const ran = await run(
    sandboxed(sandbox, mounts, command),
    mounts.tree,
    view.coverage,
    workload.timeLimitSeconds,
  );
  if (!ran.ok) {
    if (ran.said !== '') input.onNote(ran.said);
    return refuse(ran.code, ran.message);
  }
  if (workload.expectedOutputSha256 !== undefined && workload.expectedOutputSha256 !== ran.outputSha256) {
    return refuse(
      'workload-output-differs',
      `The workload printed ${ran.outputSha256} (SHA-256), the policy pins ${workload.expectedOutputSha256}.`,
    );
  }
  const readText = (path: string): Promise<string | null> =>
    readFile(join(mounts.tree, path), 'utf8').catch(() => null);
  const usage = await readCoverage(mounts.coverage, pathToFileURL(view.tree).href, readText);
  if (typeof usage === 'string') {
    return refuse(
      usage,
      'The workload left no usable coverage: it must run Node and let its processes exit by themselves.',
    );
  }
  return ok({ usage, outputSha256: ran.outputSha256, sandbox });
}

type RunOutcome =
  | { readonly ok: true; readonly outputSha256: string }
  | { readonly ok: false; readonly code: ReplayCode; readonly message: string; readonly said: string };

function run(
  command: { readonly program: string; readonly args: readonly string[] },
  directory: string,
  coverage: string,
  timeLimitSeconds: number,
): Promise<RunOutcome> {
  const env = {
    PATH: process.env.PATH ?? '/usr/local/bin:/usr/bin:/bin',
    HOME: '/tmp',
    TZ: 'UTC',
    LC_ALL: 'C.UTF-8',
    NODE_V8_COVERAGE: coverage,
    NODE_OPTIONS: `--max-old-space-size=${HEAP_MEBIBYTES}`,
    NODE_DISABLE_COMPILE_CACHE: '1',
  };
  return new Promise((resolve) => {
    // A group of its own, so that the time limit ends children too.
    const child = spawn(command.program, command.args, {
      cwd: directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const hash = createHash('sha256');
    let outputBytes = 0;
    let said = '';
    let ended: ReplayCode | null = null;
    const end = (code: ReplayCode): void => {
      ended ??= code;
      if (child.pid !== undefined) killGroup(child.pid);
    };
    const timer = setTimeout(() => end('workload-timed-out'), timeLimitSeconds * 1000);
    child.stdout.on('data', (chunk: Buffer) => {
      outputBytes += chunk.length;
      hash.update(chunk);
      if (outputBytes > OUTPUT_BYTES_MAX) end('workload-output-too-large');
    });
    child.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString('utf8')).slice(-4000);
    });
    const fail = (code: ReplayCode, message: string): void => resolve({ ok: false, code, message, said });
    child.on('error', () => {
      clearTimeout(timer);
      fail('workload-failed', 'The workload could not be started.');
    });
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      if (ended === 'workload-timed-out')
        fail(ended, `The workload took longer than its ${timeLimitSeconds} s.`);
      else if (ended !== null) fail(ended, `The workload printed more than ${OUTPUT_BYTES_MAX} bytes.`);
      else if (status !== 0)
        fail('workload-failed', `The workload ended with ${status === null ? signal : `status ${status}`}.`);
      else resolve({ ok: true, outputSha256: hash.digest('hex') });
    });
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group ended by itself between the two lines.
  }
}
