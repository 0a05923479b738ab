import { readFileSync } from 'node:fs';
import { checkPain001 } from '@jamnet/economy';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { camt054 } from '../../packages/economy/src/testing/bank/bank-samples.ts';
import { PAYEES } from '../../packages/studio/src/testing/lived-books.ts';
import { type LivedStudio, openLivedStudio } from './lived-studio.ts';
import { lookAt } from './look-at.ts';
import { payFrom } from './studio-bank.ts';

const NEXT = 'sample-next';
const [PAYEE = '', , STRANGER = ''] = PAYEES;
let house: LivedStudio;
beforeAll(async () => {
  house = await openLivedStudio(async (directory) => payFrom(directory));
}, 120_000);
afterAll(() => house?.close());

const look = (page: Page, name: string): Promise<void> => lookAt(page, `studio-${name}`);

function textFile(name: string, text: string) {
  return { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
}

/** A member who earns as the payee, as if they had been paid in these books all along, hands in what the policy asks. */
async function handIn(): Promise<Page> {
  const { page } = await house.invited('member', 'Paula');
  house.earnsAs('Paula', PAYEE);
  await page.goto(`${house.origin}/wallet/#payments`);
  const own = page.locator('[data-part=payee]');
  await own.getByText('Hand in or change').click();
  await own.getByLabel('Full name').fill('Payee One');
  await own.getByLabel('Born on').fill('1990-02-03');
  await own.getByLabel('Street').fill('Rue de la Paix');
  await own.locator('[name=buildingNumber]').fill('1');
  await own.getByLabel('Town').fill('Lyon');
  await own.locator('[name=country]').fill('FR');
  await own.getByLabel('In the name of').fill('Payee One');
  await own.getByRole('textbox', { name: 'IBAN' }).fill('FR14 2004 1010 0505 0001 3M02 606');
  await own.locator('[name=form]').selectOption('W-8BEN');
  await own.getByLabel('Taxed in').fill('FR');
  await own.getByLabel('Tax number').fill('1234567890123');
  await own.getByLabel('Signed on').fill('2026-11-01');
  await own.getByRole('button', { name: 'Hand in', exact: true }).click();
  await own.getByText('IBAN of Payee One, ending in 2606').waitFor();
  return page;
}

/** The operator finds all of it in order. */
async function verifyPayee(): Promise<void> {
  const { payees } = house.studio.services.cash;
  for (const check of ['identity', 'taxForm', 'bank', 'sanctions'] as const) {
    const judged = await payees.check(PAYEE, {
      check,
      verdict: 'verified',
      ...(check === 'bank' ? { nameCheck: 'match' as const } : {}),
      ...(check === 'sanctions' ? { evidence: 'e'.repeat(64) } : {}),
    });
    expect(judged).toMatchObject({ ok: true });
  }
}

/** A part that the policy in force does not have: paid at once over one way, with a fee. */
async function writePayouts(part: Locator): Promise<void> {
  await part.locator('summary').click();
  await part.getByLabel('With this part').first().check();
  expect(await part.getByLabel('SEPA credit transfer').isChecked()).toBe(true);
  await part.getByLabel('Rest after new bank details (days)').fill('0');
  await part.getByLabel('Without a valid tax form').selectOption({ label: 'Paid with tax withheld' });
  await part.getByLabel('With this part').last().check();
  await part.getByLabel('Part of the payout (%)').fill('1');
  await part.getByLabel('Least fee ($)').fill('0.01');
  await part.getByLabel('Most fee ($)').fill('100');
}

describe('the page of the operator', () => {
  it('takes a month from policy, revenue and valuation to a closed epoch, and a redemption to a settled bank file', async () => {
    const { page, context } = await house.invited('operator', 'Olga');
    await page.goto(`${house.origin}/studio/`);
    await page.getByText('No epoch is open.').waitFor();

    await page.getByRole('link', { name: 'Policy' }).click();
    await page.getByRole('button', { name: 'Begin with the one in force' }).click();
    await page.locator('[name="/name"]').fill('The next sample');
    const share = page.getByLabel('Contributors’ part of net revenue');
    await share.fill('1/3');
    await page.getByRole('alert').getByText('contributorShare must be at least 1/2.').waitFor();
    expect(await page.getByRole('button', { name: 'Publish it' }).isDisabled()).toBe(true);
    await share.fill('1/2');
    await page.locator('[data-rule="epochs"] summary').click();
    await page.getByLabel('Name of the sample epoch').fill(NEXT);
    await writePayouts(page.locator('[data-rule="payouts"]'));
    await page.reload();
    await page.locator('[data-change="/epochs/id"]').getByText(NEXT).waitFor();
    await page.locator('[data-rule="payouts"] summary').click();
    await page.getByText('In force: nothing').first().waitFor();
    await look(page, 'policy');
    await page.getByRole('button', { name: 'Publish it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish it' }).click();
    await page.getByText(`It governs from ${NEXT} on.`).waitFor();

    await page.getByRole('link', { name: 'Epochs' }).click();
    await page.getByRole('button', { name: 'Open the epoch that is due' }).click();
    await page.getByText(`${NEXT} is open.`).waitFor();

    await page.getByRole('link', { name: 'Revenue' }).click();
    const csv =
      'id;principal;amount;currency;Day\nn-1;c-1;120.00;USD;2026-10-01\nn-2;c-2;80.50;USD;2026-10-02\n';
    await page.getByLabel('CSV file').setInputFiles(textFile('month.csv', csv));
    const file = page.locator('[data-part="csv"]');
    await file.getByLabel('Received on (UTC)').selectOption('Day');
    await file.getByLabel('Product').selectOption('=subscription-player');
    await page.reload();
    await file.getByRole('button', { name: 'Try it out, write nothing' }).click();
    await file.getByText('2 of them would be new.').waitFor();
    await look(page, 'revenue');
    await file.getByRole('button', { name: 'Take them in' }).click();
    await page.getByRole('dialog').getByText('$200.50').waitFor();
    await look(page, 'revenue-question');
    await page.getByRole('dialog').getByRole('button', { name: 'Take them in' }).click();
    await file.getByText('2 new receipts are in the books.').waitFor();

    await page.getByRole('link', { name: 'Valuations' }).click();
    await page.getByLabel('Name of the valuation').fill('valuation-page');
    await page.getByLabel('Value in dollars').fill('30000000.00');
    await page.getByLabel('Fully diluted units').fill('10000000');
    await page.getByLabel('Dated (UTC)').fill(new Date(Date.now() - 60_000).toISOString());
    await page.getByLabel('Approved by').fill('board');
    await page.getByLabel('The document').setInputFiles(textFile('valuation.pdf', 'as approved'));
    await page.getByText('SHA-256').last().waitFor();
    await page.getByRole('button', { name: 'Post the valuation' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Post the valuation' }).click();
    await page.getByText('valuation-page is posted.').waitFor();
    await look(page, 'valuations');

    await page.getByRole('link', { name: 'Epochs' }).click();
    const epoch = page.locator(`[data-epoch="${NEXT}"]`);
    await epoch.getByText('The dry run went through.').waitFor();
    await epoch.getByText('$200.50').waitFor();
    await look(page, 'epochs');
    await epoch.getByRole('button', { name: `Close ${NEXT}` }).click();
    await page.getByRole('dialog').getByText('$200.50').waitFor();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `Close ${NEXT}` })
      .click();
    await page.getByText(`${NEXT} is closed.`).waitFor();

    await page.getByRole('link', { name: 'Payouts' }).click();
    await page.locator('[data-part="plan"]').getByText(PAYEE).waitFor();
    const member = await handIn();
    await verifyPayee();
    await member.reload();
    await member.getByText('All is in order: payments can go out.').waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Debit and send' }).click();
    await look(page, 'payouts-question');
    await page.getByRole('dialog').getByRole('button', { name: 'Debit and send' }).click();
    const told = await page.getByText('File for the bank, on the studio').textContent();
    const path = told?.split(': ')[1] ?? '';
    const written001 = readFileSync(path, 'utf8');
    expect(checkPain001(written001)).toMatchObject({ ok: true });
    const id = /<EndToEndId>([^<]+)</.exec(written001)?.[1] ?? '';
    const paid = /<InstdAmt Ccy="EUR">([^<]+)</.exec(written001)?.[1] ?? '';
    await page
      .getByLabel('Answer of the bank')
      .setInputFiles(textFile('camt054.xml', camt054([{ id, cents: paid }])));
    await page.locator('[data-payment="settled"]').waitFor();
    await look(page, 'payouts');

    // Whom it is paid to reads so.
    await member.reload();
    const payments = member.locator('[data-part=payments]');
    await payments.locator('[data-payout=settled]').getByText('Paid on').waitFor();
    await look(member, 'member-paid');
    await member.context().close();
    await context.close();
  });

  it('keeps the file of a payee: checks, a hold with its reason, an export, and erasing that asks first', async () => {
    const { page, context } = await house.invited('operator', 'Petra');
    await page.goto(`${house.origin}/studio/#payees`);
    await page.locator('input[name=payee]').fill(STRANGER);
    await page.getByRole('button', { name: 'Open the file' }).click();
    const handed = {
      legalName: 'Payee Two',
      birthDate: '1991-02-03',
      address: { country: 'FR', townName: 'Lyon' },
    };
    await page
      .getByLabel('What the payee handed in (JSON)')
      .setInputFiles(textFile('payee.json', JSON.stringify(handed)));
    const identity = page.locator('[data-check="identity"]');
    await identity.getByText('to be judged').waitFor();
    await page.getByRole('button', { name: 'It is in order' }).click();
    await identity.getByText('verified').waitFor();
    await page.getByLabel('Name of the hold').fill('chargeback-7');
    await page.getByLabel('Reason').fill('<b>A charge-back</b> is open.');
    await page.reload();
    await page.locator('[data-part="payees"]').getByText(STRANGER).click();
    await page.getByRole('button', { name: 'Hold payments back' }).click();
    // Markup in a reason is text.
    await page.locator('[data-part="holds"]').getByText('<b>A charge-back</b> is open.').waitFor();
    await look(page, 'payees');
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export everything about this payee' }).click();
    expect(readFileSync(await (await download).path(), 'utf8')).toContain('Payee Two');
    await page.getByRole('button', { name: 'Erase personal data' }).click();
    const question = page.getByRole('dialog');
    await question.getByText('Holds that stay').waitFor();
    await look(page, 'payees-question');
    await question.getByRole('button', { name: 'Erase personal data' }).click();
    await page.getByText('The personal data is erased.').waitFor();
    await identity.getByText('missing').waitFor();
    expect((await house.studio.services.cash.payees.show(STRANGER)).ok).toBe(true);
    await page.getByRole('button', { name: 'Lift it' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Lift it' }).click();
    await page.getByText('Nothing holds payments back.').waitFor();
    await context.close();
  });

  it('takes a perk with a payee’s JAM after naming its cost, and an order of devices with claim codes told once', async () => {
    const { page, context } = await house.invited('operator', 'Quentin');
    await page.goto(`${house.origin}/studio/#perks`);
    const form = page.locator('[data-part="take-perk"]');
    await form.getByLabel('Payee').fill(PAYEE);
    await form.getByLabel('Perk').selectOption('ai-hour');
    await form.getByRole('button', { name: 'Take it' }).click();
    await page.getByRole('dialog').getByText('Cost at the last valuation').waitFor();
    await look(page, 'perks-question');
    await page.getByRole('dialog').getByRole('button', { name: 'Take it' }).click();
    await form.getByRole('status').waitFor();
    const owned = page.locator('[data-part="perks-of"]');
    await owned.getByLabel('Payee').fill(PAYEE);
    await owned.getByRole('button', { name: 'Show them' }).click();
    await owned.getByText('AI time on the mesh').waitFor();
    await look(page, 'perks');

    await page.getByRole('link', { name: 'Hardware' }).click();
    await page.getByText('No device was ordered yet.').waitFor();
    await page.getByLabel('Number of the order').fill('shop-1');
    await page.getByLabel('Who paid').fill('customer-1');
    await page.getByLabel('Product').selectOption('jambox');
    await page.getByLabel('How many').fill('2');
    await page.getByLabel('Paid in all').fill('498.00');
    await page.getByLabel('Paid on (UTC)').fill('2026-11-01');
    await page.getByRole('button', { name: 'Place an order' }).click();
    await page.getByRole('dialog').getByText('$498.00').waitFor();
    await look(page, 'hardware-question');
    await page.getByRole('dialog').getByRole('button', { name: 'Place an order' }).click();
    await page.locator('[data-part="claim-codes"] li').nth(1).waitFor();
    await page.locator('[data-order="shop-1"]').getByText('not claimed').first().waitFor();
    await look(page, 'hardware');
    await context.close();
  });

  it('exports the cap table as files of Open Cap Format', async () => {
    const { page, context } = await house.invited('operator', 'Rosa');
    await page.goto(`${house.origin}/studio/#cap-table`);
    await page.getByLabel('Legal name').fill('JAMNet Studio');
    await page.getByRole('button', { name: 'Make the files' }).click();
    const files = page.locator('[data-part="cap-table"]');
    const download = page.waitForEvent('download');
    await files.getByRole('button', { name: 'Save Manifest.ocf.json' }).click();
    const manifest = JSON.parse(readFileSync(await (await download).path(), 'utf8'));
    expect(manifest).toMatchObject({
      file_type: 'OCF_MANIFEST_FILE',
      issuer: { legal_name: 'JAMNet Studio' },
    });
    await look(page, 'cap-table');
    await context.close();
  });

  it('shows a node of the mesh, bans it with a reason its owner reads, and lets it in again', async () => {
    const { page, context } = await house.invited('operator', 'Nora');
    const tab = await context.newPage();
    await tab.goto(`${house.origin}/node/`);
    await tab.getByRole('button', { name: 'Start computing' }).click();
    await tab.getByText('Connected, waiting for a task').waitFor();
    await page.goto(`${house.origin}/studio/#nodes`);
    const nodes = page.locator('[data-part="nodes"] [data-node]');
    await nodes.first().waitFor();
    await look(page, 'nodes');
    await nodes.first().getByRole('button', { name: 'What was decided' }).click();
    await page.getByLabel('Reason').fill('Its owner asked for it.');
    await page.getByRole('button', { name: 'Ban it' }).click();
    await page.getByRole('dialog').getByText('Its owner asked for it.').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Ban it' }).click();
    await page.locator('[data-part="node"][data-state="banned"]').waitFor();
    await page.getByText("Banned by the studio's operator: Its owner asked for it.").waitFor();
    await look(page, 'nodes-banned');
    expect(await house.studio.services.meshDesk.status()).toMatchObject({
      nodes: { connected: 0, banned: 1 },
    });
    await page.getByLabel('Reason').fill('It came back to its senses.');
    await page.getByRole('button', { name: 'Let it in again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Let it in again' }).click();
    await page.locator('[data-part="node"][data-state="gone"]').waitFor();
    await context.close();
  });

  it('lets an auditor read in German without a button that acts, and sends others away', async () => {
    const auditor = await house.invited('auditor', 'Anton', { locale: 'de-DE' });
    await auditor.page.goto(`${house.origin}/studio/#valuations`);
    await auditor.page.getByText('Du liest hier als Prüfer').waitFor();
    await auditor.page.getByText('valuation-4').waitFor();
    expect(await auditor.page.locator('main').getByRole('button').count()).toBe(0);
    const places = auditor.page.getByRole('navigation', { name: 'Teile des Studios' });
    expect(await places.getByRole('link').allTextContents()).toEqual([
      ...[
        'Epochen',
        'Einnahmen',
        'Bewertungen',
        'Regeln',
        'Auszahlungen',
        'Extras',
        'Geräte',
        'Rechner',
        'Handlungen',
      ],
    ]);
    await places.getByRole('link', { name: 'Extras' }).click();
    await auditor.page.locator('[data-part="offers"]').waitFor();
    expect(await auditor.page.locator('main').getByRole('button').count()).toBe(0);
    await places.getByRole('link', { name: 'Geräte' }).click();
    await auditor.page.locator('[data-part="orders"]').waitFor({ state: 'attached' });
    expect(await auditor.page.locator('main').getByRole('button').count()).toBe(0);
    await auditor.context.close();
    const member = await house.invited('member', 'Max');
    await member.page.goto(`${house.origin}/studio/`);
    await member.page.getByText('You are signed in as Max, who neither runs nor audits').waitFor();
    await member.context.close();
  });
});
