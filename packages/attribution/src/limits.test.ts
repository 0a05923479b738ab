import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributeWithUsage } from './attribute.ts';
import { isReason, REASON_LENGTH_MAX } from './bounties/read-bounty-entry.ts';
import { LCOV_LINES_MAX, parseLcov } from './core/lcov.ts';
import { MAILMAP_ENTRIES_MAX, parseMailmap } from './core/mailmap.ts';
import { mapUsage, SEGMENTS_MAX } from './core/source-map.ts';
import { TOKENS_MAX } from './core/statement.ts';
import { flattenRanges, RANGES_PER_FILE_MAX, usesAt } from './core/usage.ts';
import { weighStatements } from './core/weigh.ts';
import { LOCK_FILE_BYTES_MAX, readDependencies } from './dependencies/read-dependencies.ts';
import { FUNDING_MAX, fundingAddresses, repositoryName } from './dependencies/repository-name.ts';
import { EXPORT_BYTES_MAX, exportFiles } from './git/export.ts';
import { git } from './git/git.ts';
import { readTree } from './git/history.ts';
import { HUNKS_PER_FILE_MAX, readHunks } from './git/hunks.ts';
import { openRepository, type Repository } from './git/open-repository.ts';
import { fetchMirror, SEEN_HEADS_MAX } from './mirror/mirror.ts';
import { LINES_PER_FILE_MAX, lineStatements } from './parse/lines.ts';
import { parseSource } from './parse/parse-source.ts';
import { drawPicture, MARKS_MAX, STATEMENTS_SHOWN_MAX } from './picture/code-picture.ts';
import { BLAMED_FILES_MAX } from './read-lines.ts';
import { makeRepository, makeTemporary } from './testing/make-repository.ts';
import { COVERAGE_BYTES_MAX, readCoverage } from './use/coverage.ts';
import { PackageUses, USED_PACKAGES_MAX } from './use/package-uses.ts';
import { parseUsageFiles, USAGE_FILES_MAX } from './use/usage-file.ts';
import { COMMAND_PARTS_MAX, INPUTS_MAX, parseWorkload, TIME_LIMIT_SECONDS_MAX } from './use/workload.ts';

/** Lines of which every other one differs from text to text. */
const hunkLines = (count: number, text: string): string =>
  list(count, (n) => `${text}(${n});\nsame(${n});\n`).join('');

const list = <T>(length: number, make: (n: number) => T): T[] => Array.from({ length }, (_, n) => make(n));

