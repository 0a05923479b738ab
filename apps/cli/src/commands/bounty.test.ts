import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BountyQueue, writeBounty } from '@jamnet/attribution';
import { openStudioIn } from '@jamnet/studio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-bounty-'));
const data = join(root, 'data');
const mirror = join(data, 'code', 'mirrors', 'forge.example-ada-mill.git');
const REPOSITORY = 'forge.example/ada/mill';
let id = '';

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...who, ...args], { encoding: 'utf8' }).trim();
}

beforeAll(async () => {
  await (await openStudioIn(data)).close();
  const source = join(root, 'source');
  git('init', '--quiet', '--initial-branch=main', source);
  writeFileSync(join(source, 'mill.js'), 'export const mill = 1;\u001b[2J\n');
  git('-C', source, 'add', '.');
  git('-C', source, 'commit', '--quiet', '--message', 'Guards \u001b[31mthe mill');
  mkdirSync(join(data, 'code', 'mirrors'), { recursive: true });
  git('clone', '--quiet', '--bare', source, mirror);
  const work = {
    commit: git('-C', source, 'rev-parse', 'HEAD'),
    people: ['e'.repeat(32)],
    keys: ['1'.repeat(32)],
    tokens: 6,
  };
  const entry = new BountyQueue().queue(REPOSITORY, work, 5n);
  if (!entry.ok || entry.value === null) throw new Error('not queued');
  id = entry.value.id;
  writeBounty(data, entry.value);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const jamnet = async (...words: string[]): Promise<string> => (await runJamnet(data, words)).out;

test('what waits is listed with its size, and shown with its difference and nothing that moves a cursor', async () => {
  expect(await jamnet('bounty', 'list')).toContain(`${id}  waiting  1 statements  6 tokens`);
  expect(JSON.parse(await jamnet('bounty', 'list', '--json'))).toMatchObject({
    bounties: [{ id, tokens: 6 }],
  });
  const shown = await jamnet('bounty', 'show', id);
  expect(shown).toContain('1 files, +1 −0');
  expect(shown).toContain('+export const mill = 1;');
  expect(shown).not.toContain('\u001b');
});

test('a decision needs a curator', async () => {
  const decision = ['--curator', 'nobody', '--reason', 'mends a crash'];
  expect(await refusalOf(jamnet('bounty', 'grant', id, ...decision))).toMatchObject({
    code: 'curator-missing',
  });
  expect(await jamnet('bounty', 'list')).toContain('waiting');
});

test('where no repository earns nothing is left to file and nothing waits; an epoch that is not there cannot be filed', async () => {
  expect(await jamnet('code', 'file', '2031-04')).toBe('Nothing is left to file in 2031-04.\n');
  expect(await jamnet('code', 'settle')).toBe('Nothing was waiting.\n');
  const row = { repository: REPOSITORY, address: mirror, workload: join(root, 'workload.json') };
  writeFileSync(join(data, 'code', 'repositories.json'), JSON.stringify([row]));
  expect(await refusalOf(jamnet('code', 'file', '2031-04'))).toMatchObject({ code: 'unknown-epoch' });
});
