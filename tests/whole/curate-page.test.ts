import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BountyQueue, writeBounty } from '@jamnet/attribution';
import { decodeModel, encodeModel } from '@jamnet/groove';
import { openNodeKey, releasedModelBytes } from '@jamnet/jamnode';
import type { Studio } from '@jamnet/studio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mirrorDirectory } from '../../packages/studio/src/code/mirrored-repositories.ts';
import { putRepairedTake } from '../../packages/studio/src/listening/testing/repaired-take.ts';
import { TakeStore } from '../../packages/studio/src/takes/take-store.ts';
import { fillBooks } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { ModelReleases } from '../../packages/studio/src/training/model-releases.ts';
import { lookAt } from './look-at.ts';
import { listenIn, openBrowser, soundReport } from './page-browser.ts';
import { makeAccount, newPerson, type Person } from './person.ts';

const REPOSITORY = 'forge.example/ada/mill';
let directory = '';
let studio: Studio;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-curate-page-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  putRepairedTake(new TakeStore(join(directory, 'takes'), Date.now), '5a'.repeat(20), { holes: 12 });
  releaseModel();
  queueBounty();
  studio = await openStudioIn(directory);
  origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** The shipped model, and one that was measured to be better. */
function releaseModel(): void {
  const key = openNodeKey({ keyFile: join(directory, 'models-key') });
  const releases = () => new ModelReleases(join(directory, 'models'), key.publicKey);
  const shipped = releasedModelBytes();
  const model = decodeModel(shipped);
  if (!model.ok) throw new Error(model.message);
  const gain = { jointPpm: 12_300n, timingPpm: 9_000n, velocityPpm: 15_600n, lowerPpm: 4_100n };
  const counts = { performances: 30, bars: 900 };
  const verdict = { code: null, reason: 'better', ...counts, bar: gain, hit: gain };
  const nowUs = BigInt(Date.now()) * 1000n;
  releases().release(key, shipped, null, nowUs - 2n);
  const better = encodeModel({ ...model.value, id: 'groove-1.round-7' });
  releases().release(key, better, { verdict, heldOutSha256: 'ab'.repeat(32) }, nowUs - 1n);
}

/** A commit in a mirrored repository that changes what no test measures. */
function queueBounty(): void {
  const mirror = mirrorDirectory(directory, REPOSITORY);
  mkdirSync(mirror, { recursive: true });
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...words], {
      cwd: mirror,
      encoding: 'utf8',
    });
  git('init', '--quiet');
  for (const [text, message] of [
    ['export const wheel = 1;\n', 'A wheel'],
    [
      '// <b>turns</b>\nexport const wheel = 1;\nif (wheel < 0) throw new RangeError("wheel");\n',
      'Guards the wheel',
    ],
  ] as const) {
    writeFileSync(join(mirror, 'mill.ts'), text);
    git('add', 'mill.ts');
    git('commit', '--quiet', '-m', message);
  }
  const commit = git('rev-parse', 'HEAD').trim();
  const work = { commit, people: ['e'.repeat(32)], keys: ['1'.repeat(32)], tokens: 12 };
  const entry = new BountyQueue().queue(REPOSITORY, work, 5n);
  if (!entry.ok || entry.value === null) throw new Error('not queued');
  writeBounty(directory, entry.value);
}

async function curator(name: string, locale = 'en-US'): Promise<Person> {
  const person = await newPerson(browser, { locale });
  const invited = await studio.services.accounts.invite('curator');
  await makeAccount(person.page, `${origin}/account/#join=${invited.ok ? invited.value : ''}`, name);
  return person;
}

/** The right answer to the pair that a curator is asked, as only the studio knows it: of a good ear. */
function rightAnswer(name: string): 'a' | 'b' {
  const books = new DatabaseSync(join(directory, 'jamnet.sqlite'), { readOnly: true });
  try {
    const row = books
      .prepare(
        `SELECT side, x FROM listening_pair WHERE chosen IS NULL
          AND payee = (SELECT payee FROM account_member WHERE name = ?)`,
      )
      .get(name) as { side: 'a' | 'b'; x: 'a' | 'b' | '' };
    return row.x === '' ? row.side : row.x;
  } finally {
    books.close();
  }
}

const look = (page: Page, name: string): Promise<void> => lookAt(page, `curate-${name}`);

/** A round by keys alone: every side is heard, then the right answer given. */
async function listenToRound(page: Page, name: string, each: (done: number) => Promise<void>): Promise<void> {
  for (let done = 0; done < 10; done++) {
    await page.getByText(new RegExp(`^${done} (of|von) 10 `)).waitFor();
    await page.locator('.pair-side:enabled').first().waitFor();
    await page.locator('.pair').focus();
    const sides = await page.locator('.pair-side').count();
    for (const key of ['a', 'b', 'x'].slice(0, sides)) await page.keyboard.press(key);
    await each(done);
    await page.locator('.pair').focus();
    await page.keyboard.press(rightAnswer(name) === 'a' ? '1' : '2');
  }
  await page.locator('.round-over').waitFor();
}

