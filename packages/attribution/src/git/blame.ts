import { Failure } from '@jamnet/base';
import type { Repository } from './open-repository.ts';

/**
 * The commit that `git blame -w -C -M` names for each line (from 1) of a file at the head: white space and moved or copied
 * stretches leave a line with whoever wrote it, as far as git sees them. Empty for a path that git does not know by that name.
 */
export async function blameLines(repository: Repository, path: string): Promise<ReadonlyMap<number, string>> {
  const plain = ['--porcelain', '--no-textconv', '--ignore-revs-file='];
  const args = ['blame', '-w', '-C', '-M', ...plain, repository.head, '--', path];
  const said = await repository.run(args).then((bytes) => bytes.toString('latin1'), noSuchFile);
  const commits = new Map<number, string>();
  for (const match of said.matchAll(/^([0-9a-f]{40,64}) \d+ (\d+)(?: \d+)?$/gm)) {
    const [, commit = '', line] = match;
    commits.set(Number(line), commit);
  }
  return commits;
}

/** A name that is no UTF-8 cannot be given back to git. */
function noSuchFile(error: unknown): string {
  if (error instanceof Failure && error.code === 'git-failed') return '';
  throw error;
}
