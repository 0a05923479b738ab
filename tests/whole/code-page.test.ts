import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BountyQueue, type CodePicture, personId, writeBounty } from '@jamnet/attribution';
import type { Studio } from '@jamnet/studio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CodeFolder } from '../../packages/studio/src/code/code-folder.ts';
import { mirrorDirectory } from '../../packages/studio/src/code/mirrored-repositories.ts';
import { fillBooks } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { lookAt } from './look-at.ts';
import { openBrowser } from './page-browser.ts';
import { makeAccount, newPerson, type Person } from './person.ts';

const REPOSITORY = 'codeberg.org/ada/mill';
const EMAIL = 'ada@example.org';
let directory = '';
let studio: Studio;
let browser: Browser;
let origin = '';
let commit = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-code-page-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  mirrorTheMill();
  new CodeFolder(directory).write(pictureOfTheMill());
  const work = { commit, people: [personId(EMAIL)], keys: ['1'.repeat(32)], tokens: 12 };
  const entry = new BountyQueue().queue(REPOSITORY, work, 5n);
  if (!entry.ok || entry.value === null) throw new Error('not queued');
  writeBounty(directory, entry.value);
  studio = await openStudioIn(directory);
  origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A listed repository whose maintainers list Ada's key for her address; its mirror is bare, as the studio makes them. */
function mirrorTheMill(): void {
  const source = join(directory, 'source');
  const key = join(directory, 'ada');
  mkdirSync(source);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'ada', '-f', key]);
  const git = (...words: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', `user.email=${EMAIL}`, ...words], {
      cwd: source,
      encoding: 'utf8',
    });
  git('init', '--quiet', '--initial-branch=main');
  const listed = `${EMAIL} namespaces="jamnet-identity" ${readFileSync(`${key}.pub`, 'utf8')}`;
  writeFileSync(join(source, '.allowed_signers'), listed);
  writeFileSync(join(source, 'mill.ts'), '// <b>turns</b>\nexport const wheel = 1;\n');
  git('add', '.');
  git('-c', 'commit.gpgsign=false', 'commit', '--quiet', '-m', 'A wheel');
  commit = git('rev-parse', 'HEAD').trim();
  mkdirSync(join(directory, 'code', 'mirrors'), { recursive: true });
  git('clone', '--quiet', '--bare', source, mirrorDirectory(directory, REPOSITORY));
  const rows = [
    { repository: REPOSITORY, address: `https://${REPOSITORY}.git`, workload: join(directory, 'work.json') },
    { repository: 'codeberg.org/bo/wheel', address: 'https://codeberg.org/bo/wheel.git' },
  ];
  writeFileSync(join(directory, 'code', 'repositories.json'), JSON.stringify(rows));
}

/** What the studio drew of the mill: two people, three files of which the last has a name that is markup, one package. */
function pictureOfTheMill(): CodePicture {
  const [ada, bo] = [personId(EMAIL), personId('bo@example.org')];
  const people = [
    { id: ada, name: 'Ada', share: 750_000_000, statements: 30 },
    { id: bo, name: 'Bo', share: 250_000_000, statements: 12 },
  ];
  const file = (path: string, share: number, owner: string | null) => ({
    path,
    statements: 14,
    share,
    owner,
  });
  const files = [
    file('src/mill.ts', 600_000_000, ada),
    file('src/grain-that-has-a-very-long-name-and-lies-deep/below/many/folders.ts', 400_000_000, bo),
    file('src/<b>.ts', 0, null),
  ];
  return {
    files: files.map((one) => ({ ...one, lines: ['export const wheel = 1;'], marks: [] })),
    people: people.map((one) => ({ ...one, earning: [] })),
    summary: {
      ...{ repository: REPOSITORY, head: commit, commits: 1, statements: 42, gated: [commit], gate: 'run' },
      dependencies: [
        {
          ...{ repository: 'forge.example/left/pad', packages: ['pad@1.0.0'], isDirect: true },
          ...{ uses: 50, share: 200_000_000, funding: [] },
        },
      ],
      ...{ dependencyUse: 'run', toolVersion: 'v', inputHash: 'h', problem: null, people, files },
    },
  };
}

async function memberAs(
  role: 'member' | 'curator' | 'operator',
  name: string,
  locale = 'en-US',
): Promise<Person> {
  const person = await newPerson(browser, { locale });
  const invited = await studio.services.accounts.invite(role);
  await makeAccount(person.page, `${origin}/account/#join=${invited.ok ? invited.value : ''}`, name);
  return person;
}

const look = (page: Page, name: string): Promise<void> => lookAt(page, `code-${name}`);

/** Does with Ada's key what the page says to do in a terminal. */
async function signAsShown(page: Page): Promise<string> {
  const shown = await page.locator('.code-copy pre', { hasText: 'ssh-keygen' }).textContent();
  const folder = mkdtempSync(join(directory, 'terminal-'));
  const said = (shown ?? '').replace('~/.ssh/id_ed25519', join(directory, 'ada'));
  return execFileSync('sh', ['-c', said], { cwd: folder, encoding: 'utf8' });
}

