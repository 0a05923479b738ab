import { spawn } from 'node:child_process';

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

/** Where the workload sees its folders. Under bubblewrap they are the same on every machine. */
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

function works(kind: 'bwrap' | 'unshare'): Promise<boolean> {
  const [program, args] =
    kind === 'bwrap'
      ? ['bwrap', ['--ro-bind', '/', '/', '--unshare-all', '--', 'true']]
      : ['unshare', [...UNSHARE, '--', 'true']];
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: 'ignore' });
    child.on('error', () => resolve(false));
    child.on('close', (status) => resolve(status === 0));
  });
}

/** New user, network and process namespaces; everything inside ends with the first process. */
const UNSHARE = ['--map-root-user', '--net', '--pid', '--fork', '--kill-child'];

export function viewFrom(kind: SandboxKind, mounts: SandboxMounts): SandboxView {
  if (kind !== 'bwrap') return { ...mounts, node: process.execPath };
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
  if (kind === 'unshare') return { program: 'unshare', args: [...UNSHARE, '--', ...limited] };
  if (kind === 'none') return { program: 'sh', args: limited.slice(1) };
  return { program: 'bwrap', args: [...bubblewrapArguments(mounts), '--', ...limited] };
}

function bubblewrapArguments(mounts: SandboxMounts): string[] {
  const view = viewFrom('bwrap', mounts);
  const system = [
    '/usr',
    '/bin',
    '/sbin',
    '/lib',
    '/lib32',
    '/lib64',
    '/nix/store',
    '/etc/ld.so.cache',
    '/etc/alternatives',
  ];
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--hostname', 'replay'],
    ...system.flatMap((path) => ['--ro-bind-try', path, path]),
    ...['--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'],
    ...['--ro-bind', process.execPath, view.node],
    ...['--ro-bind', mounts.tree, view.tree],
    ...['--bind', mounts.coverage, view.coverage],
    ...(mounts.nodeModules === null ? [] : ['--ro-bind', mounts.nodeModules, view.nodeModules ?? '']),
    ...['--setenv', 'PATH', '/usr/local/bin:/usr/bin:/bin', '--chdir', view.tree],
  ];
}
