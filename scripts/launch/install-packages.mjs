import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, run, runNode, say } from './run.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const MARKER = join(ROOT, 'node_modules', '.jamnet-installed');

/**
 * `npm install` when the lock file or a manifest changed since the last complete install; no install scripts are run.
 * Not `npm ci`: it refuses a lock file that lacks optional binaries of other platforms, and registry mirrors may lack them.
 * The lock file is put back as it was, so that an install never changes the checkout.
 */
export async function installPackages(node) {
  const wanted = fingerprint();
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === wanted) return;
  say('installing packages from the npm registry (npm install, about half a minute)');
  rmSync(MARKER, { force: true });
  const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  const lock = readFileSync(LOCK);
  const code = await run('npm', ['install', '--ignore-scripts', '--no-fund', '--no-audit'], {
    stdio: ['ignore', 2, 2],
    // `npm --silent start` would pass its silence on and swallow why an install failed.
    env: { ...process.env, PATH: path, npm_config_loglevel: 'warn' },
    shell: process.platform === 'win32',
  });
  if (!readFileSync(LOCK).equals(lock)) writeFileSync(LOCK, lock);
  if (code !== 0)
    throw new Error(
      'npm install failed (its own words are above). Check the network to the npm registry and run again: nothing is lost.',
    );
  say('preparing the programs (Node strips their types once and keeps the result)');
  await runNode(node, ['apps/cli/src/main.ts', '--help'], { stdio: 'ignore' });
  writeFileSync(MARKER, wanted);
}

function fingerprint() {
  const hash = createHash('sha256');
  const manifests = ['package-lock.json', 'package.json'];
  for (const group of ['packages', 'apps']) {
    for (const name of readdirSync(join(ROOT, group)).sort()) manifests.push(`${group}/${name}/package.json`);
  }
  for (const file of manifests)
    if (existsSync(join(ROOT, file))) hash.update(file).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex');
}