describe('the page of code', () => {
  it('shows everybody whose code runs, and asks a visitor to sign in for more', async () => {
    const { page, context } = await newPerson(browser, { locale: 'en-US' });
    await page.goto(`${origin}/code/`);
    await page.locator('[data-repository="codeberg.org-bo-wheel"]').getByText('not read yet').waitFor();
    await page.getByText('To be paid for your commits, sign in first:').waitFor();
    expect(await page.getByRole('link', { name: 'Your commits' }).count()).toBe(0);
    await look(page, 'repositories');
    await page.getByRole('link', { name: REPOSITORY }).click();
    await page.getByRole('link', { name: 'src/<b>.ts' }).waitFor();
    await page.getByText('14 statements, most by Ada').waitFor();
    await page.getByText('forge.example/left/pad').waitFor();
    expect(await page.locator('.heat rect').first().getAttribute('width')).toBe('100');
    await look(page, 'repository');
    await page.getByRole('link', { name: 'src/mill.ts' }).click();
    await page.getByText('export const wheel = 1;').waitFor();
    await context.close();
  });

  it('takes a member from an address to a claim, and back: nothing but the page is read', async () => {
    const { page, context } = await memberAs('member', 'Ada');
    await page.goto(`${origin}/code/#claims`);
    await page.getByText('You have claimed nothing yet.').waitFor();
    await page.locator('input[name=name]').fill('cy@example.org');
    await page.getByRole('button', { name: 'Show what to sign' }).click();
    await page.getByText('No repository here has a commit of this address').waitFor();
    await page.locator('input[name=name]').fill(EMAIL);
    await page.getByRole('button', { name: 'Show what to sign' }).click();
    await page.locator('.code-steps').getByText(REPOSITORY).waitFor();
    const signature = await signAsShown(page);
    await page.getByLabel('Signature').fill(signature.replace('A', 'B'));
    await page.getByRole('button', { name: 'Claim it' }).click();
    await page.getByText('made this signature over this challenge').waitFor();
    await look(page, 'claim');
    await page.getByLabel('Signature').fill(signature);
    await page.getByRole('button', { name: 'Claim it' }).click();
    const held = page.locator('[data-identity="1"]');
    await held.getByText('yours').waitFor();
    await held.getByText('As Ada: 75% of').waitFor();
    await look(page, 'claimed');

    await page.getByRole('link', { name: 'Bounties' }).click();
    await page.locator('[data-own-bounty]').getByText('A curator has not decided yet.').waitFor();
    await look(page, 'own-bounty');

    await page.getByRole('link', { name: 'Your commits' }).click();
    await held.getByRole('button', { name: 'Let go of it' }).click();
    await page.locator('input[name=name]').fill(EMAIL);
    await page.getByRole('button', { name: 'Show what to sign' }).click();
    await page.locator('.code-steps').waitFor();
    await page.getByLabel('Signature').fill(await signAsShown(page));
    await page.locator('.code-steps').getByRole('button', { name: 'Let go of it' }).click();
    await page.locator('[data-identity="2"]').getByText('let go', { exact: true }).waitFor();
    await context.close();
  });

  it('lets a curator decide in German, and the operator file and hand over', async () => {
    const cleo = await memberAs('curator', 'Cleo', 'de-DE');
    await cleo.page.goto(`${origin}/code/#bounties`);
    const bounty = cleo.page.locator('[data-bounty]');
    await bounty.getByRole('button', { name: 'Änderung zeigen' }).click();
    await bounty.getByText('// <b>turns</b>').waitFor();
    await look(cleo.page, 'bounty-german');
    await bounty.getByLabel('Warum? Andere lesen es.').fill('hält die Mühle am Laufen');
    await bounty.getByRole('button', { name: 'Gewähren' }).click();
    await bounty.getByText('gewährt').waitFor();
    await cleo.context.close();

    const op = await memberAs('operator', 'Op');
    await op.page.goto(`${origin}/code/#filing`);
    await op.page.getByRole('button', { name: 'Hand over what waited' }).click();
    await op.page.getByText('Nothing was waiting.').waitFor();
    // With the second the books are published, and with them the leaf of the first.
    await op.page.getByRole('button', { name: 'Hand over what waited' }).click();
    const logged = async () => (await studio.services.acts.list()).filter(({ leaf }) => leaf !== null);
    await expect.poll(async () => (await logged()).length, { timeout: 30_000 }).toBe(3);
    await look(op.page, 'filing');
    // All three acts stand on the trail, and the operator's browser finds them in the log.
    await op.page.goto(`${origin}/studio/#acts`);
    const settled = op.page.locator('[data-act]', { hasText: 'POST /api/code/escrow' }).last();
    await settled.getByRole('button', { name: 'Check it against the log' }).click();
    await settled.getByText('As logged:').waitFor();
    const granted = op.page.locator('[data-act]', { hasText: '/decisions' });
    await granted.getByText('Curator: Cleo').waitFor();
    await granted.getByText('Grants or refuses a bounty, with a reason').waitFor();
    await lookAt(op.page, 'studio-acts');
    await op.context.close();
  });
});
