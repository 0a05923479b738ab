import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** By their full paths, so that nobody's PATH decides what confines a slot. */
const BWRAP = '/usr/bin/bwrap';
const UNSHARE = '/usr/bin/unshare';
const PRLIMIT = '/usr/bin/prlimit';
const NICE = '/usr/bin/nice';

/** What confines a slot on this machine; shown to the host's owner. */
export interface Confinement {
  /** `namespace`: the process has no network interface. `none`: only our own code runs in it, but nothing enforces it. */
  readonly network: 'namespace' | 'none';
  /** `bubblewrap`: sees its program, Node and the system's libraries. `permission-model`: Node itself refuses other files. */
  readonly files: 'bubblewrap' | 'permission-model';
  /** `data-limit`: the kernel refuses memory past the cap. `heap`: only JavaScript's own heap is capped. */
  readonly memory: 'data-limit' | 'heap';
}

export interface Sandbox extends Confinement {
  readonly command: string;
  readonly args: readonly string[];
}

export interface SandboxOptions {
  /** Directory of the slot's program. */
  readonly image: string;
  /** Empty directory of this slot alone, where it starts. */
  readonly workDirectory: string;
  readonly memoryMb: number;
  /** 0 … 19. */
  readonly niceness: number;
  /** Less than this machine offers, to try what others have to do with. */
  readonly confinement?: Confinement | undefined;
}

/**
 * What Node 24 reserves before it runs anything, measured on x86-64 Linux (VmData 576 MB, most of it V8's code range), with
 * room to grow; `prlimit --data` counts it.
 */
const RESERVED_MB = 608;

/** How to start a slot under all that this machine offers of Node's permission model, bubblewrap or unshare, prlimit and nice. */
export function sandboxFor(options: SandboxOptions): Sandbox {
  probed ??= probe();
  const { network, files, memory } = options.confinement ?? probed;
  const way = { network, files, memory };
  const words = [...limitWords(options, way), ...spaceWords(options, way)];
  const [command = process.execPath, ...args] = words;
  return { command, args, ...way };
}

function limitWords({ memoryMb, niceness }: SandboxOptions, { memory }: Confinement): string[] {
  const dataBytes = (RESERVED_MB + 2 * memoryMb) * 1024 * 1024;
  return [
    ...(niceness > 0 && existsSync(NICE) ? [NICE, '-n', String(niceness)] : []),
    ...(memory === 'data-limit' ? [PRLIMIT, `--data=${dataBytes}`, '--core=0'] : []),
  ];
}

function spaceWords({ image, workDirectory, memoryMb }: SandboxOptions, way: Confinement): string[] {
  if (way.files !== 'bubblewrap') {
    const unshare = way.network === 'namespace' ? [UNSHARE, '--map-root-user', '--net'] : [];
    return [...unshare, process.execPath, ...nodeWords(image, memoryMb)];
  }
  const [inside, node] = ['/image', '/node'];
  return [
    BWRAP,
    ...spaceFlags(),
    ...['--ro-bind', process.execPath, node],
    ...['--ro-bind', image, inside],
    ...['--ro-bind', workDirectory, '/work', '--chdir', '/work'],
    node,
    ...nodeWords(inside, memoryMb),
  ];
}

/** New namespaces of every kind, no capabilities, the system's libraries to read, and nothing of the owner's. */
function spaceFlags(): string[] {
  const libraries = ['/lib', '/lib64'].flatMap((path) => ['--ro-bind-try', path, path]);
  return [
    ...['--unshare-all', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...['--ro-bind', '/usr', '/usr', ...libraries, '--proc', '/proc', '--dev', '/dev'],
  ];
}

/** Node's permission model: reads its own program only; no writing, children, workers or add-ons. */
function nodeWords(image: string, memoryMb: number): string[] {
  return [
    '--permission',
    `--allow-fs-read=${image}`,
    `--max-old-space-size=${memoryMb}`,
    '--max-semi-space-size=1',
    join(image, 'slot.mjs'),
  ];
}

let probed: Confinement | null = null;

/** What works here, found out once by trying it. */
function probe(): Confinement {
  const linux = process.platform === 'linux';
  const bubblewrap = linux && works(BWRAP, [...spaceFlags(), '/usr/bin/true']);
  const namespace = bubblewrap || (linux && works(UNSHARE, ['--map-root-user', '--net', 'true']));
  return {
    network: namespace ? 'namespace' : 'none',
    files: bubblewrap ? 'bubblewrap' : 'permission-model',
    memory: linux && works(PRLIMIT, ['--data=1000000000', 'true']) ? 'data-limit' : 'heap',
  };
}

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 5000 }).status === 0;
}
