import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runJamnet } from '../testing/run-jamnet.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-attribute-'));
const repository = join(root, 'repository');
const usage = join(root, 'usage.info');
/** Clears a terminal, in a name. */
const CLEAR = '\x1b[2J';

function fileOf(path: string, text: string): string {
  return `M 100644 inline "${path}"\ndata ${text.length}\n${text}\n`;
}

beforeAll(() => {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', repository]);
  const commit = [
    `commit refs/heads/main\ncommitter Ada${CLEAR} <ada@example.org> 1600000000 +0000\ndata 1\nx\n`,
    fileOf('a\\033[2J.sh', 'echo one two\n'),
    fileOf('b.ts', 'export const b = 1 + 2;\n'),
  ];
  execFileSync('git', [`--git-dir=${repository}`, 'fast-import', '--quiet'], { input: commit.join('') });
  writeFileSync(usage, `SF:a${CLEAR}.sh\nDA:1,5\nend_of_record\nSF:b.ts\nDA:1,5\nend_of_record\n`);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const attribute = async (...words: string[]): Promise<string> =>
  (await runJamnet(join(root, 'data'), ['attribute', '--repo', repository, ...words])).out;

test('what others named a file or themselves moves no terminal’s cursor', async () => {
  const report = await attribute('--usage', usage);
  expect(report).toContain('Ada[2J');
  expect(report).toContain('a[2J.sh');
  const explained = await attribute('--explain', 'b.ts:1');
  expect(explained).toContain('Ada[2J');
  for (const said of [report, explained]) expect(said).not.toContain('\x1b');
});

test('who is named as a bot earns nothing', async () => {
  const people = async (...words: string[]) =>
    (JSON.parse(await attribute('--usage', usage, '--json', ...words)) as { people: unknown[] }).people;
  expect(await people()).toHaveLength(1);
  expect(await people('--bot', 'somebody', '--bot', 'ADA@example.org')).toEqual([]);
});

test('its JSON names what a repository is, who owns it, and what the answer depends on', async () => {
  const report: unknown = JSON.parse(await attribute('--usage', usage, '--json'));
  const [hash, id] = [expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^[0-9a-f]{40}$/)];
  const person = { name: expect.stringContaining('Ada'), emails: ['ada@example.org'] };
  expect(report).toMatchObject({
    ...{ repository: expect.stringMatching(/^git:[0-9a-f]{40}$/), head: id, commits: 1, statements: 2 },
    people: [{ ...person, id: expect.any(String), share: 1_000_000_000, statements: 2 }],
    // Recorded use: neither the gate nor the packages' calls were replayed.
    ...{ gated: [], gate: 'not-run', dependencies: [], dependencyUse: 'not-run', skipped: [] },
    ...{ toolVersion: expect.stringMatching(/^jamnet-attribution\/\d+ /), inputHash: hash },
  });
});
