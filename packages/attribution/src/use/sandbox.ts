import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jailArguments, SYSTEM_PATHS } from './jail.ts';

/** How a replay was kept from the network; `none` only when the caller allowed it. */
export type SandboxKind = 'bwrap' | 'unshare' | 'none';

export interface SandboxOptions {
  /** Run without any sandbox when this machine has none. The report then says `none`. */
  readonly allowUnsandboxed?: boolean;
  /** Take this kind and no other; default: the strongest that works. */
  readonly only?: SandboxKind;
}

export interface SandboxMounts {
  /** Exported tree, read-only for the workload under bubblewrap. */
  readonly tree: string;
  /** Folder the workload's coverage is written to. */
  readonly coverage: string;
  /** Third-party packages, read-only; its last part is `node_modules`. */
  readonly nodeModules: string | null;
}

/** Where the workload sees its folders. In a sandbox they are the same on every machine. */
export interface SandboxView extends SandboxMounts {
  readonly node: string;
}

export interface SandboxedCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** Largest single file a replay may write (its coverage), in 512-byte blocks: 256 MiB. */
const FILE_BLOCKS_MAX = 524_288;

/** The strongest sandbox that works here, or `null`: none works and none was not allowed. */
export async function chooseSandbox(options: SandboxOptions): Promise<SandboxKind | null> {
  const candidates: readonly SandboxKind[] =
    options.only === undefined ? ['bwrap', 'unshare', 'none'] : [options.only];
  for (const kind of candidates) {
    if (kind === 'none' ? options.allowUnsandboxed === true : await works(kind)) return kind;
  }
  return null;
}

/** Whether a sandbox of this kind starts here: `unshare` may be there and yet be forbidden to mount anything. */
async function works(kind: 'bwrap' | 'unshare'): Promise<boolean> {
  if (kind === 'bwrap') return succeeds('bwrap', ['--ro-bind', '/', '/', '--unshare-all', '--', 'true']);
  const directory = await mkdtemp(join(tmpdir(), 'jamnet-jail-'));
  try {
    const mounts = {
      readable: [],
      writable: [join(directory, 'none'), '/coverage'],
      directory: '/',
    } as const;
    return await succeeds('unshare', jailArguments(mounts, ['true']));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.on('error', () => resolve(false));
    child.on('close', (status) => resolve(status === 0));
  });
}

export function viewFrom(kind: SandboxKind, mounts: SandboxMounts): SandboxView {
  if (kind === 'none') return { ...mounts, node: process.execPath };
  return {
    tree: '/repository',
    coverage: '/coverage',
    nodeModules: mounts.nodeModules === null ? null : '/packages/node_modules',
    node: '/node/node',
  };
}

/** Wraps a command so that it runs in the sandbox with the tree's top as working folder. */
export function sandboxed(
  kind: SandboxKind,
  mounts: SandboxMounts,
  command: readonly string[],
): SandboxedCommand {
  const limited = ['sh', '-c', `ulimit -f ${FILE_BLOCKS_MAX}; ulimit -c 0; exec "$@"`, 'sh', ...command];
  if (kind === 'unshare') return { program: 'unshare', args: jailArguments(jailMounts(mounts), limited) };
  if (kind === 'none') return { program: 'sh', args: limited.slice(1) };
  return { program: 'bwrap', args: [...bubblewrapArguments(mounts), '--', ...limited] };
}

function bubblewrapArguments(mounts: SandboxMounts): string[] {
  const view = viewFrom('bwrap', mounts);
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--hostname', 'replay'],
    ...SYSTEM_PATHS.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...['--ro-bind', process.execPath, view.node],
    ...['--ro-bind', mounts.tree, view.tree],
    ...['--bind', mounts.coverage, view.coverage],
    ...(mounts.nodeModules === null ? [] : ['--ro-bind', mounts.nodeModules, view.nodeModules ?? '']),
    ...['--remount-ro', '/'],
    ...['--setenv', 'PATH', '/usr/local/bin:/usr/bin:/bin', '--chdir', view.tree],
  ];
}

function jailMounts(mounts: SandboxMounts) {
  const view = viewFrom('unshare', mounts);
  const packages = mounts.nodeModules === null ? [] : [[mounts.nodeModules, view.nodeModules ?? ''] as const];
  return {
    readable: [[process.execPath, view.node] as const, [mounts.tree, view.tree] as const, ...packages],
    writable: [mounts.coverage, view.coverage] as const,
    directory: view.tree,
  };
}
