import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CodeFolder, SHOWN_MAX } from './code-folder.ts';
import { MONTH_PROFILES_MAX, ProfileFolder, type StoredProfile } from './profiles/profile-folder.ts';
import { PROFILES_JOINED_MAX, profileUses } from './profiles/profile-uses.ts';
import { TickSum } from './profiles/tick-sum.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-shown-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

test('so many repositories are shown and not one more', () => {
  const pictures = join(directory, 'code', 'pictures');
  const name = (n: number): string => `forge-mill-${String(n).padStart(4, '0')}`;
  for (let n = 0; n <= SHOWN_MAX; n++) mkdirSync(join(pictures, name(n)), { recursive: true });
  const slugs = new CodeFolder(directory).slugs();
  expect([slugs.length, slugs.at(-1)]).toEqual([SHOWN_MAX, name(SHOWN_MAX - 1)]);
});

test('a picture of a version that wrote words in place of lists is still shown', () => {
  const folder = join(directory, 'code', 'pictures', 'forge-mill');
  mkdirSync(folder, { recursive: true });
  const stored = { repository: 'forge/mill', gated: 'not run', dependencies: 'not run' };
  writeFileSync(join(folder, 'summary.json'), JSON.stringify(stored));
  expect(new CodeFolder(directory).summary('forge-mill')).toEqual({
    repository: 'forge/mill',
    ...{ gated: [], gate: 'not-run', dependencies: [], dependencyUse: 'not-run' },
  });
});

test('so many profiles of a month are read and not one more', () => {
  const [folder, month] = [new ProfileFolder(directory), '2031-04'];
  const sum = new TickSum();
  sum.add(new Map([['mill.ts', new Map([[3, 5]])]]));
  folder.write(month, 'payer', 'a'.repeat(40), sum);
  const place = join(directory, 'code', 'profiles', month);
  const [written] = folder.ofMonth(month);
  const copy = join(directory, 'copy.json');
  writeFileSync(copy, JSON.stringify(written));
  for (let n = 0; n < MONTH_PROFILES_MAX; n++) copyFileSync(copy, join(place, `${n}.json`));
  expect(folder.ofMonth(month)).toEqual(Array.from({ length: MONTH_PROFILES_MAX }, () => written));
});

test('of very many profiles those with the most ticks are joined with a repository', {
  timeout: 240_000,
}, async () => {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-C', directory, ...args], { encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  writeFileSync(join(directory, 'mill.js'), 'export function mill(n) {\n  return n * 3;\n}\n');
  git('add', '.');
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
  git(...who, 'commit', '--quiet', '--message', 'first');
  const ours: StoredProfile = {
    principal: 'payer',
    revision: git('rev-parse', 'HEAD'),
    files: { 'mill.js': [[2, 10]] },
  };
  const usesBeside = async (busier: number): Promise<readonly string[]> => {
    const other = { ...ours, revision: 'f'.repeat(40), files: { 'mill.js': [[2, 11] as const] } };
    const found = await profileUses({
      ...{ repoDirectory: directory, repositoryName: 'h/o/n', cacheDirectory: join(directory, 'cache') },
      ...{ earlierHeads: [], claimedPersons: new Set<string>(), botList: [], gatedKeys: new Set<string>() },
      profiles: [ours, ...Array.from({ length: busier }, () => other)],
      paidCents: new Map([['payer', 100n]]),
    });
    if (!found.ok) throw new Error(found.message);
    return found.value.map(({ quantity }) => quantity);
  };
  expect(await usesBeside(PROFILES_JOINED_MAX - 1)).toEqual(['1000000000']);
  expect(await usesBeside(PROFILES_JOINED_MAX)).toEqual([]);
});
