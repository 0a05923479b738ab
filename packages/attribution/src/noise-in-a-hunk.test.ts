import { present } from '@jamnet/base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { guardLine, REAL_LINE } from './bench/attack-plans.ts';
import { personId } from './core/people.ts';
import { git } from './git/git.ts';
import type { AttributionReport } from './report.ts';
import { insertInLoop } from './testing/attacks.ts';
import { foundersFiles, foundersHistory, WORKLOAD } from './testing/founders-program.ts';
import { type CommitPlan, emailOf, makeRepository, makeTemporary } from './testing/make-repository.ts';

const MODULES = 2;
const MALLORY = 'Mallory';

// Hundreds of replays: a slow machine needs its time.
describe('the gate', { timeout: 600_000 }, () => {
  const history = foundersHistory(MODULES);
  const first = present(foundersFiles(MODULES)['src/stage-0.ts'], 'first module');
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  async function reportAfter(attack: readonly CommitPlan[]): Promise<AttributionReport> {
    const repoDirectory = await makeRepository([...history, ...attack], temporary.path);
    const said = await git([`--git-dir=${repoDirectory}`, 'rev-parse', `main~${attack.length}`]);
    const gateSince = said.toString().trim();
    const result = await attribute({ repoDirectory, workload: WORKLOAD, gateSince });
    if (!result.ok) throw new Error(result.message);
    expect(result.value.evidence).toMatchObject({ problem: null, gateUnchecked: [] });
    return result.value;
  }

  function by(author: string, text: string): CommitPlan {
    return { author, files: { 'src/stage-0.ts': text } };
  }

  const shareOf = (report: AttributionReport, author: string): number =>
    report.people.find((person) => person.id === personId(emailOf(author)))?.share ?? 0;

  describe('with noise in the very hunk of a real change', () => {
    let honest: AttributionReport;
    beforeAll(async () => {
      honest = await reportAfter([by(MALLORY, insertInLoop(first, [REAL_LINE]))]);
      expect(shareOf(honest, MALLORY)).toBeGreaterThan(0);
    });
    const forms: Readonly<Record<string, readonly string[]>> = {
      'on lines beside it': [guardLine(1), guardLine(2), REAL_LINE, guardLine(3), guardLine(4)],
      'around it': ['if (total !== 0.75) {', `  ${REAL_LINE}`, '}', guardLine(1)],
      'joined to it by commas': ['Math.abs(total * 3), (total = (total + 12345) | 0), Math.max(total, 7);'],
      'declared, used by other noise only': [
        `const half = total / 2, third = total / 3; ${REAL_LINE} if (half + third === 0.1) throw new Error('x');`,
      ],
      'undoing itself': ['total += 101;', REAL_LINE, 'total -= 101;'],
      'in a loop of its own': ['for (let k = 0; k < 3; k++) {', `  ${guardLine(5)}`, '}', REAL_LINE],
    };
    test.each(Object.entries(forms))('pays none of it %s', async (_, lines) => {
      const both = await reportAfter([by(MALLORY, insertInLoop(first, lines))]);
      expect(both.gated).toEqual([both.head]);
      expect(shareOf(both, MALLORY)).toBe(shareOf(honest, MALLORY));
    });

    test('pays no new name on lines that a real change replaces as well', async () => {
      const called = /value = fold0\(value, (\d+)\)/;
      const real = first.replace(called, 'value = fold0(value, 1$1)');
      const renamed = real.replace(/\b(mix|spread|gather)0\b(?!')/g, 'my_$1');
      const alone = await reportAfter([by(MALLORY, real)]);
      const both = await reportAfter([by(MALLORY, renamed)]);
      expect(both.gated).toEqual([both.head]);
      const gain = shareOf(both, MALLORY) - shareOf(alone, MALLORY);
      expect(gain).toBeGreaterThanOrEqual(0);
      expect(gain).toBeLessThanOrEqual(shareOf(alone, MALLORY) / 20);
    });

    test('pays the real lines of a new file and none of its noise', async () => {
      const mill = (lines: readonly string[]): CommitPlan => ({
        author: MALLORY,
        files: {
          'src/more.ts': `export function more(total: number): number {\n${lines.map((line) => `  ${line}\n`).join('')}  return total | 0;\n}\n`,
          'src/stage-0.ts': `import { more } from './more.ts';\n${insertInLoop(first, ['total = more(total);'])}`,
        },
      });
      const real = ['total += 77;', 'total = Math.imul(total, 33);'];
      const alone = await reportAfter([mill(real)]);
      expect(shareOf(alone, MALLORY)).toBeGreaterThan(0);
      const both = await reportAfter([mill([guardLine(1), ...real, guardLine(2), guardLine(3)])]);
      expect(both.gated).toEqual([both.head]);
      expect(shareOf(both, MALLORY)).toBe(shareOf(alone, MALLORY));
    });
  });
});
