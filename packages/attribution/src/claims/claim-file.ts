import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure, ok, type Result, refuse } from '@jamnet/base';
import { git } from '../git/git.ts';
import { FETCH_SECONDS_MAX, isAddress, TRANSPORTS } from '../mirror/mirror.ts';

export type ClaimFileCode = 'claim-not-fetched' | 'claim-file-wrong';

/** Where the owner of a package's repository commits the challenge. */
export const CLAIM_PATH = '.jamnet-claim';
/** Several studios' challenges fit. */
const CLAIM_BYTES_MAX = 64 << 10;

/**
 * Fetches the head of a package's repository and looks for the challenge in {@link CLAIM_PATH}: whoever decides what is
 * committed there decides who is paid for the packages. Gives the commit that holds it.
 */
export async function verifyClaimFile(
  address: string,
  challenge: string,
): Promise<Result<string, ClaimFileCode>> {
  if (!isAddress(address))
    return refuse('claim-not-fetched', `${address} is no https or ssh address and no absolute path.`);
  const directory = await mkdtemp(join(tmpdir(), 'jamnet-claim-'));
  try {
    const run = async (...args: readonly string[]): Promise<string> =>
      (await git([`--git-dir=${directory}`, ...args], '', { secondsMax: FETCH_SECONDS_MAX })).toString(
        'utf8',
      );
    await run('init', '--quiet', '--bare');
    await run(...TRANSPORTS, 'fetch', '--quiet', '--depth=1', '--no-tags', '--', address, 'HEAD');
    const listed = await run('ls-tree', '--long', 'FETCH_HEAD', '--', CLAIM_PATH);
    const [, size = ''] = /^100\d{3} blob [0-9a-f]+ +(\d+)\t/.exec(listed) ?? [];
    const isRead = size !== '' && Number(size) <= CLAIM_BYTES_MAX;
    const text = isRead ? await run('cat-file', 'blob', `FETCH_HEAD:${CLAIM_PATH}`) : '';
    if (`\n${text.replaceAll('\r\n', '\n')}\n`.includes(`\n${challenge}`))
      return ok((await run('rev-parse', 'FETCH_HEAD')).trim());
    return refuse(
      'claim-file-wrong',
      `${CLAIM_PATH} at the head of ${address} does not hold this challenge: commit it there as it was printed.`,
    );
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'git-failed') throw error;
    return refuse('claim-not-fetched', `${address} could not be fetched: ${error.message}`);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
