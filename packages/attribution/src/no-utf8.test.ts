import { afterAll, beforeAll, expect, test } from 'vitest';
import { attribute } from './attribute.ts';
import { guardLine } from './bench/attack-plans.ts';
import { personId } from './core/people.ts';
import { git } from './git/git.ts';
import { type CommitPlan, emailOf, makeRepository, makeTemporary } from './testing/make-repository.ts';

const WORKLOAD = { command: ['node', 'run.ts'], inputs: ['run.ts'], timeLimitSeconds: 60 };
// Prints how many bytes the source has, so that bytes written otherwise are seen.
const RUN = `import { readFileSync } from 'node:fs';
import { sum } from './src/sum.ts';
import { word } from './src/word.ts';
console.log(sum(30), word(3), readFileSync('src/word.ts').length);
`;
const sumBy = (step: number): string => `export function sum(count: number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += i * ${step};
  return total;
}
`;
/** Latin-1, where each é is one byte that is no UTF-8. */
const wordWith = (...lines: string[]): Uint8Array =>
  Buffer.from(
    [
      'export function word(count: number): string {',
      '  let total = 7;',
      ...lines,
      "  return 'é'.repeat(count) + String(total);",
      '}',
      '',
    ].join('\n'),
    'latin1',
  );

let temporary: Awaited<ReturnType<typeof makeTemporary>>;
beforeAll(async () => {
  temporary = await makeTemporary();
});
afterAll(() => temporary.remove());

// Dozens of replays: a slow machine needs its time.
test('a source file that is no UTF-8 is never written otherwise: it takes nothing from others, and its own lines wait for curators', {
  timeout: 600_000,
}, async () => {
  const plan: CommitPlan[] = [
    { author: 'Ada', files: { 'run.ts': RUN, 'src/sum.ts': sumBy(2), 'src/word.ts': wordWith() } },
    { author: 'Ben', files: { 'src/sum.ts': sumBy(3) } },
    { author: 'Mallory', files: { 'src/word.ts': wordWith('  total += 5;', guardLine(1)) } },
  ];
  const repoDirectory = await makeRepository(plan, temporary.path);
  const said = await git([`--git-dir=${repoDirectory}`, 'rev-parse', 'main~2']);
  const found = await attribute({ repoDirectory, workload: WORKLOAD, gateSince: said.toString().trim() });
  if (!found.ok) throw new Error(found.message);
  const shareOf = (author: string): number =>
    found.value.people.find(({ id }) => id === personId(emailOf(author)))?.share ?? 0;
  expect(found.value.evidence).toMatchObject({ problem: null });
  expect([shareOf('Ben') > 0, shareOf('Mallory')]).toEqual([true, 0]);
  expect(found.value.gated).toEqual([found.value.head]);
});
