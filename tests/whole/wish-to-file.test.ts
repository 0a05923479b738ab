import { readFileSync } from 'node:fs';
import { checkPain001, openEconomy, samplePolicy } from '@jamnet/economy';
import { openLedger } from '@jamnet/ledger';
import { openDatabase } from '@jamnet/sql';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { camt054 } from '../../packages/economy/src/testing/bank/bank-samples.ts';
import { PAYEES } from '../../packages/studio/src/testing/lived-books.ts';
import { type LivedStudio, openLivedStudio } from './lived-studio.ts';
import { lookAt } from './look-at.ts';
import { DESKTOP, PHONE } from './page-browser.ts';
import { payFrom } from './studio-bank.ts';

const [, SECOND = '', THIRD = ''] = PAYEES;
let house: LivedStudio;

/** In force: payments by bank file, to details that need not rest first. */
async function withPayouts(directory: string): Promise<void> {
  payFrom(directory);
  const database = openDatabase({ directory, databaseUrl: undefined });
  try {
    const economy = await openEconomy(database, await openLedger(database));
    const nowUs = BigInt(Date.now()) * 1000n;
    const payouts = {
      rails: ['pain.001' as const],
      bankDetailRestDays: 0,
      withoutTaxForm: 'withhold' as const,
      conversionFee: { ppm: 10_000, centsMin: '1', centsMax: '10000' },
    };
    const policy = { ...samplePolicy({ epochId: 'sample-paid' }), payouts };
    expect(await economy.publishPolicy(nowUs, policy)).toMatchObject({ ok: true });
    expect(await economy.openEpoch(nowUs)).toMatchObject({ ok: true });
  } finally {
    await database.close();
  }
}

beforeEach(async () => {
  house = await openLivedStudio(withPayouts);
}, 120_000);
afterEach(() => house?.close());

interface Wisher {
  readonly name: string;
  readonly payee: string;
  readonly iban: string;
}

/** Hands in who they are and where their money goes, and asks for half a JAM. */
async function wish(page: Page, { name, iban }: Wisher): Promise<void> {
  await page.goto(`${house.origin}/wallet/#payments`);
  const own = page.locator('[data-part=payee]');
  await own.getByText('Hand in or change').click();
  for (const [label, text] of [
    ['Full name', name],
    ['Born on', '1990-02-03'],
    ['Street', 'Rue de la Paix'],
    ['Town', 'Lyon'],
    ['In the name of', name],
  ] as const)
    await own.getByLabel(label).fill(text);
  await own.locator('[name=buildingNumber]').fill('1');
  await own.locator('[name=country]').fill('FR');
  await own.getByRole('textbox', { name: 'IBAN' }).fill(iban);
  await own.locator('[name=form]').selectOption('W-8BEN');
  await own.getByLabel('Taxed in').fill('FR');
  await own.getByLabel('Tax number').fill('1234567890123');
  await own.getByLabel('Signed on').fill('2026-11-01');
  await own.getByRole('button', { name: 'Hand in', exact: true }).click();
  await own.getByText(`IBAN of ${name}, ending in ${iban.slice(-4)}`).waitFor();

  await page.locator('.books-nav a[href="#balance"]').click();
  await page.getByLabel('JAM to redeem').fill('0.5');
  await page.getByText(/^About \$\d+\.\d\d at the last valuation\. Asked for now/).waitFor();
  await page.getByRole('button', { name: 'Ask for money' }).click();
  await page.locator('[data-redemption=suspended]').getByText('0.50 JAM').waitFor();
}

/** The operator looks at what was handed in, check by check. */
async function judge(page: Page, payee: string): Promise<void> {
  await page.goto(`${house.origin}/studio/#payees`);
  // Another payee's file may still be open.
  await page.reload();
  await page.locator('input[name=payee]').fill(payee);
  await page.getByRole('button', { name: 'Open the file' }).click();
  const form = page.locator('[data-part=judge]');
  for (const check of ['identity', 'taxForm', 'bank', 'sanctions']) {
    await form.locator('[name=check]').selectOption(check);
    if (check === 'sanctions') {
      const seen = { name: 'lists.txt', mimeType: 'text/plain', buffer: Buffer.from('nobody of that name') };
      await form.getByLabel('What you looked at').setInputFiles(seen);
      await form.getByText('SHA-256').last().waitFor();
    }
    await form.getByRole('button', { name: 'It is in order' }).click();
    await page.locator(`[data-check=${check}]`).getByText('verified').waitFor();
  }
}

