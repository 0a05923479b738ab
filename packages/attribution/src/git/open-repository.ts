import { mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, ok, type Result, refuse } from '@jamnet/base';
import { git } from './git.ts';

export type OpenCode =
  | 'history-too-long'
  | 'not-a-repository'
  | 'no-history'
  | 'shallow-clone'
  | 'unknown-revision'
  | 'git-missing';

/** Commits read at most: beyond, the answer would no longer come in minutes. */
export const COMMITS_MAX = 500_000;

export interface Repository {
  /** Absolute path of the git directory. */
  readonly gitDirectory: string;
  /** Commit that is looked at. */
  readonly head: string;
  /** Runs git on this repository as if bare, so that a checkout's state cannot colour the answer. */
  run(args: readonly string[], input?: string | Uint8Array): Promise<Buffer>;
  close(): Promise<void>;
}

/** Opens a working tree's top folder, a bare repository or a git bundle (cloned to a temporary folder until `close`). */
export async function openRepository(
  path: string,
  revision = 'HEAD',
  commitsMax = COMMITS_MAX,
): Promise<Result<Repository, OpenCode>> {
  const info = await stat(path).catch(() => null);
  if (info === null) return refuse('not-a-repository', `There is nothing at ${path}.`);
  const temporary = info.isFile() ? await mkdtemp(join(tmpdir(), 'jamnet-bundle-')) : null;
  const close = async (): Promise<void> => {
    if (temporary !== null) await rm(temporary, { recursive: true, force: true });
  };
  try {
    const opened = await openDirectory(path, temporary, revision, close, commitsMax);
    if (!opened.ok) await close();
    return opened;
  } catch (error) {
    await close();
    if (error instanceof Failure && error.code === 'git-missing') return refuse('git-missing', error.message);
    throw error;
  }
}

async function openDirectory(
  path: string,
  temporary: string | null,
  revision: string,
  close: () => Promise<void>,
  commitsMax: number,
): Promise<Result<Repository, OpenCode>> {
  const gitDirectory = temporary === null ? await findGitDirectory(path) : await cloneBundle(path, temporary);
  if (gitDirectory === null) {
    return refuse(
      'not-a-repository',
      `${path} is neither the top folder of a git repository nor a git bundle.`,
    );
  }
  const run = (args: readonly string[], input?: string | Uint8Array): Promise<Buffer> =>
    git(['-c', 'core.bare=true', `--git-dir=${gitDirectory}`, ...args], input);
  if ((await run(['rev-parse', '--is-shallow-repository'])).toString().trim() === 'true') {
    return refuse(
      'shallow-clone',
      'The clone is shallow, so first authors are unknown: run git fetch --unshallow.',
    );
  }
  const head = await resolveCommit(run, revision);
  if (head === null && revision === 'HEAD') {
    return refuse(
      'no-history',
      'The repository has no commit on its current branch: commit something first.',
    );
  }
  if (head === null) return refuse('unknown-revision', `${revision} names no commit of this repository.`);
  const counted = await run(['rev-list', '--count', `--max-count=${commitsMax + 1}`, head]);
  if (Number(counted.toString()) > commitsMax) {
    return refuse(
      'history-too-long',
      `The history has more than ${commitsMax} commits, the most this tool reads.`,
    );
  }
  return ok({ gitDirectory, head, run, close });
}

async function findGitDirectory(path: string): Promise<string | null> {
  const asked = await answer(['-C', path, 'rev-parse', '--absolute-git-dir']);
  if (asked === null) return null;
  const top = await answer(['-C', path, 'rev-parse', '--show-toplevel']);
  const here = await realpath(path);
  const isTop = top !== null && (await realpath(top)) === here;
  return isTop || (await realpath(asked)) === here ? asked : null;
}

/** `null` when the file is no readable bundle. A bundle without HEAD gives its one branch, or main or master of several. */
async function cloneBundle(path: string, temporary: string): Promise<string | null> {
  const directory = join(temporary, 'bundle.git');
  if ((await answer(['clone', '--quiet', '--bare', '--', await realpath(path), directory])) === null)
    return null;
  if (
    (await answer([`--git-dir=${directory}`, 'rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])) !== null
  ) {
    return directory;
  }
  const listed = await answer([
    `--git-dir=${directory}`,
    'for-each-ref',
    '--format=%(refname)',
    'refs/heads',
  ]);
  const branches = (listed ?? '').split('\n').filter((name) => name !== '');
  const usual = branches.find((name) => name === 'refs/heads/main' || name === 'refs/heads/master');
  const chosen = branches.length === 1 ? branches[0] : usual;
  if (chosen !== undefined) await answer([`--git-dir=${directory}`, 'symbolic-ref', 'HEAD', chosen]);
  return directory;
}

async function resolveCommit(run: Repository['run'], revision: string): Promise<string | null> {
  try {
    const commit = `${revision}^{commit}`;
    return (await run(['rev-parse', '--verify', '--quiet', '--end-of-options', commit])).toString().trim();
  } catch (error) {
    if (error instanceof Failure && error.code === 'git-failed') return null;
    throw error;
  }
}

async function answer(args: readonly string[]): Promise<string | null> {
  try {
    return (await git(args)).toString().trim();
  } catch (error) {
    if (error instanceof Failure && error.code === 'git-failed') return null;
    throw error;
  }
}
