import { arrivalOrder, type CommitGraph } from '../core/arrival.ts';
import type { CommitRecord } from '../core/people.ts';
import type { Repository } from './open-repository.ts';

export interface BlobChange {
  readonly path: string;
  /** Object id of the file after the commit. */
  readonly blob: string;
}

export interface TreeFile extends BlobChange {
  readonly mode: string;
}

/**
 * All commits behind the heads in arrival order: everything of the first head, then what the next one adds, and so on; each with author
 * and co-authors as written (no mailmap yet).
 */
export async function readCommits(repository: Repository, heads: readonly string[]): Promise<CommitRecord[]> {
  const listed = (await repository.run(['rev-list', '--parents', ...heads])).toString('latin1');
  const graph: CommitGraph = new Map(
    listed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [commit = '', ...parents] = line.split(' ');
        return [commit, parents];
      }),
  );
  const order = [...new Set(heads.flatMap((head) => arrivalOrder(graph, head)))];
  const records = await readRecords(repository, order);
  return order.map((id) => records.get(id) ?? { id, author: { name: '', email: '' }, coAuthors: [] });
}

const FORMAT = '%H%x00%an%x00%ae%x00%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x01)';

async function readRecords(
  repository: Repository,
  order: readonly string[],
): Promise<Map<string, CommitRecord>> {
  const args = [
    'log',
    '--no-walk=unsorted',
    '--stdin',
    '-z',
    '--no-show-signature',
    `--format=tformat:${FORMAT}`,
  ];
  const fields = (await repository.run(args, `${order.join('\n')}\n`)).toString('utf8').split('\0');
  const records = new Map<string, CommitRecord>();
  for (let i = 0; i + 3 < fields.length; i += 4) {
    const [id = '', name = '', email = '', trailers = ''] = fields.slice(i, i + 4);
    records.set(id, {
      id,
      author: { name, email },
      coAuthors: trailers.split('\u0001').filter((value) => value !== ''),
    });
  }
  return records;
}

/** For each commit the regular files it added or changed against its first parent, in arrival order. */
export async function readChanges(
  repository: Repository,
  order: readonly string[],
  heads: readonly string[],
): Promise<ReadonlyMap<string, readonly BlobChange[]>> {
  const parents = await firstParents(repository, heads);
  const input = order.map((commit) => `${commit}${parents.get(commit) ?? ''}\n`).join('');
  const args = [
    'diff-tree',
    '--stdin',
    '-r',
    '--root',
    '-z',
    '--raw',
    '--no-abbrev',
    '--no-renames',
    '--no-ext-diff',
  ];
  const fields = (await repository.run(args, input)).toString('utf8').split('\0');
  const changes = new Map<string, BlobChange[]>();
  let current: BlobChange[] = [];
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] ?? '';
    if (!field.startsWith(':')) {
      const commit = field.trim();
      if (commit === '') continue;
      current = changes.get(commit) ?? [];
      changes.set(commit, current);
      continue;
    }
    const [, mode = '', , blob = '', status = ''] = field.split(' ');
    i++;
    if (status !== 'D' && isRegularFile(mode)) current.push({ path: fields[i] ?? '', blob });
  }
  return changes;
}

async function firstParents(repository: Repository, heads: readonly string[]): Promise<Map<string, string>> {
  const listed = (await repository.run(['rev-list', '--parents', ...heads])).toString('latin1');
  return new Map(
    listed.split('\n').map((line) => {
      const [commit = '', parent] = line.split(' ');
      return [commit, parent === undefined ? '' : ` ${parent}`];
    }),
  );
}

/** Every entry of a commit's tree, submodules and links included (their `mode` tells). */
export async function readTree(repository: Repository, commit: string): Promise<TreeFile[]> {
  const listed = (await repository.run(['ls-tree', '-r', '-z', '--full-tree', commit])).toString('utf8');
  return listed
    .split('\0')
    .filter((entry) => entry !== '')
    .map((entry) => {
      const tab = entry.indexOf('\t');
      const [mode = '', , blob = ''] = entry.slice(0, tab).split(' ');
      return { mode, blob, path: entry.slice(tab + 1) };
    });
}

/** A plain file; links (120000) and submodules (160000) hold no code of this repository. */
export function isRegularFile(mode: string): boolean {
  return mode.startsWith(':100') || mode.startsWith('100');
}
