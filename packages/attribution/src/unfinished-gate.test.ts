import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AttributeOptions, attribute } from './attribute.ts';
import { guardLine, REAL_LINE } from './bench/attack-plans.ts';
import { git } from './git/git.ts';
import { type AttributionReport, reportJson } from './report.ts';
import { type CommitPlan, makeRepository, makeTemporary } from './testing/make-repository.ts';

const WORKLOAD = { command: ['node', 'run.ts'], inputs: ['run.ts'], timeLimitSeconds: 60 };
const program = (...lines: string[]): string =>
  ['let total = 7;', 'for (let i = 0; i < 30; i++) {', ...lines, '}', 'console.log(total);', ''].join('\n');

let temporary: Awaited<ReturnType<typeof makeTemporary>>;
beforeAll(async () => {
  temporary = await makeTemporary();
});
afterAll(() => temporary.remove());

// Dozens of replays: a slow machine needs its time.
test('a gate whose time is spent pays nobody, and with the same cache the next one goes on where it stopped', {
  timeout: 600_000,
}, async () => {
  const plan: CommitPlan[] = [
    { author: 'Ada', files: { 'run.ts': "import './src/sum.ts';\n", 'src/sum.ts': program('total += i;') } },
    { author: 'Ben', files: { 'src/sum.ts': program('total += i;', REAL_LINE, guardLine(1)) } },
  ];
  const repoDirectory = await makeRepository(plan, temporary.path);
  const said = await git([`--git-dir=${repoDirectory}`, 'rev-parse', 'main~1']);
  const given = { repoDirectory, workload: WORKLOAD, gateSince: said.toString().trim() };
  const report = async (more: Partial<AttributeOptions>): Promise<AttributionReport> => {
    const found = await attribute({ ...given, ...more });
    if (!found.ok) throw new Error(found.message);
    return found.value;
  };
  const whole = await report({});
  expect(whole.gated).toEqual([whole.head]);

  // A second goes by whenever somebody looks at the clock: a few replays in each turn.
  const someReplays = { gateSeconds: 4, cacheDirectory: `${temporary.path}/cache` };
  const turns: AttributionReport[] = [];
  do {
    let seconds = 0;
    turns.push(await report({ ...someReplays, nowMs: () => 1000 * seconds++ }));
  } while (turns.at(-1)?.evidence.problem !== null && turns.length < 20);
  const [first] = turns;
  expect(first).toMatchObject({ gate: 'not-run', gated: [] });
  expect(first?.evidence.problem).toMatchObject({ code: 'gate-unfinished' });
  expect(first?.evidence.problem?.message).toMatch(/all the time that it may take was spent/);
  expect(first?.people.map(({ share }) => share)).toEqual([0, 0]);
  expect(turns.length).toBeGreaterThan(2);
  expect(reportJson(turns.at(-1) ?? whole)).toEqual(reportJson(whole));
});

test('a program that prints something else each time is judged by nothing: nobody loses pay by it, nobody is paid', {
  timeout: 600_000,
}, async () => {
  const run = "import './src/sum.ts';\n";
  const plan: CommitPlan[] = [
    { author: 'Ada', files: { 'run.ts': run, 'src/sum.ts': program('total += i;') } },
    { author: 'Ben', files: { 'src/sum.ts': program('total += i;', REAL_LINE) } },
    { author: 'Gus', files: { 'src/sum.ts': program('total += i;', REAL_LINE, 'total += Math.random();') } },
  ];
  const repoDirectory = await makeRepository(plan, temporary.path);
  const said = await git([`--git-dir=${repoDirectory}`, 'rev-parse', 'main~2']);
  const gateSince = said.toString().trim().slice(0, 9);
  const found = await attribute({ repoDirectory, workload: WORKLOAD, gateSince });
  if (!found.ok) throw new Error(found.message);
  expect(found.value.evidence.problem).toMatchObject({ code: 'gate-unfinished' });
  expect(found.value.evidence.problem?.message).toMatch(/prints something else each time/);
  expect(found.value).toMatchObject({ gate: 'not-run', gated: [] });
});
