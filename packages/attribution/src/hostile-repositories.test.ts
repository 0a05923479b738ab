import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { git } from './git/git.ts';
import { type CommitPlan, makeRepository, makeTemporary } from './testing/make-repository.ts';
import type { Workload } from './use/workload.ts';

const WORKLOAD: Workload = { command: ['node', 'run.ts'], inputs: [], timeLimitSeconds: 60 };
const FILES = {
  'run.ts': `import { twice } from './twice.ts';\nconsole.log(twice(21));\n`,
  'twice.ts': 'export function twice(value: number): number {\n  return value * 2;\n}\n',
};
const CHANGED = { 'twice.ts': FILES['twice.ts'].replace('value * 2', 'value * 3') };
/** What a program can leave where its coverage goes. */
const COVERAGE = "process.env.NODE_V8_COVERAGE + '/coverage-1-1-1.json'";

describe('a repository that means harm', { timeout: 240_000 }, () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  /** Ada's program, then what Eve does to it; the gate judges Eve. */
  async function reportAfter(files: CommitPlan['files']) {
    const history = [
      { author: 'Ada', files: FILES },
      { author: 'Eve', files },
    ];
    return reportOf(await makeRepository(history, temporary.path));
  }

  async function reportOf(repoDirectory: string) {
    const since = await git([`--git-dir=${repoDirectory}`, 'rev-parse', 'main~1']);
    const gateSince = since.toString().trim();
    const found = await attribute({ repoDirectory, workload: WORKLOAD, gateSince });
    if (!found.ok) throw new Error(found.message);
    expect(found.value.evidence).toMatchObject({ problem: null, gateUnchecked: [] });
    expect(found.value.people[0]?.name).toBe('Ada');
    expect(found.value.people[0]?.share).toBeGreaterThan(0);
    return found.value;
  }

  test.each([
    ['half a file', `writeFileSync(${COVERAGE}, '{')`],
    ['a folder', `mkdirSync(${COVERAGE})`],
    ['a link out of the sandbox', `symlinkSync('/etc/passwd', ${COVERAGE})`],
    ['a pipe that nobody writes to', `execFileSync('mkfifo', [${COVERAGE}])`],
    ['a script whose address is malformed', `writeFileSync(${COVERAGE}, ${forgedCoverage()})`],
  ])('stops nothing with %s among its coverage', async (_what, leave) => {
    const imports = `import { execFileSync } from 'node:child_process';\nimport { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';\n`;
    await reportAfter({ 'run.ts': `${imports}${leave};\n${FILES['run.ts']}` });
  });

  test('stops nothing by a source map that names a malformed source', async () => {
    const map = JSON.stringify({ version: 3, sources: ['%zz.ts'], names: [], mappings: 'AAAA' });
    const leave = [
      "const lib = process.env.JAMNET_COVERAGE + '/lib.mjs';",
      "writeFileSync(lib, 'export const three = () => 3;\\n//# sourceMappingURL=lib.mjs.map\\n');",
      `writeFileSync(lib + '.map', ${JSON.stringify(map)});`,
      '(await import(lib)).three();',
    ].join('\n');
    await reportAfter({ 'run.ts': `import { writeFileSync } from 'node:fs';\n${leave}\n${FILES['run.ts']}` });
  });

  test('stops nothing by a file that no parser reads beside a change that earns', async () => {
    const report = await reportAfter({ ...CHANGED, 'deep.js': '['.repeat(200_000) });
    expect(report.skipped).toEqual([{ path: 'deep.js', reason: 'unparsable' }]);
    expect(report.people[1]?.share).toBeGreaterThan(0);
  });

  test('stops nothing by names that a file system does not hold', async () => {
    const report = await reportAfter({
      ...CHANGED,
      [`${'n'.repeat(300)}.ts`]: 'console.log(1);\n',
      [`${'n'.repeat(300)}/deeper.ts`]: 'console.log(2);\n',
      // Both names read as caf\ufffd: one is a file, the other a folder.
      '"caf\\351"': 'a file',
      '"caf\\352/in.ts"': 'console.log(3);\n',
    });
    expect(report.people[1]?.share).toBeGreaterThan(0);
  });

  test('writes nothing outside of the replay', async () => {
    const history = [
      { author: 'Ada', files: FILES },
      { author: 'Eve', files: CHANGED },
    ];
    const directory = await makeRepository(history, temporary.path);
    const outside = `${basename(temporary.path)}-escaped.ts`;
    const run = async (args: readonly string[], input: string | Uint8Array = ''): Promise<string> =>
      (await git([`--git-dir=${directory}`, ...args], input)).toString().trim();
    const nest = async (name: string, entry: Uint8Array): Promise<Buffer> => {
      const made = await run(['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'], entry);
      return Buffer.concat([Buffer.from(`40000 ${name}\0`), Buffer.from(made, 'hex')]);
    };
    const blob = await run(['hash-object', '-w', '--stdin'], 'console.log(1);\n');
    const file = Buffer.concat([Buffer.from(`100644 ${outside}\0`), Buffer.from(blob, 'hex')]);
    // From tmp/jamnet-replay-…/tree two folders up.
    const above = await nest('..', await nest('..', file));
    const tree = await git([`--git-dir=${directory}`, 'cat-file', 'tree', 'main^{tree}']);
    const made = await run(
      ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'],
      Buffer.concat([above, tree]),
    );
    const who = ['-c', 'user.name=Eve', '-c', 'user.email=eve@example.org'];
    const commit = await run([...who, 'commit-tree', made, '-p', 'main~1', '-m', 'x']);
    await run(['update-ref', 'refs/heads/main', commit]);
    expect(await run(['ls-tree', '-r', '--name-only', 'main'])).toContain(`../../${outside}`);
    await reportOf(directory);
    expect(existsSync(join(tmpdir(), outside))).toBe(false);
  });
});

/** Source text of a report of scripts whose addresses cannot be decoded. */
function forgedCoverage(): string {
  const urls = ['/%zz.ts', '/node_modules/a/%zz.js'].map((path) => `'file://' + process.cwd() + '${path}'`);
  return `JSON.stringify({ result: [${urls.map((url) => `{ url: ${url}, functions: [] }`).join(', ')}] })`;
}
