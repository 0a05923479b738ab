import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attributeInDetail } from '../attribute.ts';
import { personId } from '../core/people.ts';
import { git } from '../git/git.ts';
import { type CommitPlan, emailOf, makeRepository, makeTemporary } from '../testing/make-repository.ts';
import { fetchMirror, type MirrorPlan, seenHeads } from './mirror.ts';

const RUN = `import { mill } from './mill.ts';\nlet sum = 0;\nfor (let i = 0; i < 9; i++) sum += mill(i);\nconsole.log(sum);\n`;
const MILL =
  'export function mill(n: number): number {\n  const half = n >> 1;\n  return half * 3 + (n & 1);\n}\n';
const WORKLOAD = { command: ['node', 'run.ts'], inputs: ['run.ts'], timeLimitSeconds: 60 };
const HONEST: readonly CommitPlan[] = [
  { author: 'Ada', files: { 'run.ts': RUN } },
  { author: 'Ada', files: { 'mill.ts': MILL } },
];

describe('a mirror', () => {
  let temporary: Awaited<ReturnType<typeof makeTemporary>>;
  let count = 0;
  beforeAll(async () => {
    temporary = await makeTemporary();
  });
  afterAll(() => temporary.remove());

  /** A forge whose main line is set to a plan's, as a push or a force-push does. */
  async function makeForge(): Promise<{
    plan: MirrorPlan;
    push: (commits: readonly CommitPlan[]) => Promise<void>;
  }> {
    const address = await makeRepository(HONEST, temporary.path);
    const plan = { directory: join(temporary.path, `mirror-${count++}.git`), address, branch: 'main' };
    const push = async (commits: readonly CommitPlan[]): Promise<void> => {
      const source = await makeRepository(commits, temporary.path);
      await git([`--git-dir=${address}`, 'fetch', '--quiet', source, '+refs/heads/main:refs/heads/main']);
    };
    return { plan, push };
  }

  async function fetched(plan: MirrorPlan) {
    const found = await fetchMirror(plan);
    if (!found.ok) throw new Error(found.message);
    return found.value;
  }

  async function sharesOf(plan: MirrorPlan, paidKeys?: ReadonlySet<string>) {
    const found = await attributeInDetail({
      repoDirectory: plan.directory,
      earlierHeads: await seenHeads(plan.directory),
      workload: WORKLOAD,
      sandbox: { allowUnsandboxed: true },
      ...(paidKeys === undefined ? {} : { paidKeys }),
    });
    if (!found.ok) throw new Error(found.message);
    const of = (author: string): number =>
      found.value.report.people.find((person) => person.id === personId(emailOf(author)))?.share ?? 0;
    const earning = found.value.statements.filter((one) => one.weight > 0n).map((one) => one.key);
    return { of, earning };
  }

  test('follows a branch; an ordinary push rewrites nothing', async () => {
    const { plan, push } = await makeForge();
    const first = await fetched(plan);
    expect(first).toMatchObject({ before: null, isRewritten: false });
    expect(await fetched(plan)).toEqual({ before: first.after, after: first.after, isRewritten: false });
    await push([...HONEST, { author: 'Bela', files: { 'more.ts': 'export const more = 1;\n' } }]);
    expect(await fetched(plan)).toMatchObject({ before: first.after, isRewritten: false });
    expect(await seenHeads(plan.directory)).toEqual([]);
  });

  test('keeps the first author first when a force-push claims the history for another', async () => {
    const { plan, push } = await makeForge();
    const { after } = await fetched(plan);
    expect((await sharesOf(plan)).of('Ada')).toBe(1_000_000_000);
    await push(HONEST.map((commit) => ({ ...commit, author: 'Mallory', atSeconds: 1_000_000 })));
    expect(await fetched(plan)).toMatchObject({ before: after, isRewritten: true });
    expect(await seenHeads(plan.directory)).toEqual([after]);
    const now = await sharesOf(plan);
    expect([now.of('Ada'), now.of('Mallory')]).toEqual([1_000_000_000, 0]);
  });

  test('pays a rebased history nothing that the epoch paid before, and only what is new', async () => {
    const { plan, push } = await makeForge();
    await fetched(plan);
    const paid = new Set((await sharesOf(plan)).earning);
    expect(paid.size).toBeGreaterThan(0);
    const rebased = HONEST.map((commit, index) => ({ ...commit, atSeconds: 1_700_000_000 + index }));
    await push(rebased);
    await fetched(plan);
    expect((await sharesOf(plan, paid)).earning).toEqual([]);
    const run = RUN.replace('sum += mill(i);', 'sum += mill(i) ^ gear(i);').replace(
      'let sum',
      "import { gear } from './gear.ts';\nlet sum",
    );
    const gear = 'export function gear(n: number): number {\n  return n * 77;\n}\n';
    await push([...rebased, { author: 'Bela', files: { 'gear.ts': gear, 'run.ts': run } }]);
    await fetched(plan);
    const more = await sharesOf(plan, paid);
    expect([more.of('Ada'), more.of('Bela')]).toEqual([0, 1_000_000_000]);
  });

  test('keeps every head that was rewritten, in order', async () => {
    const { plan, push } = await makeForge();
    const heads = [(await fetched(plan)).after];
    for (let n = 1; n <= 3; n++) {
      await push([{ author: 'Ada', files: { 'run.ts': `console.log(${n});\n` } }]);
      heads.push((await fetched(plan)).after);
    }
    expect(await seenHeads(plan.directory)).toEqual(heads.slice(0, -1));
  });

  test.each([
    ['ext::sh -c id', 'main', 'mirror-address-refused'],
    ['--upload-pack=id', 'main', 'mirror-address-refused'],
    ['ssh://-oProxyCommand=id/x', 'main', 'mirror-address-refused'],
    ['http://plain.example/x.git', 'main', 'mirror-address-refused'],
    ['/nowhere', '../main', 'mirror-address-refused'],
    ['/nowhere', '-main', 'mirror-address-refused'],
    ['/nowhere', 'main', 'mirror-fetch-failed'],
  ])('of %s, branch %s, is refused', async (address, branch, code) => {
    const plan = { directory: join(temporary.path, `refused-${count++}.git`), address, branch };
    expect(await fetchMirror(plan)).toMatchObject({ ok: false, code });
  });

  test('whose forge lost the branch keeps what it has', async () => {
    const { plan } = await makeForge();
    const { after } = await fetched(plan);
    expect(await fetchMirror({ ...plan, address: join(temporary.path, 'gone') })).toMatchObject({
      code: 'mirror-fetch-failed',
    });
    expect((await fetched(plan)).before).toBe(after);
  });

  test('is asked for earlier heads that exist', async () => {
    const { plan } = await makeForge();
    await fetched(plan);
    for (const wrong of ['0'.repeat(40), 'main', '--all'])
      expect(
        await attributeInDetail({ repoDirectory: plan.directory, workload: null, earlierHeads: [wrong] }),
      ).toMatchObject({ ok: false, code: 'earlier-head-unknown' });
  });
});
