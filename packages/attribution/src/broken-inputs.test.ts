import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AttributeOptions, attribute, attributeWithUsage } from './attribute.ts';
import { explain } from './explain.ts';
import { git } from './git/git.ts';
import { openRepository } from './git/open-repository.ts';
import { reportJson } from './report.ts';
import { type CommitPlan, makeRepository, makeTemporary } from './testing/make-repository.ts';
import type { Workload } from './use/workload.ts';

const WORKLOAD: Workload = { command: ['node', 'run.ts'], inputs: ['run.ts'], timeLimitSeconds: 20 };
const RUN = `import { twice } from './twice.ts';\nconsole.log(twice(21));\n`;
const TWICE = 'export function twice(value: number): number {\n  return value * 2;\n}\n';
const GOOD: CommitPlan = { author: 'Ada', files: { 'run.ts': RUN, 'twice.ts': TWICE } };

describe('what is given to attribute', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  let good: string;
  beforeAll(async () => {
    temporary = await makeTemporary();
    good = await makeRepository([GOOD], temporary.path);
  });
  afterAll(() => temporary.remove());

  async function codeOf(options: Partial<AttributeOptions>): Promise<string> {
    const result = await attribute({ repoDirectory: good, workload: WORKLOAD, ...options });
    return result.ok ? `ok:${result.value.evidence.problem?.code}` : result.code;
  }

  async function reportOf(plan: readonly CommitPlan[], options: Partial<AttributeOptions> = {}) {
    const repoDirectory = await makeRepository(plan, temporary.path);
    const result = await attribute({ repoDirectory, workload: WORKLOAD, ...options });
    if (!result.ok) throw new Error(result.message);
    return result.value;
  }

  test('may be a bare repository, a working tree or a bundle: the same bytes come back', async () => {
    const bundle = join(temporary.path, 'good.bundle');
    await git([`--git-dir=${good}`, 'bundle', 'create', '--quiet', bundle, 'main']);
    const tree = join(temporary.path, 'tree');
    await git(['clone', '--quiet', '--branch', 'main', good, tree]);
    await writeFile(join(tree, 'twice.ts'), 'an edit that nobody committed');
    const texts = [];
    for (const repoDirectory of [good, bundle, tree, good]) {
      const result = await attribute({ repoDirectory, workload: WORKLOAD });
      texts.push(result.ok ? reportJson(result.value) : result.message);
    }
    expect(texts[0]).toContain('"share":1000000000');
    expect(new Set(texts).size).toBe(1);
  });

  test('must be a repository with a whole history', async () => {
    const empty = join(temporary.path, 'empty');
    await git(['init', '--quiet', empty]);
    await mkdir(join(empty, 'sub'));
    const shallow = join(temporary.path, 'shallow');
    const longer = await makeRepository([GOOD, { author: 'Ada', files: { a: 'b' } }], temporary.path);
    await git(['clone', '--quiet', '--depth=1', '--branch', 'main', `file://${longer}`, shallow]);
    const text = join(temporary.path, 'text');
    await writeFile(text, 'no bundle');
    expect(await codeOf({ repoDirectory: join(temporary.path, 'nowhere') })).toBe('not-a-repository');
    expect(await codeOf({ repoDirectory: text })).toBe('not-a-repository');
    expect(await codeOf({ repoDirectory: join(empty, 'sub') })).toBe('not-a-repository');
    expect(await codeOf({ repoDirectory: empty })).toBe('no-history');
    expect(await codeOf({ repoDirectory: shallow })).toBe('shallow-clone');
    expect(await codeOf({ revision: '--output=x' })).toBe('unknown-revision');
  });

  test('may have as many commits as the limit and not one more', async () => {
    const two = await makeRepository([GOOD, { author: 'Ada', files: { a: 'b' } }], temporary.path);
    const atLimit = await openRepository(two, 'HEAD', 2);
    expect(atLimit.ok).toBe(true);
    expect(await openRepository(two, 'HEAD', 1)).toMatchObject({ ok: false, code: 'history-too-long' });
  });

  const bad = (changes: object): Workload => ({ ...WORKLOAD, ...changes });
  test.each([
    ['no command', bad({ command: [] })],
    ['inputs that are no list', bad({ inputs: 'run.ts' })],
    ['no time limit', bad({ timeLimitSeconds: 0 })],
    ['an endless time limit', bad({ timeLimitSeconds: 1e9 })],
    ['a hash that is none', bad({ expectedOutputSha256: 'abc' })],
    ['a short commit', bad({ inputsFromCommit: 'abc' })],
    ['blobs that leave an input out', bad({ inputs: ['a', 'b'], inputBlobs: { a: '0'.repeat(40) } })],
    ['a short blob', bad({ inputs: ['a'], inputBlobs: { a: 'abc' } })],
    [
      'a commit and blobs',
      bad({ inputs: ['a'], inputBlobs: { a: '0'.repeat(40) }, inputsFromCommit: '0'.repeat(40) }),
    ],
  ])('is refused as a workload with %s', async (_what, workload) => {
    expect(await codeOf({ workload })).toBe('workload-malformed');
  });

  test('a workload that fails names its problem, pays nobody and still tells who owns what', async () => {
    const cases: readonly [string, Partial<AttributeOptions>][] = [
      ['workload-missing', { workload: null }],
      ['workload-failed', { workload: { ...WORKLOAD, command: ['node', 'absent.ts'] } }],
      ['workload-failed', { workload: { ...WORKLOAD, command: ['no-such-program'] } }],
      ['workload-input-missing', { workload: { ...WORKLOAD, inputs: ['absent.ts'] } }],
      ['workload-input-missing', { workload: { ...WORKLOAD, inputsFromCommit: '0'.repeat(40) } }],
      [
        'workload-input-missing',
        {
          workload: {
            ...WORKLOAD,
            inputBlobs: Object.fromEntries(WORKLOAD.inputs.map((path) => [path, '0'.repeat(40)])),
          },
        },
      ],
      ['workload-output-differs', { workload: { ...WORKLOAD, expectedOutputSha256: '0'.repeat(64) } }],
      ['workload-timed-out', { workload: { ...WORKLOAD, command: ['sleep', '9'], timeLimitSeconds: 1 } }],
      ['workload-output-too-large', { workload: { ...WORKLOAD, command: ['yes'] } }],
      ['coverage-missing', { workload: { ...WORKLOAD, command: ['true'] } }],
      ['node-modules-unusable', { nodeModulesDirectory: good }],
    ];
    for (const [code, options] of cases) {
      const report = await reportOf([GOOD], options);
      expect(report.evidence.problem?.code).toBe(code);
      expect(report.people).toMatchObject([{ name: 'Ada', share: 0 }]);
      expect(report.statements).toBe(3);
    }
  });

  test('files that cannot be read are named and the rest is attributed', async () => {
    const hostile: CommitPlan['files'] = {
      'generated.js': `x(${'1,'.repeat(2_600_000)}1);`,
      'binary.js': new Uint8Array([0, 1, 2, 255]),
      'deep.js': `${'['.repeat(200_000)}`,
      'latin1.js': new Uint8Array([...Buffer.from('f("'), 0xe9, ...Buffer.from('");')]),
      'picture.png': new Uint8Array([0x89, 0x50, 0]),
      'generated.go': `var x = []int{${'1,'.repeat(2_600_000)}1}`,
      'binary.rs': new Uint8Array([0, 1, 2, 255]),
      'deep.py': `x = ${'['.repeat(2000)}${']'.repeat(2000)}`,
      'latin1.py': new Uint8Array([...Buffer.from('f("'), 0xe9, ...Buffer.from('")')]),
    };
    const report = await reportOf([GOOD, { author: 'Eve', files: hostile }]);
    expect(report.skipped).toEqual([
      { path: 'binary.js', reason: 'binary' },
      { path: 'binary.rs', reason: 'binary' },
      { path: 'deep.js', reason: 'unparsable' },
      { path: 'deep.py', reason: 'unparsable' },
      { path: 'generated.go', reason: 'too-large' },
      { path: 'generated.js', reason: 'too-large' },
    ]);
    expect(report.people).toMatchObject([
      { name: 'Ada', share: 1_000_000_000 },
      { name: 'Eve', share: 0, statements: 2 },
    ]);
  });

  test('submodules and file names that are no UTF-8 do no harm', async () => {
    const directory = await makeRepository([GOOD], temporary.path);
    const tree = (await git([`--git-dir=${directory}`, 'ls-tree', 'main'])).toString();
    const lines = Buffer.concat([
      Buffer.from(`${tree}160000 commit ${'1'.repeat(40)}\tmodule\n`),
      Buffer.from(
        tree
          .split('\n')
          .find((line) => line.endsWith('twice.ts'))
          ?.replace('twice.ts', '') ?? '',
      ),
      Buffer.from([0xff, 0xfe, 0x2e, 0x74, 0x73, 0x0a]),
    ]);
    const made = (await git([`--git-dir=${directory}`, 'mktree', '--missing'], lines)).toString().trim();
    const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org'];
    const commit = (
      await git([`--git-dir=${directory}`, ...who, 'commit-tree', made, '-p', 'main', '-m', 'x'])
    )
      .toString()
      .trim();
    await git([`--git-dir=${directory}`, 'update-ref', 'refs/heads/main', commit]);
    const result = await attribute({ repoDirectory: directory, workload: WORKLOAD });
    expect(result.ok && result.value.evidence.problem).toBeNull();
    expect(result.ok && result.value.skipped).toEqual([{ path: 'module', reason: 'submodule' }]);
    expect(result.ok && result.value.people[0]?.share).toBe(1_000_000_000);
  });

  test('co-authors split, a mailmap unites, a bot leaves its part to the others', async () => {
    const other = 'export function thrice(value: number): number {\n  return value * 3;\n}\n';
    const report = await reportOf(
      [
        {
          author: 'Ada',
          email: 'old@example.org',
          message: 'x\n\nCo-authored-by: Bela <bela@example.org>',
          files: GOOD.files,
        },
        {
          author: 'Robo',
          files: {
            'twice.ts': TWICE + other,
            'run.ts': `${RUN.replace('twice }', 'twice, thrice }')}thrice(1);`,
          },
        },
        { author: 'Cleo', files: { '.mailmap': 'Ada Proper <ada@example.org> <old@example.org>\n' } },
      ],
      { botList: ['robo@example.org'] },
    );
    expect(report.people).toMatchObject([{ share: 500_000_000 }, { share: 500_000_000 }]);
    const ada = report.people.find((person) => person.name === 'Ada Proper');
    expect(ada?.emails).toEqual(['ada@example.org', 'old@example.org']);
  });

  test('a repository’s own configuration and replaced objects change nothing', async () => {
    const directory = await makeRepository(
      [GOOD, { author: 'Eve', files: { 'twice.ts': `${TWICE}\n` } }],
      temporary.path,
    );
    const before = await attribute({ repoDirectory: directory, workload: WORKLOAD });
    const commits = (await git([`--git-dir=${directory}`, 'rev-list', 'main'])).toString().trim().split('\n');
    await promisify(execFile)('git', [
      `--git-dir=${directory}`,
      'replace',
      commits[1] ?? '',
      commits[0] ?? '',
      '--force',
    ]).catch(() => undefined);
    await git([`--git-dir=${directory}`, 'config', 'log.showSignature', 'true']);
    await git([`--git-dir=${directory}`, 'config', 'diff.renames', 'copies']);
    expect(await attribute({ repoDirectory: directory, workload: WORKLOAD })).toEqual(before);
  });

  test('recorded use takes the place of a replay, and malformed records are refused', async () => {
    const usage = (counts: unknown): unknown => ({
      schema: 'jamnet/usage/v1',
      files: { 'twice.ts': { starts: [0], counts } },
    });
    const measured = await attributeWithUsage({ repoDirectory: good, usage: [usage([5]), usage([6])] });
    expect(measured.ok && measured.value.people).toMatchObject([{ name: 'Ada', share: 1_000_000_000 }]);
    for (const wrong of [[], [-1], [0.5], ['1'], null]) {
      const refused = await attributeWithUsage({ repoDirectory: good, usage: [usage(wrong)] });
      expect(refused).toMatchObject({ ok: false, code: 'usage-malformed' });
    }
  });

  test('a line is explained by its first commit, its uses and its share', async () => {
    const options = { repoDirectory: good, workload: WORKLOAD };
    const found = await explain(options, 'twice.ts:2');
    expect(found).toMatchObject({
      ok: true,
      value: [{ uses: 1, tokens: 4, people: [{ name: 'Ada' }], alsoAt: [] }],
    });
    expect(await explain(options, 'twice.ts')).toMatchObject({ ok: false, code: 'location-malformed' });
    expect(await explain(options, 'twice.ts:3000')).toMatchObject({ ok: false, code: 'no-statement-there' });
  });

  test('a line of a hundred and fifty thousand statements is explained', async () => {
    const names = Array.from({ length: 150_000 }, (_, n) => `a${n.toString(36)}`);
    const text = `if (0) { ${names.join(';')}; b(); b(); }\nb();\n`;
    const files = { 'long.ts': `function b(): void {} ${text}` };
    const repoDirectory = await makeRepository([{ author: 'Ada', files }], temporary.path);
    const found = await explain({ repoDirectory, workload: null }, 'long.ts:1');
    if (!found.ok) throw new Error(found.message);
    expect(found.value.length).toBeGreaterThan(names.length);
    expect(found.value.find(({ alsoAt }) => alsoAt.length > 0)).toMatchObject({ alsoAt: ['long.ts:2'] });
  }, 240_000);
});
