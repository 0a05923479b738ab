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
  total = total % 1000003;
  return total;
}
export function sieve(total: number, mesh: number): number[] {
  const parts: number[] = [];
  for (let i = 0; i < mesh; i++) {
    parts.push((total * (i + 7)) % 101);
    total = Math.floor(total / 2) + i;
  }
  return parts;
}
`;
/** The same for thieves: what is no local gets another name. */
const renamed = (text: string): string =>
  [
    ['grind', 'crush'],
    ['sieve', 'riddle'],
    ['weight', 'heft'],
    ['kind', 'sort'],
    ['mill', 'flour'],
  ].reduce((made, [from = '', to = '']) => made.replaceAll(from, to), text);

/** Other names of locals as well, so that no word tells where it comes from. */
const FLOUR = [
  ['total', 'sum'],
  ['grains', 'corns'],
  ['grain', 'corn'],
  ['turns', 'rounds'],
  ['mesh', 'holes'],
  ['parts', 'heaps'],
].reduce((made, [from = '', to = '']) => made.replaceAll(from, to), renamed(MILL));

/** `apart`: unchanged lines keep the salt in a hunk of its own. */
const baker = (salt: number, apart: boolean): string =>
  [
    "import { grind, sieve } from './mill.ts';",
    'export function bake(turns: number): string {',
    ...(apart ? [`  let salt = ${salt};`, '', '  // dough', ''] : []),
    "  const total = grind([{ weight: 5, kind: 'rye' }, { weight: 9, kind: 'oat' }], turns);",
    '  const parts = sieve(total, 40);',
    ...(apart ? [] : [`  let salt = ${salt};`]),
    '  salt += parts.length;',
    "  return parts.join(' ') + String(salt);",
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
test.each([
  ['deleted, the real change in a hunk of its own', true, null],
  ['deleted, the real change in the same hunk', false, null],
  ['kept, the real change in the same hunk', false, MILL],
])(
  'a copy under other names is not paid beside a real change: the original %s',
  {
    timeout: 600_000,
  },
  async (_, apart, mill) => {
    const main = baker(11, apart);
    const theft = {
      'src/flour.ts': FLOUR,
      'src/main.ts': renamed(main),
      ...(mill === null ? { 'src/mill.ts': null } : {}),
    };
    const honest = await mallorysShare(apart, { 'src/main.ts': main });
    expect(honest).toBeGreaterThan(0);
    // What is held back earns nobody anything, so the real line is a larger part of the rest.
    expect(await mallorysShare(apart, theft)).toBeLessThan(5 * honest);
  },
);
