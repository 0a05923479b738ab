import { Failure, ok, type Result, refuse } from '@jamnet/base';
import { git } from '../git/git.ts';

export type MirrorCode = 'mirror-address-refused' | 'mirror-fetch-failed' | 'mirror-rewritten-too-often';

/** A fetch that takes longer has met a dead server. */
export const FETCH_SECONDS_MAX = 600;
/** Heads kept that a rewrite of the main line took away; beyond, somebody has to look. */
export const SEEN_HEADS_MAX = 1000;

export interface MirrorPlan {
  /** A bare repository of our own; made where there is none. */
  readonly directory: string;
  /** `https://`, `ssh://`, `git@host:path` or an absolute path: the operator's word, never a webhook's. */
  readonly address: string;
  readonly branch: string;
}

export interface Fetched {
  /** Head before this fetch; `null` the first time. */
  readonly before: string | null;
  readonly after: string;
  /** The head before is no ancestor of the new one: a force-push or a rebase. */
  readonly isRewritten: boolean;
}

/** Git speaks by these transports only, and asks nobody anything. */
export const TRANSPORTS: readonly string[] = [
  ...['-c', 'protocol.allow=never', '-c', 'protocol.https.allow=always', '-c', 'protocol.ssh.allow=always'],
  ...['-c', 'protocol.file.allow=always', '-c', 'core.sshCommand=ssh -oBatchMode=yes -oConnectTimeout=20'],
];

const SEEN = 'refs/jamnet/seen';

/** Brings the branch up to date. A head that a rewrite takes away is kept under `refs/jamnet/seen`, so that who was first stays first. */
export async function fetchMirror(plan: MirrorPlan): Promise<Result<Fetched, MirrorCode>> {
  const { directory, address, branch } = plan;
  if (!isAddress(address) || !isBranch(branch))
    return refuse(
      'mirror-address-refused',
      `${address} (${branch}) cannot be mirrored: give an https or ssh address, or an absolute path, and a branch name.`,
    );
  await git(['init', '--quiet', '--bare', `--initial-branch=${branch}`, directory]);
  const before = await headOf(directory, `refs/heads/${branch}`);
  const fetched = `refs/jamnet/fetched`;
  try {
    await run(directory, [
      ...TRANSPORTS,
      ...['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance'],
      ...['--', address, `+refs/heads/${branch}:${fetched}`],
    ]);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'git-failed') throw error;
    return refuse('mirror-fetch-failed', `${branch} of ${address} could not be fetched: ${error.message}`);
  }
  const after = (await headOf(directory, fetched)) ?? '';
  const isRewritten = before !== null && !(await isAncestor(directory, before, after));
  if (isRewritten) {
    const seen = await seenHeads(directory);
    if (seen.length >= SEEN_HEADS_MAX)
      return refuse(
        'mirror-rewritten-too-often',
        `${branch} of ${address} was rewritten ${SEEN_HEADS_MAX} times; look why before it is mirrored on.`,
      );
    const number = String(seen.length + 1).padStart(6, '0');
    await run(directory, ['update-ref', `${SEEN}/${number}`, before]);
  }
  await run(directory, ['update-ref', `refs/heads/${branch}`, after]);
  return ok({ before, after, isRewritten });
}

/** Heads that rewrites took away, in the order in which they went: what `earlierHeads` of an attribution wants. */
export async function seenHeads(directory: string): Promise<string[]> {
  const listed = await run(directory, ['for-each-ref', '--sort=refname', '--format=%(objectname)', SEEN]);
  return listed.split('\n').filter((line) => line !== '');
}

/** `https://`, `ssh://`, `git@host:path` or an absolute path, and nothing that git could take for an option. */
export function isAddress(address: string): boolean {
  if (address.length > 500 || /[\n\0]/.test(address)) return false;
  return (
    /^(https:\/\/|ssh:\/\/)[^-]/.test(address) ||
    /^[\w.-]+@[\w.-]+:[^-]/.test(address) ||
    address.startsWith('/')
  );
}

/** What git check-ref-format allows, without what could be taken for an option or a pattern. */
function isBranch(branch: string): boolean {
  return /^[A-Za-z0-9_][\w./+-]{0,199}$/.test(branch) && !/\.\.|\/\/|\.lock$|\/$|@\{/.test(branch);
}

async function headOf(directory: string, ref: string): Promise<string | null> {
  const listed = await run(directory, ['for-each-ref', '--format=%(objectname)', ref]);
  return listed === '' ? null : listed;
}

async function isAncestor(directory: string, before: string, after: string): Promise<boolean> {
  const missing = await run(directory, ['rev-list', '--max-count=1', before, `^${after}`]);
  return missing === '';
}

async function run(directory: string, args: readonly string[]): Promise<string> {
  const said = await git([`--git-dir=${directory}`, ...args], '', { secondsMax: FETCH_SECONDS_MAX });
  return said.toString('latin1').trim();
}
