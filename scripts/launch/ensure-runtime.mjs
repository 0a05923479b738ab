import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, say } from './run.mjs';

const MAJOR = 24;
/** One package per platform holds the plain binary; the package `node` would need an install script. */
const PLATFORM = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** Path of a Node ≥ 24: the running one, else one installed from npm into `.node24/`. */
export async function ensureRuntime() {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return process.execPath;
  const home = join(ROOT, '.node24');
  const binary = join(
    home,
    'node_modules',
    `node-${PLATFORM}`,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  if (existsSync(binary) && works(binary)) return binary;
  say(
    `this machine has Node ${process.versions.node}; installing Node ${MAJOR} (npm package node-${PLATFORM}) into .node24/`,
  );
  // Installed beside and renamed when whole, so that an interrupted install leaves nothing half-way.
  const fresh = `${home}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const code = await run(
    'npm',
    [
      'install',
      '--prefix',
      fresh,
      '--no-save',
      '--no-package-lock',
      '--ignore-scripts',
      `node-${PLATFORM}@${MAJOR}`,
    ],
    {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, npm_config_loglevel: 'warn' },
      shell: process.platform === 'win32',
    },
  );
  if (code !== 0)
    throw new Error(
      `npm could not install node-${PLATFORM}@${MAJOR}. Check the network to the npm registry, or install Node ${MAJOR} yourself, and run again.`,
    );
  rmSync(home, { recursive: true, force: true });
  renameSync(fresh, home);
  if (!works(binary))
    throw new Error(
      `the Node ${MAJOR} from npm does not run here (${binary}). Install Node ${MAJOR} for this machine and run again.`,
    );
  return binary;
}

function works(binary) {
  try {
    return execFileSync(binary, ['--version'], { encoding: 'utf8' }).startsWith(`v${MAJOR}.`);
  } catch {
    return false;
  }
}
