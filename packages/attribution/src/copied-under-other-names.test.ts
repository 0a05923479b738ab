import { afterAll, beforeAll, expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { personId } from './core/people.ts';
import { git } from './git/git.ts';
import { type CommitPlan, emailOf, makeRepository, makeTemporary } from './testing/make-repository.ts';

const MALLORY = 'Mallory';
const WORKLOAD = { command: ['node', 'run.ts'], inputs: ['run.ts'], timeLimitSeconds: 60 };

const MILL = `export function grind(grains: { weight: number; kind: string }[], turns: number): number {
  let total = 0;
  for (let i = 0; i < turns; i++) {
    const grain = grains[i % grains.length];
    total += grain.weight * (i + 1);
    if (grain.kind === 'rye') total -= 3;
  }
  return total % 1000003;
}
`;
/** The same for thieves: what is no local gets another name. */
const renamed = (text: string): string =>
  [
    ['grind', 'crush'],
    ['weight', 'heft'],
    ['kind', 'sort'],
    ['mill', 'flour'],
  ].reduce((made, [from = '', to = '']) => made.replaceAll(from, to), text);

/** `apart`: unchanged lines keep the salt in a hunk of its own. */
const baker = (salt: number, apart: boolean): string =>
  [
    "import { grind } from './mill.ts';",
    'export function bake(turns: number): number {',
    ...(apart ? [`  let salt = ${salt};`, '', '  // dough', ''] : []),
    "  const total = grind([{ weight: 5, kind: 'rye' }, { weight: 9, kind: 'oat' }], turns);",
    ...(apart ? [] : [`  let salt = ${salt};`]),
    '  salt += total;',
    '  return salt;',
    '}',
    '',
  ].join('\n');

let temporary: Awaited<ReturnType<typeof makeTemporary>>;
beforeAll(async () => {
  temporary = await makeTemporary();
});
afterAll(() => temporary.remove());

async function mallorysShare(apart: boolean, files: CommitPlan['files']): Promise<number> {
  const run = "import { bake } from './src/main.ts';\nconsole.log(bake(200));\n";
  const ground = { 'run.ts': run, 'src/mill.ts': MILL, 'src/main.ts': baker(10, apart) };
  const plan = [
    { author: 'Ada', files: ground },
    { author: MALLORY, files },
  ];
  const repoDirectory = await makeRepository(plan, temporary.path);
  const said = await git([`--git-dir=${repoDirectory}`, 'rev-parse', 'main~1']);
  const found = await attribute({ repoDirectory, workload: WORKLOAD, gateSince: said.toString().trim() });
  if (!found.ok) throw new Error(found.message);
  expect(found.value.evidence).toMatchObject({ problem: null, gateUnchecked: [] });
  return found.value.people.find(({ id }) => id === personId(emailOf(MALLORY)))?.share ?? 0;
}

// Dozens of replays: a slow machine needs its time.
test.each([['deleted, the real change in a hunk of its own', true, null]])(
  'a copy under other names is not paid beside a real change: the original %s',
  {
    timeout: 600_000,
  },
  async (_, apart, mill) => {
    const main = baker(11, apart);
    const theft = {
      'src/flour.ts': renamed(MILL),
      'src/main.ts': renamed(main),
      ...(mill === null ? { 'src/mill.ts': null } : {}),
    };
    const honest = await mallorysShare(apart, { 'src/main.ts': main });
    expect(honest).toBeGreaterThan(0);
    // What is held back earns nobody anything, so the real line is a larger part of the rest.
    expect(await mallorysShare(apart, theft)).toBeLessThan(5 * honest);
  },
);
