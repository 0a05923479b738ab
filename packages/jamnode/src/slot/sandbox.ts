import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { slotImage } from './image.ts';

/** Of util-linux; by its full path, so that nobody's PATH decides what confines a slot. */
const UNSHARE = '/usr/bin/unshare';

/** What confines a slot on this machine; shown to the host's owner. */
export interface Sandbox {
  readonly command: string;
  readonly args: readonly string[];
  /** `namespace`: the process has no network interface. `none`: only our own code runs in it, but nothing enforces it. */
  readonly network: 'namespace' | 'none';
}

/**
 * How to start a slot: Node's permission model (reads its own program only; no writing, children, workers or add-ons),
 * and where Linux lets us an empty network namespace, which Node 24's permissions do not cover.
 */
export function sandboxFor(memoryMb: number): Sandbox {
  const image = slotImage();
  const node = [
    '--permission',
    `--allow-fs-read=${image}`,
    `--max-old-space-size=${memoryMb}`,
    '--max-semi-space-size=1',
    join(image, 'slot.mjs'),
  ];
  if (!hasNetworkNamespaces()) return { command: process.execPath, args: node, network: 'none' };
  return {
    command: UNSHARE,
    args: ['--map-root-user', '--net', process.execPath, ...node],
    network: 'namespace',
  };
}

let probed: boolean | null = null;

function hasNetworkNamespaces(): boolean {
  if (process.platform !== 'linux') return false;
  const options = { stdio: 'ignore', timeout: 2000 } as const;
  probed ??= spawnSync(UNSHARE, ['--map-root-user', '--net', 'true'], options).status === 0;
  return probed;
}
