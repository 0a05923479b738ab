import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runNode, runTool, say } from './run.mjs';

const WEB = join(ROOT, 'apps', 'web');
const MARKER = join(WEB, 'dist', '.built-from');
/** The page bundles these too; the clips of the page on concealment are made by them. */
const SOURCES = [
  'apps/web',
  'packages/base/src',
  'packages/economy/src/core',
  'packages/jdat/src',
  'packages/ledger/src/core',
  'packages/pnbtr/src',
  'packages/toast/src',
  'scripts/concealment',
];

/** What the documentation shows of the packages. */
const DOCUMENTS = [
  'packages/groove/README.md',
  'packages/jdat/SPEC.md',
  'packages/ledger/SPEC.md',
  'packages/mesh/VALIDATION.md',
  'packages/toast/SPEC.md',
];

/** Builds the page with Vite when its sources changed since the last build. */
export async function buildWeb(node) {
  const wanted = fingerprint();
  if (existsSync(MARKER) && readFileSync(MARKER, 'utf8') === wanted) return;
  say('building the web page (Vite, a few seconds)');
  const code = await runTool(node, 'vite', 'vite', ['build', '--logLevel', 'warn'], {
    cwd: WEB,
    stdio: ['ignore', 2, 2],
  });
  if (code !== 0) throw new Error('the web page could not be built (Vite says why above).');
  say('making the page on concealment (clips and spectrograms, some ten seconds)');
  const made = await runNode(node, ['scripts/concealment/make-page.ts', join(WEB, 'dist', 'concealment')]);
  if (made !== 0) throw new Error('the page on concealment could not be made (see above).');
  writeFileSync(MARKER, wanted);
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) hashTree(hash, source);
  for (const path of DOCUMENTS) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest('hex');
}

function hashTree(hash, folder) {
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true }).sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )) {
    if (entry.name === 'dist' || entry.name === 'node_modules') continue;
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) hashTree(hash, path);
    else hash.update(path).update(readFileSync(join(ROOT, path)));
  }
}
