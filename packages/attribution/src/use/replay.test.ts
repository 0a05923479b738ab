import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute, attributeInDetail } from '../attribute.ts';
import { type CommitPlan, makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { chooseSandbox, type SandboxKind } from './sandbox.ts';
import type { Workload } from './workload.ts';

const WORKLOAD: Workload = { command: ['node', 'run.ts'], inputs: [], timeLimitSeconds: 20 };
const SHARED_SOURCE = 'export const answer = (): number => 42;\n';

describe('a replay', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  async function run(
    files: CommitPlan['files'],
    only: SandboxKind,
    workload: Partial<Workload> = {},
    nodeModulesDirectory?: string,
  ) {
    const repoDirectory = await makeRepository([{ author: 'Ada', files }], temporary.path);
    const said: string[] = [];
    const result = await attributeInDetail({
      repoDirectory,
      workload: { ...WORKLOAD, ...workload },
      sandbox: { only, allowUnsandboxed: true },
      onNote: (line) => said.push(line),
      ...(nodeModulesDirectory === undefined ? {} : { nodeModulesDirectory }),
    });
    if (!result.ok) throw new Error(result.message);
    const uses = (path: string, line: number): number | undefined =>
      result.value.statements.find((one) =>
        one.places.some((at) => at.path === path && at.startLine === line),
      )?.uses;
    return { report: result.value.report, uses, said: said.join('\n') };
  }

  test('counts each statement as often as it ran, types stripped', async () => {
    const text = `interface Ünused { readonly a: '日本' }
function f(n: number): number {
  if (n > 6) return n satisfies number;
  for (let i: number = 0; i < 3; i++) {
    g(i as number);
  }
  return 0;
}
const g = (x: number): number => x + 1;
for (let i = 0; i < 10; i++) f(i);
function never(): void {
  f(1);
}
console.log(g.length);
`;
    const { uses } = await run({ 'run.ts': text }, 'none');
    expect([2, 3, 4, 5, 7, 9, 10, 11, 12].map((line) => uses('run.ts', line))).toEqual([
      10, 10, 7, 21, 7, 21, 1, 0, 0,
    ]);
  });

  /** A TypeScript source with what a compiler makes of it. */
  async function builtFiles() {
    const { default: ts } = await import('typescript-5');
    const original =
      'enum Kind { a }\nfunction f(n: number): void {\n  g(n);\n}\nfunction g(n: number): number { return n + Kind.a; }\nf(1);\nf(2);\n';
    const built = ts.transpileModule(original, {
      fileName: 'original.ts',
      compilerOptions: { sourceMap: true, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    return {
      'src/original.ts': original,
      'dist/original.js': built.outputText,
      'dist/original.js.map': (built.sourceMapText ?? '').replace('"original.ts"', '"../src/original.ts"'),
      'package.json': '{"type":"module"}',
    };
  }

  test('counts through the source map of a build pinned with the workload', async () => {
    const inputs = ['dist/original.js', 'dist/original.js.map'];
    const { uses } = await run(await builtFiles(), 'none', { command: ['node', 'dist/original.js'], inputs });
    expect([2, 3, 6].map((line) => uses('src/original.ts', line))).toEqual([2, 2, 1]);
  });

  test('counts through the source map of a build that the replay makes', async () => {
    const { 'dist/original.js': code, 'dist/original.js.map': map, ...files } = await builtFiles();
    const parts = [code, map].map((text) => JSON.stringify(text));
    const build = `import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist');
writeFileSync('dist/original.js', ${parts[0]});
writeFileSync('dist/original.js.map', ${parts[1]});
await import(process.cwd() + '/dist/original.js');
`;
    const { uses } = await run({ ...files, 'build.js': build }, 'none', { command: ['node', 'build.js'] });
    expect([2, 3, 6].map((line) => uses('src/original.ts', line))).toEqual([2, 2, 1]);
  });

  test('believes no source map that came with a commit: its author could lead the counts anywhere', async () => {
    const { 'dist/original.js.map': map, ...files } = await builtFiles();
    const mine = "function idle(): void {\n  console.log('never');\n  console.log('nor this');\n}\n";
    const stolen = {
      ...files,
      'src/mine.ts': mine,
      'dist/original.js.map': map.replace('original.ts', 'mine.ts'),
    };
    const { uses } = await run(stolen, 'none', { command: ['node', 'dist/original.js'] });
    expect([2, 3].map((line) => uses('src/mine.ts', line))).toEqual([0, 0]);
    expect(uses('src/original.ts', 3)).toBe(2);
  });

  test('finds workspaces in the commit and third-party packages in the folder given', async () => {
    const nodeModules = join(temporary.path, 'node_modules');
    await mkdir(join(nodeModules, 'third'), { recursive: true });
    await mkdir(join(nodeModules, 'fourth'));
    await writeFile(join(nodeModules, 'third', 'index.js'), `module.exports = require('fourth') + 1;`);
    await writeFile(join(nodeModules, 'fourth', 'index.js'), 'module.exports = 4;');
    const files = {
      'package.json': '{"workspaces":["parts/*"],"type":"module"}',
      'parts/shared/package.json': '{"name":"@us/shared","type":"module","exports":"./index.ts"}',
      'parts/shared/index.ts': SHARED_SOURCE,
      'run.ts': `import { answer } from '@us/shared';\nimport third from 'third';\nconsole.log(answer() + third);\n`,
    };
    for (const only of ['none', 'unshare', 'bwrap'] as const) {
      if ((await chooseSandbox({ only, allowUnsandboxed: true })) === null) continue;
      const { report, uses, said } = await run(files, only, {}, nodeModules);
      expect([only, report.evidence.problem, said]).toEqual([only, null, '']);
      expect(uses('parts/shared/index.ts', 1)).toBe(1);
    }
  });

  test('reaches in a sandbox neither network nor tree nor home nor other processes, and sees one root in both', async () => {
    const server = createServer((socket) => socket.end('leak'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const spy = `import { connect } from 'node:net';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
const tried = (what: () => unknown): string => { try { what(); return 'yes'; } catch { return 'no'; } };
// Never outside a sandbox: as root it would succeed.
const isInside = process.cwd() === '/repository' && !existsSync('${temporary.path}');
const mount = () => isInside && execFileSync('mount', ['-t', 'tmpfs', 'x', '/tmp'], { stdio: 'ignore' });
console.error('in', process.cwd(), readdirSync('/').filter((name) => !name.startsWith('lib')).join());
console.error('processes', readdirSync('/proc').filter((name) => Number(name) > 20).length === 0 ? 'own' : 'all');
console.error('mount', tried(mount), 'root', tried(() => isInside && writeFileSync('/x', '')), 'packages', tried(() => isInside && writeFileSync('/usr/x', '')));
console.error('home', tried(() => readdirSync('${homedir()}')), 'tree', tried(() => writeFileSync('run.ts', '')));
const socket = connect(${port}, '127.0.0.1');
socket.on('data', () => { console.error('network yes'); process.exit(3); });
socket.on('error', () => { console.error('network no'); process.exit(3); });
`;
    try {
      for (const only of ['none', 'unshare', 'bwrap'] as const) {
        if ((await chooseSandbox({ only, allowUnsandboxed: true })) === null) continue;
        const { said } = await run({ 'run.ts': spy }, only);
        expect(said).toContain(only === 'none' ? 'network yes' : 'network no');
        if (only === 'none') continue;
        expect(said).toContain('home no tree no');
        expect(said).toContain('mount no root no packages no');
        expect(said).toContain('processes own');
        expect(said).toContain('in /repository bin,coverage,dev,etc,');
      }
    } finally {
      server.close();
    }
  });

  test('is refused where no sandbox works, unless that is allowed, and then says so', async () => {
    const repoDirectory = await makeRepository(
      [{ author: 'Ada', files: { 'run.ts': SHARED_SOURCE } }],
      temporary.path,
    );
    const options = { repoDirectory, workload: WORKLOAD };
    const refused = await attribute({ ...options, sandbox: { only: 'none' } });
    expect(refused.ok && refused.value.evidence).toMatchObject({
      sandbox: null,
      problem: { code: 'sandbox-missing' },
    });
    const allowed = await attribute({ ...options, sandbox: { only: 'none', allowUnsandboxed: true } });
    expect(allowed.ok && allowed.value.evidence).toMatchObject({ sandbox: 'none', problem: null });
  });

  test('takes the workload’s files from the commit that was pinned', async () => {
    const { git } = await import('../git/git.ts');
    const original = {
      'run.ts': `import { answer } from './shared.ts';\nanswer();\nconsole.log(1);\n`,
      'shared.ts': SHARED_SOURCE,
    };
    const edited = { 'run.ts': 'console.log(2);\n' };
    const repoDirectory = await makeRepository(
      [
        { author: 'Ada', files: original },
        { author: 'Eve', files: edited },
      ],
      temporary.path,
    );
    const pinned = (await git([`--git-dir=${repoDirectory}`, 'rev-parse', 'main~1'])).toString().trim();
    const blob = (await git([`--git-dir=${repoDirectory}`, 'rev-parse', 'main~1:run.ts'])).toString().trim();
    for (const fixed of [{ inputsFromCommit: pinned }, { inputBlobs: { 'run.ts': blob } }]) {
      const workload = { ...WORKLOAD, inputs: ['run.ts'], ...fixed };
      const result = await attribute({ repoDirectory, workload });
      expect(result.ok && result.value.people).toMatchObject([
        { name: 'Ada', share: 1_000_000_000 },
        { name: 'Eve', share: 0 },
      ]);
    }
  });
});
