import { present } from '@jamnet/base';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { personId } from './core/people.ts';
import type { AttributionReport } from './report.ts';
import { insertInLoop, mapFiles, moveTo, reFormat, reIndent, renameLocals } from './testing/attacks.ts';
import { FOUNDERS, foundersFiles, foundersHistory, WORKLOAD } from './testing/founders-program.ts';
import { type CommitPlan, emailOf, makeRepository, makeTemporary } from './testing/make-repository.ts';

const MODULES = 40;
const PERCENT = 10_000_000;
const MALLORY = 'Mallory';

// Fifty commits and two replays: a slow machine needs its time.
describe('a thief on a repository of three founders and nearly three thousand statements', {
  timeout: 240_000,
}, () => {
  const files = foundersFiles(MODULES);
  const history = foundersHistory(MODULES);
  const first = present(files['src/stage-0.ts'], 'first module');
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  let untouched: AttributionReport;

  beforeAll(async () => {
    temporary = await makeTemporary();
    untouched = await reportAfter([]);
  });
  afterAll(() => temporary.remove());

  async function reportAfter(attack: readonly CommitPlan[]): Promise<AttributionReport> {
    const repoDirectory = await makeRepository([...history, ...attack], temporary.path);
    const result = await attribute({
      repoDirectory,
      workload: WORKLOAD,
      cacheDirectory: `${temporary.path}/cache`,
    });
    if (!result.ok) throw new Error(result.message);
    expect(result.value.evidence.problem).toBeNull();
    expect(result.value.people.reduce((sum, person) => sum + person.share, 0)).toBe(1_000_000_000);
    return result.value;
  }

  async function takenBy(attack: readonly CommitPlan[]): Promise<number> {
    return shareOf(await reportAfter(attack), MALLORY);
  }

  function by(author: string, changed: CommitPlan['files']): CommitPlan {
    return { author, files: changed };
  }

  test('finds the founders with about a third each when nobody attacks', () => {
    expect(untouched.statements).toBeGreaterThan(2500);
    for (const founder of FOUNDERS) expect(shareOf(untouched, founder)).toBeGreaterThan(25 * PERCENT);
  });

  test('gets nothing for re-indenting everything', async () => {
    expect(await takenBy([by(MALLORY, mapFiles(files, reIndent))])).toBe(0);
  });

  test('gets nothing for another formatter', async () => {
    const changed = mapFiles(files, reFormat);
    expect(changed['src/stage-0.ts']).not.toBe(first);
    expect(await takenBy([by(MALLORY, changed)])).toBe(0);
  });

  test('gets nothing for moving every file', async () => {
    expect(await takenBy([by(MALLORY, moveTo('lib', files))])).toBe(0);
  });

  test('gets nothing for copying everything and deleting the original later', async () => {
    const moved = moveTo('lib', files);
    const copies = Object.fromEntries(Object.entries(moved).filter(([, text]) => text !== null));
    const removals = Object.fromEntries(Object.entries(moved).filter(([, text]) => text === null));
    expect(await takenBy([by(MALLORY, copies), by(MALLORY, removals)])).toBe(0);
  });

  test('gets nothing for new names of all locals', async () => {
    const changed = mapFiles(files, (text, path) => (path === 'run.ts' ? text : renameLocals(text)));
    expect(changed['src/stage-0.ts']).toContain('attacker_total');
    expect(await takenBy([by(MALLORY, changed)])).toBe(0);
  });

  test('gets nothing for commits dated before the founders', async () => {
    const stolen = Object.entries(moveTo('lib', files)).filter(([path]) => path !== 'run.ts');
    const dated = { author: MALLORY, atSeconds: 1_000_000, files: Object.fromEntries(stolen) };
    expect(await takenBy([dated, by(MALLORY, moveTo('lib', files))])).toBe(0);
  });

  test('gets nothing for a back-dated branch that holds the founders’ code and is merged later', async () => {
    const stolen: CommitPlan = {
      author: MALLORY,
      atSeconds: 1_000_000,
      files: moveTo('lib', files),
      parents: [0],
    };
    const merge: CommitPlan = {
      author: MALLORY,
      files: moveTo('lib', files),
      parents: [history.length - 1, history.length],
    };
    expect(await takenBy([stolen, merge])).toBe(0);
  });

  test('gets at most 1.5 % for a hot loop of five lines', async () => {
    const loop = [
      'let heat = 0;',
      'for (let k = 0; k < 2000; k++) {',
      '  heat += k % 3;',
      '}',
      'total ^= heat & 0;',
    ];
    const taken = await takenBy([by(MALLORY, { 'src/stage-0.ts': insertInLoop(first, loop) })]);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(1.5 * PERCENT);
  });

  test('gets at most 0.5 % for a million calls of a function of its own', async () => {
    const calls = `${first}\nfunction idle(n: number): number { return n & 1; }\nfor (let n = 0; n < 1_000_000; n++) idle(n);\n`;
    const taken = await takenBy([by(MALLORY, { 'src/stage-0.ts': calls })]);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(0.5 * PERCENT);
  });

  test('gets at most 0.5 % for sixty identical lines that do nothing', async () => {
    const noise = Array.from({ length: 60 }, () => 'total = total + 0;');
    const taken = await takenBy([by(MALLORY, { 'src/stage-0.ts': insertInLoop(first, noise) })]);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(0.5 * PERCENT);
  });

  test('gets at most 1.5 % for a chain of thirty wrappers before the gate, which leaves it nothing', async () => {
    const hop = (k: number): string => `function hop${k}(n: number): number { return hop${k + 1}(n); }`;
    const chain = Array.from({ length: 30 }, (_, k) => hop(k)).join('\n');
    const text = insertInLoop(first, ['hop0(total);']);
    const last = 'function hop30(n: number): number { return n; }';
    const taken = await takenBy([by(MALLORY, { 'src/stage-0.ts': `${text}\n${chain}\n${last}\n` })]);
    expect(taken).toBeGreaterThan(0);
    expect(taken).toBeLessThanOrEqual(1.5 * PERCENT);
  });

  test('gets nothing for joining statements with commas', async () => {
    const joined = mapFiles(files, (text, path) =>
      path === 'run.ts' ? text : text.replace(/;\n( +)(total \^= total >>> )/g, ',\n$1$2'),
    );
    expect(joined['src/stage-0.ts']).not.toBe(first);
    expect(await takenBy([by(MALLORY, joined)])).toBe(0);
  });

  test('gets the same for fifty commits as for one', async () => {
    const lines = Array.from({ length: 50 }, (_, k) => `total = (total + ${k + 7}) ^ ${k * 3 + 1};`);
    const whole = await takenBy([by(MALLORY, { 'src/stage-0.ts': insertInLoop(first, lines) })]);
    const steps = lines.map((_, k) =>
      by(MALLORY, { 'src/stage-0.ts': insertInLoop(first, lines.slice(0, k + 1)) }),
    );
    expect(whole).toBeGreaterThan(0);
    expect(Math.abs((await takenBy(steps)) - whole)).toBeLessThanOrEqual(1);
  });

  test('gets nothing for editing the workload', async () => {
    const edited = `${files['run.ts']}for (let n = 0; n < 1000; n++) total ^= n;\nconsole.log(total);\n`;
    expect(await takenBy([by(MALLORY, { 'run.ts': edited })])).toBe(0);
  });

  test('leaves founders what they had when others move and reformat their code', async () => {
    const formatted = mapFiles(files, (text, path) => (path === 'run.ts' ? text : reFormat(text)));
    const report = await reportAfter([
      by('Dora', moveTo('lib', files)),
      by(MALLORY, moveTo('lib', formatted)),
    ]);
    for (const founder of FOUNDERS) expect(shareOf(report, founder)).toBe(shareOf(untouched, founder));
  });
});

function shareOf(report: AttributionReport, author: string): number {
  const id = personId(emailOf(author));
  return report.people.find((person) => person.id === id)?.share ?? 0;
}