/** A new valuation is what wishes are priced by. */
async function value(page: Page, id: string): Promise<void> {
  await page.goto(`${house.origin}/studio/#valuations`);
  await page.getByLabel('Name of the valuation').fill(id);
  await page.getByLabel('Value in dollars').fill('30000000.00');
  await page.getByLabel('Fully diluted units').fill('10000000');
  await page.getByLabel('Dated (UTC)').fill(new Date().toISOString());
  await page.getByLabel('Approved by').fill('board');
  const document = { name: `${id}.pdf`, mimeType: 'text/plain', buffer: Buffer.from(id) };
  await page.getByLabel('The document').setInputFiles(document);
  await page.getByText('SHA-256').last().waitFor();
  await page.getByRole('button', { name: 'Post the valuation' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Post the valuation' }).click();
  await page.getByText(`${id} is posted.`).waitFor();
}

interface Paid {
  readonly id: string;
  readonly cents: string;
}

/** What a file tells the bank to pay to an account. */
function paidTo(file: string, iban: string): Paid {
  const [, rest = ''] = file
    .split(/(?=<CdtTrfTxInf>)/)
    .reduce<string[]>(
      (found, part) =>
        part.includes(`<IBAN>${iban}<`) && part.startsWith('<CdtTrfTxInf>') ? ['', part] : found,
      [],
    );
  return {
    id: /<EndToEndId>([^<]+)</.exec(rest)?.[1] ?? '',
    cents: /<InstdAmt Ccy="EUR">([^<]+)</.exec(rest)?.[1] ?? '',
  };
}

async function answer(page: Page, name: string, xml: string): Promise<void> {
  const file = { name, mimeType: 'text/xml', buffer: Buffer.from(xml) };
  await page.getByLabel('Answer of the bank').setInputFiles(file);
  await page.getByText('1 payment has an answer; 0 did not fit.').waitFor();
}

describe('from a wish for money to the bank file that pays it', () => {
  it.each([
    ['phone', PHONE],
    ['desktop', DESKTOP],
  ] as const)(
    'on a %s two members ask, the operator sends one file and reads the bank: one is paid, the other has the reason and the money back',
    async (screen, viewport) => {
      const { page: operator, context } = await house.invited('operator', `Olga ${screen}`, { viewport });
      const paid = { name: `Paula ${screen}`, payee: SECOND, iban: 'FR1420041010050500013M02606' };
      const returned = { name: `Rosa ${screen}`, payee: THIRD, iban: 'DE02120300000000202051' };
      const pages = new Map<Wisher, Page>();
      for (const wisher of [paid, returned]) {
        const { page } = await house.invited('member', wisher.name, { viewport });
        house.earnsAs(wisher.name, wisher.payee);
        await wish(page, wisher);
        await judge(operator, wisher.payee);
        pages.set(wisher, page);
      }
      await value(operator, `valuation-${screen}`);

      await operator.goto(`${house.origin}/studio/#payouts`);
      await operator.getByRole('button', { name: 'Price what waits' }).click();
      // Half a JAM each at $3.00.
      await operator.getByText('$3.00 became due for 1.00 JAM.').waitFor();
      const plan = operator.locator('[data-part=plan] dl');
      const figures = await plan.locator('dd').allTextContents();
      expect(figures.slice(0, 4)).toEqual(['pain.001', '2', '$3.00', '$0.00']);
      await operator.getByRole('button', { name: 'Debit and send' }).click();
      const question = operator.getByRole('dialog');
      await question.getByText('pain.001, People: 2').waitFor();
      await question.getByText(figures[5] ?? 'no total').waitFor();
      await question.getByRole('button', { name: 'Debit and send' }).click();
      const sent = operator.locator('.proof[role=status]');
      await sent.getByText('2 payments').waitFor();

      const download = operator.waitForEvent('download');
      await sent.getByRole('button', { name: 'Save the file for the bank' }).click();
      const saved = await download;
      expect(saved.suggestedFilename()).toMatch(/^jam-[0-9a-f]{28}\.xml$/);
      const file = readFileSync(await saved.path(), 'utf8');
      expect(checkPain001(file)).toMatchObject({ ok: true, value: [] });
      const [toPaid, toReturned] = [paidTo(file, paid.iban), paidTo(file, returned.iban)];
      expect(Number(toPaid.cents) + Number(toReturned.cents)).toBeCloseTo(
        Number(figures[5]?.replace(/[^\d.]/g, '')),
        9,
      );
      // Whoever closed the page finds it again with the payments.
      await operator.reload();
      await operator
        .locator('[data-payment=submitted]')
        .getByRole('button', { name: 'Save the file for the bank' })
        .first()
        .waitFor();
      await lookAt(operator, `wish-operator-${screen}`);
      await operator.setViewportSize(viewport);

      await answer(operator, 'booked.xml', camt054([toPaid]));
      await answer(operator, 'returned.xml', camt054([{ ...toReturned, returned: 'AC04' }]));
      await operator.locator('[data-payment=returned]').first().getByText('AC04').waitFor();

      const happy = pages.get(paid);
      const other = pages.get(returned);
      if (happy === undefined || other === undefined) throw new Error('somebody has no page');
      for (const page of [happy, other]) {
        await page.reload();
        await page.locator('[data-redemption=paid]').getByText('0.50 JAM').first().waitFor();
        await page.locator('.books-nav a[href="#payments"]').click();
      }
      const payment = happy.locator('[data-part=payments]');
      await payment.locator('[data-payout=settled]').getByText('$1.50').waitFor();
      await payment.locator('[data-payout=settled]').getByText('Paid on').waitFor();
      expect(await payment.getByText('Waits to be paid out').count()).toBe(0);
      await lookAt(happy, `wish-paid-${screen}`);
      const back = other.locator('[data-part=payments]');
      await back.locator('[data-payout=returned]').getByText('The bank’s reason: AC04').waitFor();
      await back.getByText('Waits to be paid out').waitFor();
      // The whole amount: nothing of it is lost to the payment that failed.
      expect(await back.locator('dl dd').first().textContent()).toBe('$1.50');
      await lookAt(other, `wish-returned-${screen}`);
      for (const page of pages.values()) await page.context().close();
      await context.close();
    },
    180_000,
  );
});
