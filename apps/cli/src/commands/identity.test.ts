import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-identity-'));
const repository = join(root, 'left');
const PAYEE = `p${'1'.repeat(32)}`;
const CLAIM = ['--packages', 'forge.example/left/left', '--payee', PAYEE];

const git = (...args: readonly string[]): void => {
  const who = ['-c', 'user.name=Left', '-c', 'user.email=left@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...who, '-C', repository, ...args]);
};
const jamnet = (...words: string[]) => runJamnet(join(root, 'data'), ['identity', ...words]);

beforeAll(() => {
  mkdirSync(repository);
  git('init', '--quiet', '--initial-branch=main');
  git('commit', '--quiet', '--allow-empty', '--message', 'left');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('packages are claimed by a challenge that is committed in their repository, and released again', async () => {
  const challenge = (await jamnet('claim', ...CLAIM)).out;
  expect(challenge).toContain('packages forge.example/left/left\n');
  const early = refusalOf(jamnet('claim', ...CLAIM, '--committed', repository));
  expect(await early).toMatchObject({ code: 'claim-file-wrong' });
  writeFileSync(join(repository, '.jamnet-claim'), challenge);
  git('add', '.');
  git('commit', '--quiet', '--message', 'Claim');
  expect((await jamnet('claim', ...CLAIM, '--committed', repository)).out).toContain(
    `forge.example/left/left → ${PAYEE}`,
  );
  // The same file does not release what it claimed.
  const release = refusalOf(jamnet('release', ...CLAIM, '--committed', repository));
  expect(await release).toMatchObject({ code: 'claim-file-wrong' });
  const listed = JSON.parse((await jamnet('list', '--json')).out) as { entries: object[] };
  expect(listed.entries).toMatchObject([
    { kind: 'claim', packages: 'forge.example/left/left', payee: PAYEE },
  ]);
});

test('an address of a forge is claimed by a key of the account, from a file of what the forge publishes', async () => {
  const key = join(root, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const request = ['--email', '12+ada@users.noreply.github.com', '--payee', PAYEE];
  const asked = await jamnet('claim', ...request);
  expect(asked.told).toContain('https://github.com/ada.keys');
  const challenge = join(root, 'challenge');
  const signed = (text: string): string[] => {
    writeFileSync(challenge, text);
    rmSync(`${challenge}.sig`, { force: true });
    execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-f', key, '-n', 'jamnet-identity', challenge], {
      stdio: 'ignore',
    });
    return ['--signature', `${challenge}.sig`, '--account-keys', `${key}.pub`];
  };
  const claimed = await jamnet('claim', ...request, ...signed(asked.out));
  expect(claimed.out).toMatch(/→ p1{32} {2}by SHA256:\S+ of github\.com\/ada\n$/);
  // The same signature does not un-merge; one over the challenge of the release does.
  const old = ['--signature', `${challenge}.sig`, '--account-keys', `${key}.pub`];
  expect(await refusalOf(jamnet('release', ...request, ...old))).toMatchObject({
    code: 'identity-signature-wrong',
  });
  const release = await jamnet('release', ...request);
  expect((await jamnet('release', ...request, ...signed(release.out))).out).toContain('release');
});

test.each([
  [['--email', '12+ada@users.noreply.github.com', '--payee', PAYEE, '--account-keys', 'x']],
  [[...CLAIM, '--account-keys', 'x']],
  [['--payee', PAYEE]],
  [['--email', 'ada@example.org', ...CLAIM]],
  [[...CLAIM, '--signature', 'x']],
  [['--email', 'ada@example.org', '--payee', PAYEE, '--committed']],
])('%j is refused with what to give', async (words) => {
  expect(await refusalOf(jamnet('claim', ...words))).toMatchObject({ code: 'options-exclusive' });
});
