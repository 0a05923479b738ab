import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** The commit a checkout stands at, full id; `null` where there is no history of its own. */
export async function revisionOf(checkout: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)('git', ['-C', checkout, 'rev-parse', '--verify', 'HEAD']);
    return stdout.trim();
  } catch {
    // No git or no repository: there is no revision to speak of.
    return null;
  }
}