describe('what input can grow has a limit:', { timeout: 600_000 }, () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  async function opened(files: Readonly<Record<string, string>>, before?: Readonly<Record<string, string>>) {
    const plan = [...(before === undefined ? [] : [before]), files].map((one) => ({
      author: 'Ada',
      files: one,
    }));
    const found = await openRepository(await makeRepository(plan, temporary.path));
    if (!found.ok) throw new Error(found.message);
    return found.value;
  }

  test.each([
    ['command', (n: number) => ({ command: list(n, () => 'x') }), COMMAND_PARTS_MAX],
    ['inputs', (n: number) => ({ inputs: list(n, () => 'x') }), INPUTS_MAX],
    ['timeLimitSeconds', (n: number) => ({ timeLimitSeconds: n }), TIME_LIMIT_SECONDS_MAX],
  ])('a workload’s %s', (_what, make, most) => {
    const given = { command: ['node'], inputs: [], timeLimitSeconds: 1 };
    expect(parseWorkload({ ...given, ...make(most) }).ok).toBe(true);
    expect(parseWorkload({ ...given, ...make(most + 1) })).toMatchObject({ code: 'workload-malformed' });
  });

  test('usage files at once', () => {
    const document = { schema: 'jamnet/usage/v1', files: {} };
    expect(parseUsageFiles(list(USAGE_FILES_MAX, () => document)).ok).toBe(true);
    expect(parseUsageFiles(list(USAGE_FILES_MAX + 1, () => document))).toMatchObject({
      code: 'usage-malformed',
    });
  });

  test('counted ranges of a file', () => {
    const ranges = list(RANGES_PER_FILE_MAX + 1, (n) => ({ start: 2 * n, end: 2 * n + 1, count: 5 }));
    const usage = flattenRanges(ranges);
    expect(usesAt(usage, 2 * (RANGES_PER_FILE_MAX - 1))).toBe(5);
    expect(usesAt(usage, 2 * RANGES_PER_FILE_MAX)).toBe(0);
    const document = {
      schema: 'jamnet/usage/v1',
      files: {
        a: {
          starts: usage.starts.slice(0, RANGES_PER_FILE_MAX + 1),
          counts: usage.counts.slice(0, RANGES_PER_FILE_MAX + 1),
        },
      },
    };
    expect(parseUsageFiles([document])).toMatchObject({ code: 'usage-malformed' });
  });

  test('packages whose calls are counted', () => {
    const uses = new PackageUses(['file:///m']);
    for (let n = 0; n <= USED_PACKAGES_MAX; n++) uses.add(`file:///m/p${n}/i.js`, [1]);
    uses.add('file:///m/p0/i.js', [1]);
    expect(uses.uses.size).toBe(USED_PACKAGES_MAX);
    expect(uses.uses.get('node_modules/p0')).toBe(2);
  });

  test('lines of a tracefile', () => {
    const lines = (count: number): string => `SF:a\n${'DA:1,1\n'.repeat(count - 2)}end_of_record\n`;
    expect(parseLcov(lines(LCOV_LINES_MAX)).ok).toBe(true);
    expect(parseLcov(lines(LCOV_LINES_MAX + 1))).toMatchObject({ code: 'usage-malformed' });
  });

  test('segments of a source map', () => {
    const mappings = `${'AAAA,'.repeat(SEGMENTS_MAX)}AAAA`;
    const points = mapUsage({ sources: ['a'], mappings }, [1], { starts: [0], counts: [1] });
    expect(points).toHaveLength(SEGMENTS_MAX);
  });

  test('entries of a mailmap', () => {
    const mailmap = parseMailmap(
      list(MAILMAP_ENTRIES_MAX + 1, (n) => `P <p@x.org> <a${n}@x.org>\n`).join(''),
    );
    const properOf = (n: number): string => mailmap({ name: 'A', email: `a${n}@x.org` }).email;
    expect(properOf(MAILMAP_ENTRIES_MAX - 1)).toBe('p@x.org');
    expect(properOf(MAILMAP_ENTRIES_MAX)).toBe(`a${MAILMAP_ENTRIES_MAX}@x.org`);
  });

  test('lines of a file that is read by line', () => {
    expect(lineStatements('word\n'.repeat(LINES_PER_FILE_MAX + 1))).toHaveLength(LINES_PER_FILE_MAX);
  });

  test('files that are read by line', async () => {
    const names = list(BLAMED_FILES_MAX + 1, (n) => `f${String(n).padStart(5, '0')}.sh`);
    const repository = await opened(Object.fromEntries(names.map((name) => [name, `echo ${name} word\n`])));
    const usage = names.map((name) => `SF:${name}\nDA:1,1\nend_of_record\n`).join('');
    const found = await attributeWithUsage({ repoDirectory: repository.gitDirectory, usage: [usage] });
    expect(found.ok && found.value.evidence.byLine).toEqual(names.slice(0, BLAMED_FILES_MAX));
  });

  test('tokens that a statement earns for', () => {
    const weightOf = (tokens: number) => {
      const statement = { key: 'k', tokens, startLine: 1, endLine: 1, probes: [0] };
      const file = {
        path: 'a',
        statements: [statement],
        usage: { starts: [0], counts: [1] },
        isWorkload: false,
      };
      const none = new Set<string>();
      const given = { ownerOf: () => 'c', peopleOf: () => ['ada'], gatedKeys: none, paidKeys: none };
      return weighStatements({ files: [file], ...given })[0]?.weight;
    };
    expect(weightOf(TOKENS_MAX + 1)).toBe(weightOf(TOKENS_MAX));
    expect(weightOf(TOKENS_MAX)).toBeGreaterThan(weightOf(TOKENS_MAX - 1) ?? 0n);
  });

  test('places of one statement whose count is read', async () => {
    const rows = list(200, (n) => `    ${n},\n`).join('');
    const found = await parseSource(Buffer.from(`table = [\n${rows}]\n`), 'python');
    expect(typeof found === 'string' ? [] : found.map(({ probes }) => probes.length)).toEqual([32]);
  });

  test('hunks of one file: more are one', async () => {
    const hunksOf = async (count: number) => {
      const repository = await opened(
        { 'a.ts': hunkLines(count, 'new') },
        { 'a.ts': hunkLines(count, 'old') },
      );
      const [first = ''] = (await repository.run(['rev-parse', 'main~1'])).toString().split('\n');
      const change = { from: first, to: repository.head };
      return (await readHunks(repository, change, () => true))[0]?.hunks.length;
    };
    expect(await hunksOf(HUNKS_PER_FILE_MAX)).toBe(HUNKS_PER_FILE_MAX);
    expect(await hunksOf(HUNKS_PER_FILE_MAX + 1)).toBe(1);
  });

  test('bytes of an exported tree', async () => {
    const bytes = 1 << 20;
    const repository = await opened({ a: 'x'.repeat(bytes) });
    const [file] = await readTree(repository, repository.head);
    if (file === undefined) throw new Error('no file');
    // One content under many names: it would be written as often.
    const files = list(EXPORT_BYTES_MAX / bytes + 1, (n) => ({ ...file, path: `f${n}` }));
    expect(await exportFiles(repository, files, join(temporary.path, 'nowhere'))).toBe('too-large');
  });

  test('bytes of coverage', async () => {
    const directory = join(temporary.path, 'coverage');
    await makeSparse(directory, 'coverage-1.json', COVERAGE_BYTES_MAX + 1);
    const view = { tree: 'file:///t', nodeModules: null, isCommitted: () => true };
    expect(await readCoverage(directory, view, () => Promise.resolve(null))).toBe('coverage-too-large');
  });

  async function makeSparse(directory: string, name: string, bytes: number): Promise<void> {
    await mkdir(directory);
    const file = await open(join(directory, name), 'w');
    await file.truncate(bytes);
    await file.close();
  }

  test('bytes of a lock file', async () => {
    const repository = await opened({ 'package-lock.json': ' '.repeat(LOCK_FILE_BYTES_MAX + 1) });
    const tree = await readTree(repository, repository.head);
    const given = { repository, tree, uses: new Map(), nodeModulesDirectory: null };
    expect(await readDependencies(given)).toMatchObject({ code: 'lock-file-too-large' });
  });

  test('names of repositories and funding addresses', () => {
    const named = (length: number): string =>
      `https://x.org/o/${'n'.repeat(length - 'https://x.org/o/'.length)}`;
    expect(repositoryName(named(200))).not.toBeNull();
    expect(repositoryName(named(201))).toBeNull();
    expect(fundingAddresses(list(FUNDING_MAX + 1, (n) => `https://f.org/${n}`))).toHaveLength(FUNDING_MAX);
  });

  test('the length of a curator’s reason', () => {
    expect([REASON_LENGTH_MAX, REASON_LENGTH_MAX + 1].map((n) => isReason('x'.repeat(n)))).toEqual([
      true,
      false,
    ]);
  });

  test('marks of a file and statements of a person that a page shows', () => {
    const statements = list(MARKS_MAX + 1, (n) => ({
      ...{ key: `${n}`, tokens: 1, uses: 1, weight: 1n, commit: 'c', people: ['ada'] },
      ...{ places: [{ path: 'a.ts', startLine: n + 1, endLine: n + 1 }], isGated: false, isPaid: false },
    }));
    const evidence = {
      workloadHash: null,
      outputSha256: null,
      usageHash: null,
      sandbox: null,
      problem: null,
    };
    const report = {
      ...{ repository: 'r', head: 'h', commits: 1, statements: statements.length, skipped: [] },
      ...{ gated: [], gate: 'run' as const, dependencies: [], dependencyUse: 'run' as const },
      ...{ toolVersion: 't', inputHash: 'i' },
      people: [{ id: 'ada', name: 'Ada', emails: [], share: 1_000_000_000, statements: statements.length }],
      evidence: { ...evidence, dependencyProblem: null, gateUnchecked: [], byLine: [] },
    };
    const { files, people } = drawPicture(report, statements, new Map([['a.ts', 'x\n']]));
    expect(files[0]?.marks).toHaveLength(MARKS_MAX);
    expect(people[0]?.earning).toHaveLength(STATEMENTS_SHOWN_MAX);
  });

  test('rewrites of a mirrored branch', async () => {
    const forge = await opened({ a: '1' });
    const plan = {
      directory: join(temporary.path, 'mirror.git'),
      address: forge.gitDirectory,
      branch: 'main',
    };
    expect((await fetchMirror(plan)).ok).toBe(true);
    await rewrite(forge);
    const seen = list(
      SEEN_HEADS_MAX,
      (n) => `create refs/jamnet/seen/${String(n + 1).padStart(6, '0')} ${forge.head}\n`,
    );
    await git([`--git-dir=${plan.directory}`, 'update-ref', '--stdin'], seen.join(''));
    expect(await fetchMirror(plan)).toMatchObject({ code: 'mirror-rewritten-too-often' });
  });

  async function rewrite(forge: Repository): Promise<void> {
    const other = await opened({ a: '2' });
    await forge.run(['fetch', '--quiet', other.gitDirectory, '+refs/heads/main:refs/heads/main']);
  }
});
