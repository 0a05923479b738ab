import { existsSync } from 'node:fs';
import { git } from '../git/git.ts';

/** A history of the longest that is read takes seconds; what takes longer has met a dead disk. */
const SEARCH_SECONDS_MAX = 60;

/**
 * Whether a commit of any branch in this repository names the address as its author or in a trailer (`Co-authored-by`), as written
 * and whatever `.mailmap` makes of it. A folder that is not there names nobody; throws `git-failed` where git cannot tell.
 */
export async function namesAddress(gitDirectory: string, email: string): Promise<boolean> {
  if (!existsSync(gitDirectory)) return false;
  const search = ['log', '--all', '--no-mailmap', '--max-count=1', '--format=%H'];
  const pattern = ['--fixed-strings', '--regexp-ignore-case'];
  for (const where of ['author', 'grep']) {
    const args = [`--git-dir=${gitDirectory}`, ...search, ...pattern, `--${where}=<${email}>`];
    const found = await git(args, '', { secondsMax: SEARCH_SECONDS_MAX });
    if (found.length > 0) return true;
  }
  return false;
}
