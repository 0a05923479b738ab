import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEconomy, samplePolicy } from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { openDatabase } from '@jamnet/sql';
import type { Studio } from '@jamnet/studio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GovernanceDesk } from '../../packages/studio/src/governance/governance-desk.ts';
import { ProposalBook } from '../../packages/studio/src/governance/proposal-book.ts';
import { hostilePolicy } from '../../packages/studio/src/governance/testing/policies.ts';
import { EPOCH, fillBooks, PAYEES } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { lookAt } from './look-at.ts';
import { openBrowser } from './page-browser.ts';
import { makeAccount, newPerson } from './person.ts';

const DAY_US = 86_400_000_000n;
const HOSTILE = '<img src=x onerror=alert(1)>';
const PAST = samplePolicy({ epochId: 'sample-next' });
let directory = '';
let studio: Studio;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-network-page-'));
  const nowUs = BigInt(Date.now()) * 1000n;
  await fillBooks(directory, nowUs);
  await proposeInThePast(nowUs);
  studio = await openStudioIn(directory);
  origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
  browser = await openBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A proposal whose period ended yesterday, with what three owner groups advised. */
async function proposeInThePast(nowUs: bigint): Promise<void> {
  const database = openDatabase({ directory, databaseUrl: undefined });
  try {
    const ledger = await openLedger(database);
    const economy = await openEconomy(database, ledger);
    let clockUs = nowUs - 16n * DAY_US;
    const desk = await GovernanceDesk.open({
      book: await ProposalBook.open(database),
      ...{ ledger, economy },
      publishBooks: async () => undefined,
      nowUs: () => clockUs,
    });
    const opened = await desk.open(
      {
        title: `More for code ${HOSTILE}`,
        text: `A month of its own.\n${HOSTILE}`,
        policy: PAST,
        opensAtUs: null,
        closesAtUs: clockUs + 15n * DAY_US,
      },
      { payee: null, readsHidden: true },
    );
    if (!opened.ok) throw new Error(opened.message);
    const { id } = opened.value;
    clockUs += DAY_US;
    const [first = '', second = '', third = ''] = PAYEES;
    await desk.comment(id, first, `Named as on the board. ${HOSTILE}`);
    await desk.comment(id, second, 'Half is enough.');
    await desk.vote(id, first, 'for');
    await desk.vote(id, second, 'against');
    await desk.vote(id, third, 'for');
  } finally {
    await database.close();
  }
}

async function invited(role: 'operator' | 'auditor' | 'member', name: string, locale = 'en-US') {
  const person = await newPerson(browser, { locale });
  const thrown: string[] = [];
  person.page.on('pageerror', (error) => thrown.push(error.message));
  person.page.on('dialog', () => thrown.push('markup ran'));
  const link = await studio.services.accounts.invite(role);
  await makeAccount(person.page, `${origin}/account/#join=${link.ok ? link.value : ''}`, name);
  return { ...person, thrown };
}

/** A field of the rules, in its part, which is opened. */
async function rule(page: Page, part: string, label: string) {
  const opened = page.locator(`[data-rule="${part}"]`);
  await opened.locator('summary').click();
  return opened.getByLabel(label);
}

/** What the page says differs, a line each. */
async function changes(page: Page): Promise<readonly string[]> {
  await page.locator('[data-change]').first().waitFor();
  const lines = await page
    .locator('[data-change]')
    .evaluateAll((all) =>
      all.map((each) => [...each.children].map((child) => child.textContent ?? '').join(': ')),
    );
  return lines.map((line) => line.replaceAll('\u00a0', ' '));
}

const look = (page: Page, name: string): Promise<void> => lookAt(page, `network-${name}`);

