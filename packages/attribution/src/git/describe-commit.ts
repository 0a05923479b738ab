import { ok, type Result } from '@jamnet/base';
import { type OpenCode, openRepository } from './open-repository.ts';

/** Text of a difference shown at most; what is longer is cut at a line and says so. */
export const DIFF_BYTES_MAX = 256 << 10;

export interface CommitDiff {
  readonly commit: string;
  /** First line of its message, as written. */
  readonly subject: string;
  /** Lines of text files; binary ones count none. */
  readonly added: number;
  readonly removed: number;
  readonly files: number;
  /** Unified, against the first parent, as written: hostile text. */
  readonly diff: string;
  readonly isCut: boolean;
}

/** Size and difference of a commit, read from git. */
export async function describeCommit(
  repoDirectory: string,
  commit: string,
): Promise<Result<CommitDiff, OpenCode>> {
  const opened = await openRepository(repoDirectory, commit);
  if (!opened.ok) return opened;
  const repository = opened.value;
  try {
    const show = ['show', '--no-ext-diff', '--no-textconv', '--no-color', '-m', '--first-parent', '-M'];
    const id = repository.head;
    const counted = (await repository.run([...show, '--format=', '--numstat', id])).toString('utf8');
    const rows = counted
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split('\t'));
    const sum = (column: number): number =>
      rows.reduce((total, row) => total + (Number(row[column]) || 0), 0);
    const subject = (await repository.run(['show', '-s', '--format=%s', id])).toString('utf8').trimEnd();
    const whole = await repository.run([...show, '--format=', '--patch', id]);
    const isCut = whole.length > DIFF_BYTES_MAX;
    const end = isCut ? whole.lastIndexOf('\n', DIFF_BYTES_MAX - 1) + 1 : whole.length;
    const diff = whole.subarray(0, end).toString('utf8');
    return ok({
      commit: id,
      subject,
      added: sum(0),
      removed: sum(1),
      files: rows.length,
      diff,
      isCut,
    });
  } finally {
    await repository.close();
  }
}
