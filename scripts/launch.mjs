// The one entry behind `npm start`, `npm test` and `npm run …`: plain JavaScript for Node ≥ 20, because it is what
// installs the Node 24 that everything else runs on. Each step says what it does, on stderr, and can be repeated.
import { join } from 'node:path';
import { buildWeb } from './launch/build-web.mjs';
import { ensureChromium } from './launch/ensure-chromium.mjs';
import { ensureRuntime } from './launch/ensure-runtime.mjs';
import { installPackages } from './launch/install-packages.mjs';
import { ROOT, runNode, runTool } from './launch/run.mjs';
import { runTests } from './launch/run-tests.mjs';

const CLI = 'apps/cli/src/main.ts';

/**
 * For commands that hold thousands of connections: a young generation of 4 MiB instead of 16 takes a fifth to a quarter off what
 * a coordinator holds, for the same processor time; a heap that is collected once it has grown by two fifths holds 40 MB less at
 * 10,000 connections, for a tenth more processor time a task (packages/mesh/README.md).
 */
function flagsFor(args) {
  return isServer(args) ? ['--max-semi-space-size=4', '--heap-growing-percent=40'] : [];
}

function isServer([command, what]) {
  return command === 'up' || (command === 'bench' && what === 'mesh');
}

/**
 * For glibc, whose defaults keep what large messages took for later ones, in an arena for each thread: a coordinator of 10,000
 * hosts held 60 MB more after its first results. Elsewhere nobody reads these. What the environment says goes first.
 */
function environmentFor(args) {
  if (!isServer(args)) return {};
  const settings = {
    MALLOC_ARENA_MAX: '2',
    MALLOC_MMAP_THRESHOLD_: String(256 * 1024),
    MALLOC_TRIM_THRESHOLD_: String(1024 * 1024),
  };
  return Object.fromEntries(Object.entries(settings).filter(([name]) => process.env[name] === undefined));
}

const TARGETS = {
  start: {
    web: true,
    run: (node, args) =>
      runNode(node, [...flagsFor(['up']), CLI, 'up', ...args], { env: environmentFor(['up']) }),
  },
  // npm starts us in the checkout; the paths that a user gives are meant from where npm was called.
  jamnet: {
    web: false,
    run: (node, args) =>
      runNode(node, [...flagsFor(args), join(ROOT, CLI), ...args], {
        cwd: process.env.INIT_CWD ?? process.cwd(),
        env: environmentFor(args),
      }),
  },
  sim: { web: false, run: (node, args) => runNode(node, ['packages/sim/src/main.ts', ...args]) },
  test: { web: true, chromium: true, run: runTests },
  check: { web: true, chromium: true, run: runCheck },
};

async function runCheck(node, args) {
  for (const project of ['tsconfig.pure.json', 'tsconfig.json', 'apps/web/tsconfig.json']) {
    const code = await runTool(node, 'typescript', 'tsc', ['-p', project]);
    if (code !== 0) return code;
  }
  const lint = await runTool(node, '@biomejs/biome', 'biome', ['check', '.']);
  if (lint !== 0) return lint;
  const dead = await runTool(node, 'knip', 'knip', ['--no-progress', '--no-config-hints']);
  return dead === 0 ? runTests(node, args) : dead;
}

const [name, ...args] = process.argv.slice(2);
const target = TARGETS[name];
if (!target) {
  process.stderr.write(
    `usage: npm start | npm test | npm run ${Object.keys(TARGETS).slice(1).join('|')} -- …\n`,
  );
  process.exit(2);
}
try {
  const node = await ensureRuntime();
  await installPackages(node);
  if (target.web || (name === 'jamnet' && args[0] === 'up')) await buildWeb(node);
  if (target.chromium) process.env.JAMNET_CHROMIUM = await ensureChromium();
  process.exitCode = await target.run(node, args);
} catch (error) {
  process.stderr.write(`jamnet: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
