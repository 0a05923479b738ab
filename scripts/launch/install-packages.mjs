import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, run, runNode, say } from './run.mjs';

const MARKER = join(ROOT, 'node_modules', '.jamnet-installed');

/** `npm ci` when the lock file or a manifest changed since the last complete install; no install scripts are run. */
export async function installPackages(node) {
  const wanted = fingerprint();
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === wanted) return;
  say('installing packages from the npm registry (npm ci, about half a minute)');
  rmSync(MARKER, { force: true });
  const path = `${dirname(node)}${process.platform === 'win32' ? ';' : ':'}${process.env.PATH ?? ''}`;
  const code = await run('npm', ['ci', '--ignore-scripts', '--no-fund', '--no-audit'], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, PATH: path },
    shell: process.platform === 'win32',
  });
  if (code !== 0)
    throw new Error(
      'npm ci failed (its own words are above). Check the network to the npm registry and run again: nothing is lost.',
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