describe('the page of curators', () => {
  it('plays ten blind pairs to two curators, pays both, and takes their verdicts on a model and a bounty', async () => {
    const ada = await curator('Ada');
    await listenIn(ada.page);
    await ada.page.getByRole('link', { name: 'Listen blind' }).click();
    await ada.page.getByRole('heading', { name: 'Blind listening' }).waitFor();
    await listenToRound(ada.page, 'Ada', async (done) => {
      if (done > 0) return;
      await look(ada.page, 'pair');
      const before = await soundReport(ada.page);
      await ada.page.keyboard.press('a');
      await expect
        .poll(async () => (await soundReport(ada.page)).gains.filter((gain) => gain > 0), { timeout: 20_000 })
        .toHaveLength(1);
      // Switching sides starts nothing anew: the music goes on at the same sample.
      expect((await soundReport(ada.page)).starts).toBe(before.starts);
    });
    // Three planted pairs, all heard rightly: 3 − 1.645·√3 of a vote.
    await ada.page.getByText('0.15 votes').waitFor();
    await look(ada.page, 'round-over');

    const cleo = await curator('Cleo', 'de-DE');
    await cleo.page.goto(`${origin}/curate/`);
    await cleo.page.getByRole('heading', { name: 'Blindes Hören' }).waitFor();
    await listenToRound(cleo.page, 'Cleo', async (done) => {
      if (done === 3) await look(cleo.page, 'german');
    });
    await cleo.page.getByText('4,065 Stimmen').waitFor();
    await ada.page.reload();
    await ada.page.getByText('4.065 votes').waitFor();
    const shown = studio.services.live.current.contributions.filter(
      ({ meter }) => meter === 'curation/votes',
    );
    expect(shown.reduce((sum, { merit }) => sum + BigInt(merit), 0n)).toBeGreaterThanOrEqual(8_130n);

    const release = ada.page.locator('[data-release="2"]');
    await release.getByText('1.2% better than the model before, at least 0.4% (95 %)').waitFor();
    await release.getByLabel('Why? Others read it.').fill('rushes less before the bar line');
    await release.getByRole('button', { name: 'Approve' }).click();
    await release.getByText('You approved').waitFor();
    await release.getByText('waits for two households').waitFor();
    await cleo.page.reload();
    const modell = cleo.page.locator('[data-release="2"]');
    await modell.getByLabel('Warum? Andere lesen es.').fill('klingt lebendiger');
    await modell.getByRole('button', { name: 'Gutheißen' }).click();
    await modell.getByText('gutgeheißen', { exact: true }).waitFor();

    const bounty = ada.page.locator('[data-bounty]');
    await bounty.getByRole('button', { name: 'Show the change' }).click();
    await bounty.getByText('// <b>turns</b>').waitFor();
    await bounty.getByText('Guards the wheel').waitFor();
    await look(ada.page, 'change');
    await bounty.getByLabel('Why? Others read it.').fill('keeps a wrong wheel out');
    await bounty.getByRole('button', { name: 'Grant' }).click();
    await bounty.getByText('granted').waitFor();
    const { entries } = await studio.services.ledgerPage(0, 500);
    const kinds = entries.map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'model-approved')).toHaveLength(2);
    expect(kinds).toContain('bounty-granted');

    // The language is remembered on the device, and can be changed on the page.
    await cleo.page.getByRole('radio', { name: 'English' }).check({ force: true });
    await cleo.page.getByRole('heading', { name: 'Blind listening' }).waitFor();
    await cleo.page.reload();
    await cleo.page.getByRole('heading', { name: 'Blind listening' }).waitFor();
    expect(await cleo.page.evaluate('document.documentElement.lang')).toBe('en');
    for (const { context } of [ada, cleo]) await context.close();
  });

  it('tells a visitor to sign in, and a member who may make a curator', async () => {
    const visitor = await newPerson(browser, { locale: 'en-US' });
    await visitor.page.goto(`${origin}/curate/`);
    await visitor.page.getByText('Sign in on your account page first').waitFor();
    const invited = await studio.services.accounts.invite('member');
    await makeAccount(visitor.page, `${origin}/account/#join=${invited.ok ? invited.value : ''}`, 'Max');
    await visitor.page.goto(`${origin}/curate/`);
    await visitor.page.getByText('You are signed in as Max, who is no curator').waitFor();
    await visitor.context.close();
  });
});
