import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BrowserOfMember } from '@jamnet/accounts/testing';
import { templatePolicy } from '@jamnet/economy';
import type { Studio } from '@jamnet/studio';
import { openStudioIn } from '@jamnet/studio/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXIT } from '../exit-codes.ts';
import { refusalOf, runJamnet } from '../testing/run-jamnet.ts';

const root = mkdtempSync(join(tmpdir(), 'jamnet-cli-proposal-'));
const data = join(root, 'data');
const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
const policy = (name: string) => {
  const file = join(root, 'policy.json');
  writeFileSync(file, JSON.stringify({ ...templatePolicy(), name }));
  return file;
};

let studio: Studio;
let origin = '';
beforeAll(async () => {
  studio = await openStudioIn(data);
  origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
});
afterAll(async () => {
  await studio.close();
  rmSync(root, { recursive: true, force: true });
});

const jamnet = async (...words: string[]): Promise<string> => (await runJamnet(data, words)).out;
const open = (name: string, ...more: string[]) =>
  jamnet(
    'proposal',
    'open',
    policy(name),
    '--title',
    'More for code',
    '--text',
    'Why.',
    '--closes',
    inDays(20),
    ...more,
  );

test('a policy is proposed, listed, shown and withdrawn with reasons; what it differs in is counted', async () => {
  expect(await jamnet('proposal', 'list')).toContain('Nothing is proposed');
  const { id, leaf } = JSON.parse(await open('One', '--json')) as { id: string; leaf: string };
  expect(leaf).toMatch(/^\d+$/);
  expect(await jamnet('proposal', 'list')).toMatch(`${id}  open`);
  const shown = await jamnet('proposal', 'show', id);
  expect(shown).toMatch(/[1-9]\d* members differ/);
  expect(shown).toContain('0 for, 0 against, 0 abstain');
  expect(await refusalOf(jamnet('proposal', 'decide', id, 'adopted', '--reasons', 'soon'))).toMatchObject({
    code: 'period-not-over',
    exitCode: EXIT.refused,
  });
  const decide = (reasons: string) => jamnet('proposal', 'decide', id, 'withdrawn', '--reasons', reasons);
  expect(await refusalOf(decide('\u001b[2J'))).toMatchObject({ code: 'reason-malformed' });
  expect(await decide('The wrong file.')).toMatch(/withdrawn on .*, leaf \d+\nThe wrong file\./);
});

test('no voice is lent: the operator’s token neither comments nor votes, and who has none is told how to get one', async () => {
  const { id } = JSON.parse(await open('Two', '--json')) as { id: string };
  const token = join(data, 'operator.token');
  const vote = ['proposal', 'vote', id, 'for', '--token-file'];
  expect(await refusalOf(jamnet(...vote, token))).toMatchObject({ code: 'not-signed-in' });
  const nobodys = join(root, 'my.token');
  writeFileSync(nobodys, 'jamnet_guess\n');
  expect(await refusalOf(jamnet(...vote, nobodys))).toMatchObject({ exitCode: EXIT.refused });
  expect(await refusalOf(jamnet(...vote, nobodys, '--studio', 'here'))).toMatchObject({
    code: 'studio-unknown',
  });
  expect(await refusalOf(jamnet(...vote, join(root, 'absent')))).toMatchObject({ code: 'file-unreadable' });
});

/** Somebody has joined, and made a token for a program of theirs. */
async function tokenOf(name: string): Promise<string> {
  const { accounts } = studio.services;
  const invited = await accounts.invite('member');
  if (!invited.ok) throw new Error(invited.message);
  await accounts.nameInvited(invited.value, name);
  const browser = new BrowserOfMember({ origin, answer: (request) => fetch(request) });
  await browser.addPasskey(invited.value);
  const member = await accounts.signedIn(browser.headers);
  const made = await accounts.makeApiToken(member?.memberId ?? '', {
    name: 'voice',
    scopes: ['governance:act'],
    days: 1,
  });
  if (!made.ok) throw new Error(made.message);
  const file = join(root, `${name}.token`);
  writeFileSync(file, `${made.value.secret}\n`);
  return file;
}

test('a member’s own token comments and votes, and a comment is hidden with its reason in its place', async () => {
  const { id } = JSON.parse(await open('Three', '--json')) as { id: string };
  const token = await tokenOf('ada');
  const said = await jamnet('proposal', 'comment', id, 'Half\nis too much.', '--token-file', token);
  expect(said).toContain('1. author 1: Half\nis too much.');
  const vote = (choice: string) => jamnet('proposal', 'vote', id, choice, '--token-file', token, '--json');
  expect(JSON.parse(await vote('for'))).toMatchObject({ votes: { for: 1 }, own: { choice: 'for' } });
  expect(JSON.parse(await vote('against'))).toMatchObject({ votes: { for: 0, against: 1 } });
  expect(await refusalOf(vote('maybe'))).toMatchObject({ code: 'request-invalid' });
  const hidden = await jamnet('proposal', 'hide', id, '1', '--reason', 'names a person');
  expect(hidden).toContain('[hidden: names a person]');
  expect(await jamnet('proposal', 'show', id)).toContain('0 for, 1 against, 0 abstain');
});

test.each([
  ['a file that is none', ['absent.json'], 'file-unreadable'],
  ['an end that is no time', ['--closes', 'soon'], 'option-invalid'],
])('%s is refused before anything is asked', async (_what, [word = '', value], code) => {
  const words = value === undefined ? [join(root, word)] : [policy('Four'), word, value];
  const closes = value === undefined ? ['--closes', inDays(20)] : [];
  const asked = jamnet('proposal', 'open', ...words, '--title', 'a', '--text', 'b', ...closes);
  expect(await refusalOf(asked)).toMatchObject({ code, exitCode: EXIT.usage });
});

test('a policy that could not be published cannot be proposed', async () => {
  const file = join(root, 'broken.json');
  writeFileSync(file, JSON.stringify({ schema: 'jamnet/policy/v1' }));
  const asked = jamnet('proposal', 'open', file, '--title', 'a', '--text', 'b', '--closes', inDays(20));
  expect(await refusalOf(asked)).toMatchObject({ code: 'policy-malformed' });
});
