import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ok, type Result, refuse } from '@jamnet/base';
import { SOURCE_BYTES_MAX } from '../git/blobs.ts';
import { exportFiles } from '../git/export.ts';
import type { TreeFile } from '../git/history.ts';
import type { Repository } from '../git/open-repository.ts';
import { type Coverage, type CoverageCode, readCoverage } from './coverage.ts';
import { type LinkCode, linkPackages } from './link-packages.ts';
import { LostFiles } from './lost-files.ts';
import { readPlainFile } from './read-plain-file.ts';
import { type RunOutcome, runCommand } from './run-command.ts';
import {
  chooseSandbox,
  type SandboxKind,
  type SandboxMounts,
  type SandboxOptions,
  sandboxed,
  viewFrom,
} from './sandbox.ts';
import type { Workload } from './workload.ts';

export type StageCode = 'sandbox-missing' | 'export-too-large' | 'workload-input-missing' | LinkCode;

export interface StageInput {
  readonly repository: Repository;
  readonly files: readonly TreeFile[];
  readonly workload: Workload;
  readonly nodeModulesDirectory: string | null;
  readonly sandbox: SandboxOptions;
}

interface StageParts {
  readonly directory: string;
  readonly mounts: SandboxMounts;
  readonly sandbox: SandboxKind;
  readonly workload: Workload;
  readonly written: ReadonlySet<string>;
}

/** A commit's tree in a temporary folder, ready for a workload to run in, any number of times. */
export class Stage {
  readonly sandbox: SandboxKind;
  readonly #directory: string;
  readonly #mounts: SandboxMounts;
  readonly #workload: Workload;
  /** Files of the tree that lie in the folder: no other is read or written by a path that a repository gave. */
  readonly #written: ReadonlySet<string>;
  readonly #lost: LostFiles;

  private constructor(parts: StageParts) {
    this.#directory = parts.directory;
    this.#mounts = parts.mounts;
    this.#workload = parts.workload;
    this.#written = parts.written;
    this.#lost = new LostFiles(parts.mounts.tree);
    this.sandbox = parts.sandbox;
  }

  /** Exports the tree and links its packages. The caller calls {@link remove}. */
  static async set(input: StageInput): Promise<Result<Stage, StageCode>> {
    const sandbox = await chooseSandbox(input.sandbox);
    if (sandbox === null) {
      return refuse(
        'sandbox-missing',
        'No sandbox works here: install bubblewrap (bwrap), enable user namespaces, or allow an unsandboxed replay.',
      );
    }
    const paths = new Set(input.files.map((file) => file.path));
    const missing = input.workload.inputs.find((path) => !paths.has(path));
    if (missing !== undefined) {
      return refuse(
        'workload-input-missing',
        `The workload's input ${missing} is not in the commit: pin a workload that is.`,
      );
    }
    const directory = await realpath(await mkdtemp(join(tmpdir(), 'jamnet-replay-')));
    const set = await Stage.#fill(directory, sandbox, input).catch(async (error: unknown) => {
      await rm(directory, { recursive: true, force: true });
      throw error;
    });
    if (!set.ok) await rm(directory, { recursive: true, force: true });
    return set;
  }

  static async #fill(
    directory: string,
    sandbox: SandboxKind,
    input: StageInput,
  ): Promise<Result<Stage, StageCode>> {
    const nodeModules = input.nodeModulesDirectory;
    const mounts = {
      tree: join(directory, 'tree'),
      coverage: join(directory, 'coverage'),
      nodeModules: nodeModules === null ? null : await realpath(nodeModules).catch(() => ''),
    };
    await mkdir(mounts.tree);
    await mkdir(mounts.coverage);
    const written = await exportFiles(input.repository, input.files, mounts.tree);
    if (written === 'too-large') {
      return refuse('export-too-large', 'The tree is too large to be exported for a replay.');
    }
    const nodeModulesInView = viewFrom(sandbox, mounts).nodeModules;
    const linked = await linkPackages({
      tree: mounts.tree,
      nodeModules: mounts.nodeModules,
      nodeModulesInView,
    });
    return linked.ok
      ? ok(new Stage({ directory, mounts, sandbox, workload: input.workload, written }))
      : linked;
  }

  /** Runs the workload once and counts it. Every run sees the same: a program cannot tell which one decides its pay. */
  async run(): Promise<RunOutcome> {
    await rm(this.#mounts.coverage, { recursive: true, force: true });
    await mkdir(this.#mounts.coverage);
    const view = viewFrom(this.sandbox, this.#mounts);
    const { command, timeLimitSeconds } = this.#workload;
    const program = command.map((part, index) => (index === 0 && part === 'node' ? view.node : part));
    return runCommand({
      command: sandboxed(this.sandbox, this.#mounts, program),
      directory: this.#mounts.tree,
      coverage: view.coverage,
      timeLimitSeconds,
    });
  }

  /** What the last run left behind. */
  readUsage(): Promise<Coverage | CoverageCode> {
    const { tree, coverage } = this.#mounts;
    const readText = async (path: string): Promise<string | null> => {
      const bytes = this.#written.has(path) ? await readPlainFile(join(tree, path), SOURCE_BYTES_MAX) : null;
      return bytes instanceof Buffer ? bytes.toString('utf8') : null;
    };
    const view = viewFrom(this.sandbox, this.#mounts);
    const nodeModules = view.nodeModules === null ? null : pathToFileURL(view.nodeModules).href;
    const inputs = new Set(this.#workload.inputs);
    const isCommitted = (path: string): boolean => this.#written.has(path) && !inputs.has(path);
    return readCoverage(
      coverage,
      { tree: pathToFileURL(view.tree).href, nodeModules, isCommitted },
      readText,
    );
  }

  /** Replaces a file of the tree; one that was left out of the export stays out. */
  async write(path: string, bytes: Uint8Array): Promise<void> {
    if (this.#written.has(path)) await writeFile(join(this.#mounts.tree, path), bytes);
  }

  /** Puts back a file that the change deleted, or takes it away again (`null`). */
  putBack(path: string, bytes: Uint8Array | null): Promise<void> {
    return this.#lost.write(path, bytes);
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }
}
