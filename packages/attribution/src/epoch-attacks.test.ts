import { present } from '@jamnet/base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { guardLine } from './bench/attack-plans.ts';
import { personId } from './core/people.ts';
import { git } from './git/git.ts';
import type { AttributionReport } from './report.ts';
import { insertInLoop } from './testing/attacks.ts';
import { foundersFiles, foundersHistory, WORKLOAD } from './testing/founders-program.ts';
import { type CommitPlan, emailOf, makeRepository, makeTemporary } from './testing/make-repository.ts';

const MODULES = 2;
const [FIRST, SECOND] = ['src/stage-0.ts', 'src/stage-1.ts'];
const MALLORY = 'Mallory';
const TRENT = 'Trent';

// Hundreds of replays: a slow machine needs its time.
describe('the gate, over the commits of an epoch', { timeout: 900_000 }, () => {
  const history = foundersHistory(MODULES);
  const founders = foundersFiles(MODULES);
  const first = present(founders[FIRST], 'first module');
  const second = present(founders[SECOND], 'second module');
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  async function reportAfter(epoch: readonly CommitPlan[], isJudged = true): Promise<AttributionReport> {
    const repoDirectory = await makeRepository([...history, ...epoch], temporary.path);
    const said = await git([`--git-dir=${repoDirectory}`, 'rev-parse', `main~${epoch.length}`]);
    const gate = isJudged ? { gateSince: said.toString().trim() } : {};
    const options = { repoDirectory, workload: WORKLOAD, cacheDirectory: `${temporary.path}/cache`, ...gate };
    const result = await attribute(options);
    if (!result.ok) throw new Error(result.message);
    expect(result.value.evidence).toMatchObject({ problem: null, gateUnchecked: [] });
    return result.value;
  }

  /** The first module after each of these sets of lines in its first loop, by turns of the authors. */
  function inLoop(
    steps: readonly (readonly string[])[],
    authors = [MALLORY],
    message?: string,
  ): CommitPlan[] {
    return steps.map((lines, index) => ({
      author: present(authors[index % authors.length], 'author'),
      files: { [FIRST]: insertInLoop(first, lines) },
      ...(message === undefined ? {} : { message }),
    }));
  }

  const shareOf = (report: AttributionReport, author: string): number =>
    report.people.find((person) => person.id === personId(emailOf(author)))?.share ?? 0;

  const sums = Array.from({ length: 9 }, (_, n) => 101 + 37 * n);
  const tenLines = [
    ...sums.map((sum) => `total += ${sum};`),
    `total -= ${sums.reduce((all, sum) => all + sum, 0)};`,
  ];
  const ten = tenLines.map((_, n) => tenLines.slice(0, n + 1));
  const two = [['total += 101;'], ['total += 101;', 'total -= 101;']];
  const coAuthored = (other: string) => `Work\n\nCo-authored-by: ${other} <${emailOf(other)}>`;

  /** Among the commits up to three honest changes of the second module by somebody else, each on top of the one before. */
  function interleaved(epoch: readonly CommitPlan[]): CommitPlan[] {
    const every = Math.ceil(epoch.length / 3);
    let lines: readonly string[] = [];
    return epoch.flatMap((commit, n) => {
      if (n % every !== 0) return [commit];
      lines = [...lines, `total = (total + ${4321 * (n + 1)}) | 0;`];
      return [commit, { author: 'Olga', files: { [SECOND]: insertInLoop(second, lines) } }];
    });
  }

  const saved = (lines: readonly string[]) => ['const kept = total;', ...lines];
  const voided = Array.from({ length: 6 }, (_, n) => `total = Math.imul(total, ${2 * n + 3}) ^ ${n + 70};`);

  test.each<[string, readonly CommitPlan[]]>([
    ['two commits', inLoop(two)],
    ['ten commits', inLoop(ten)],
    ['two commits, with somebody else’s between them', interleaved(inLoop(two))],
    ['ten commits, with somebody else’s between them', interleaved(inLoop(ten))],
    ['two names that name each other as co-authors', inLoop(two, [MALLORY, TRENT], coAuthored(MALLORY))],
    ['ten commits of two names who know nothing of each other', interleaved(inLoop(ten, [MALLORY, TRENT]))],
    [
      'a later commit that forgets what the one before reckoned',
      inLoop([voided, [...saved(voided), 'total = kept;']]),
    ],
    [
      'a line that goes and comes back in another form',
      [
        { author: MALLORY, files: { [SECOND]: second.replace(/ {2}value = fold1\(value, (\d+)\);\n/, '') } },
        {
          author: TRENT,
          files: {
            [SECOND]: second.replace(
              / {2}value = (mix1\(value, \d+\));\n {2}value = fold1\(value, (\d+)\);\n/,
              '  value = fold1($1, $2);\n',
            ),
          },
        },
      ],
    ],
  ])('pays nothing for work that undoes itself over %s', async (_, epoch) => {
    const report = await reportAfter(epoch);
    expect([shareOf(report, MALLORY), shareOf(report, TRENT)]).toEqual([0, 0]);
    expect(report.gated.length).toBeGreaterThan(0);
    // Who worked honestly in between keeps what the same work earns without them.
    const honest = epoch.filter(({ author }) => author === 'Olga');
    if (honest.length > 0) expect(shareOf(report, 'Olga')).toBe(shareOf(await reportAfter(honest), 'Olga'));
  });

  test('pays the real line beside it and nothing of it', async () => {
    const real = 'total = (total + 12345) | 0;';
    const alone = await reportAfter(inLoop([[real]]));
    const both = await reportAfter(inLoop([['total += 101;'], ['total += 101;', real, 'total -= 101;']]));
    expect(shareOf(both, MALLORY)).toBe(shareOf(alone, MALLORY));
  });

  test('pays honest work over several commits all that it earns without a gate', async () => {
    const epoch = [
      ...interleaved(inLoop([['total += 101;'], ['total += 101;', 'total = Math.imul(total, 77);']])),
      {
        author: 'Olga',
        files: { [FIRST]: insertInLoop(first, ['total += 101;', 'total = Math.imul(total, 78);']) },
      },
    ];
    const report = await reportAfter(epoch);
    expect(report.gated).toEqual([]);
    // Remainders are divided by a hash of the input, of which the gate is a part.
    for (const { id, share } of (await reportAfter(epoch, false)).people)
      expect(Math.abs((report.people.find((one) => one.id === id)?.share ?? 0) - share)).toBeLessThanOrEqual(
        1,
      );
  });

  test('takes nothing from who was first when somebody’s noise would do the same again', async () => {
    const clamp = 'if (total > 1_000_000) total = 1_000_000;';
    const again = 'total = Math.min(total, 1_000_000);';
    const alone = await reportAfter([{ author: 'Olga', files: { [FIRST]: insertInLoop(first, [clamp]) } }]);
    expect(shareOf(alone, 'Olga')).toBeGreaterThan(0);
    const report = await reportAfter([
      { author: 'Olga', files: { [FIRST]: insertInLoop(first, [clamp]) } },
      { author: MALLORY, files: { [FIRST]: insertInLoop(first, [clamp, again, guardLine(1)]) } },
    ]);
    expect(shareOf(report, MALLORY)).toBe(0);
    expect(shareOf(report, 'Olga')).toBe(shareOf(alone, 'Olga'));
  });
});