describe('the page of the network', () => {
  it('shows a visitor the figures with what they mean, licences from the files, and that no partner is named', async () => {
    const { context, page } = await newPerson(browser, { locale: 'en-US' });
    await page.goto(`${origin}/`);
    await page.getByRole('link', { name: 'The network' }).click();
    await page.getByRole('heading', { name: `Epoch ${EPOCH}` }).waitFor();
    const report = await (await fetch(`${origin}/api/reports/success`)).json();
    for (const { id, label } of report.figures)
      expect(await page.locator(`[data-figure="${id}"] dt`).textContent()).toBe(label);
    expect(await page.locator('[data-figure="participants"] b').textContent()).toBe('6');
    await look(page, 'figures');
    await page.getByRole('link', { name: 'Licences' }).click();
    await page.getByRole('cell', { name: 'CC-BY-3.0' }).waitFor();
    await look(page, 'licences');
    await page.getByRole('link', { name: 'Partners' }).click();
    await page.getByText('No partner is named here yet.').waitFor();
    expect(await page.getByRole('button', { name: 'Name a partner' }).count()).toBe(0);
    await context.close();
  });

  it('lets the operator decide what two weeks were for, and Books tell by which proposal a policy came', async () => {
    const { context, page, thrown } = await invited('operator', 'Olga');
    await page.goto(`${origin}/network/#proposals`);
    await page.getByText('waits for the decision').waitFor();
    await page.getByText('2 for, 1 against, 0 abstain').waitFor();
    await page.getByRole('link', { name: 'More for code' }).click();
    // What others wrote stands as they wrote it.
    await page.getByText(`A month of its own. ${HOSTILE}`).waitFor();
    await page.getByRole('button', { name: 'Hide comment 2' }).click();
    await page.getByLabel('Why is it hidden?').fill('Says nothing about the proposal.');
    await page.getByRole('button', { name: 'Hide it' }).click();
    await page.getByText('Hidden by the operator: Says nothing about the proposal.').waitFor();
    await look(page, 'waiting');
    expect(await page.getByRole('button', { name: 'Adopt' }).isDisabled()).toBe(true);
    await page.getByLabel('Your reasons').fill('Two of three households want it.');
    await page.getByRole('button', { name: 'Change what was proposed' }).click();
    await (await rule(page, 'pool', 'Size of the whole pool (JAM)')).fill('2,000,000.00');
    await page.getByText('Adopted with changes: 1 member differs from what was proposed.').waitFor();
    await look(page, 'amending');
    await page.getByRole('button', { name: 'Adopt as proposed after all' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Adopt' }).click();
    await page.getByRole('dialog').getByText('2 for, 1 against, 0 abstain').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Adopt' }).click();
    await page.locator('.network-decision').getByText('Two of three households want it.').waitFor();
    await look(page, 'adopted');
    expect(await studio.services.audit()).toMatchObject({ verdict: 'ok' });

    const published = await studio.services.desk.publishPolicy(PAST);
    expect(published.ok).toBe(true);
    await page.goto(`${origin}/books/#policies`);
    await page.getByText('Adopted as it was proposed:').waitFor();
    await page.getByRole('link', { name: 'More for code' }).click();
    await page.getByRole('heading', { name: 'More for code' }).waitFor();

    await page.goto(`${origin}/network/#partners`);
    await page.getByLabel('Who').fill(HOSTILE);
    await page.getByLabel('What they do for the network').fill('Lends machines');
    await page.getByLabel('Their own page').fill('https://mill.example/');
    await page.getByRole('button', { name: 'Name a partner' }).click();
    await page.getByRole('link', { name: HOSTILE }).waitFor();
    await look(page, 'partners');
    await page.getByRole('button', { name: `Take ${HOSTILE} off` }).click();
    await page.getByRole('button', { name: 'Take it off' }).click();
    await page.getByText('No partner is named here yet.').waitFor();
    expect(thrown).toEqual([]);
    await context.close();
  });

  it('takes a new policy from the operator, and a member’s advice and comment in German; auditors only read', async () => {
    const { context, page, thrown } = await invited('operator', 'Otto');
    await page.goto(`${origin}/network/#proposals`);
    await page.getByLabel('What it is about').fill('Real months');
    await page.getByLabel('What changes and why').fill('From samples to months.');
    await page.getByRole('button', { name: 'Begin with those in force' }).click();
    // Field by field, as a person does: a part in per cent, which is marked as long as it does not fit the others.
    const month = await rule(page, 'redemption', 'Most in a month (%)');
    await month.fill('9');
    await page.getByText('redemption.monthlyPpm must not exceed quarterlyPpm.').waitFor();
    await month.fill('four');
    await page.getByText('Not in their form yet: Redeeming units › Most in a month.').waitFor();
    expect(await page.getByRole('button', { name: 'Open it' }).isDisabled()).toBe(true);
    await month.fill('4.5');
    await page.locator('[name="/name"]').fill(hostilePolicy().name);
    const meters = page.locator('[data-rule="meters"]');
    await meters.locator('summary').click();
    await meters.getByLabel('Key of one more').fill('music/sung-ms');
    await meters.getByRole('button', { name: 'Add it' }).click();
    await page.reload();
    await page.getByText('They are valid.').waitFor();
    expect(await changes(page)).toEqual([
      'Meters › music/sung-ms › Kind: was nothing, becomes Music',
      'Meters › music/sung-ms › Weight: was nothing, becomes 1',
      `Name: was Sample evening, becomes ${hostilePolicy().name}`,
      'Redeeming units › Most in a month: was 2 %, becomes 4.5 %',
    ]);
    await rule(page, 'redemption', 'Most in a month (%)');
    await look(page, 'proposing');
    await page.getByRole('button', { name: 'Open it' }).click();
    await page.getByText('Until the close the proposal can only be withdrawn.').waitFor();
    expect(await page.getByRole('button', { name: 'Adopt' }).count()).toBe(0);
    const address = page.url();

    const max = await invited('member', 'Max', 'de-DE');
    await max.page.goto(address);
    await max.page.getByRole('button', { name: 'Dagegen' }).click();
    await max.page.getByText('Deine Gruppe rät: dagegen').waitFor();
    await max.page.getByRole('button', { name: 'Dafür' }).click();
    await max.page.getByText('1 dafür, 0 dagegen, 0 enthalten').waitFor();
    await max.page.getByLabel('Dein Beitrag').fill(`Endlich.\n${HOSTILE}`);
    await max.page.getByRole('button', { name: 'Beitragen' }).click();
    await max.page.locator('[data-comment="1"]').getByText(HOSTILE).waitFor();
    await max.page.getByText('Du hast hier noch 4 Beiträge.').waitFor();
    expect(await changes(max.page)).toContain('Anteile einlösen › Höchstens im Monat: war 2 %, wird 4,5 %');
    await max.page.getByText('Alle Regeln, eine nach der anderen').click();
    await max.page.getByText('Frist für Rückzahlungen').first().waitFor();
    await look(max.page, 'german');
    expect([...max.thrown, ...thrown]).toEqual([]);
    await max.context.close();

    const anna = await invited('auditor', 'Anna');
    await anna.page.goto(address);
    await anna.page.getByText('Auditors read along').waitFor();
    expect(await anna.page.getByRole('button', { name: 'Against' }).count()).toBe(0);
    for (const each of [anna.context, context]) await each.close();
  });
});
