import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PAYEES } from '../../packages/studio/src/testing/lived-books.ts';
import { type LivedStudio, openLivedStudio } from './lived-studio.ts';
import { lookAt } from './look-at.ts';
import { untranslated } from './sentences.ts';

let house: LivedStudio;
beforeAll(async () => {
  house = await openLivedStudio();
}, 60_000);
afterAll(() => house?.close());

/** Rightly the same in both languages. */
const SAME = ['IBAN', 'BIC', 'W-8BEN', 'W-8BEN-E', 'DAC7'];
const look = (page: Page, name: string): Promise<void> => lookAt(page, `wallet-${name}`);

const goTo = (page: Page, part: string): Promise<unknown> =>
  page.locator(`.books-nav a[href="#${part}"]`).click();

describe('the page of the wallet', () => {
  it('asks who comes to sign in there, and is where addresses of before lead to', async () => {
    const { context, page } = await house.invited('member', 'Olga');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
    await page.goto(`${house.origin}/account/?#wallet`);
    await page.waitForURL(`${house.origin}/wallet/`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText('What you asked for').waitFor();
    expect(page.url()).toBe(`${house.origin}/wallet/`);
    expect(await page.title()).toBe('JAMNet: Your wallet');
    await page.getByRole('link', { name: 'Account', exact: true }).click();
    await page.getByRole('heading', { name: 'Olga', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Wallet', exact: true }).click();
    await goTo(page, 'earned');
    await page.getByText('Nothing earned yet').waitFor();
    await look(page, 'nothing');
    await context.close();
  });

  it('shows its member what they earned and why, and takes a wish for money once', async () => {
    const { context, page } = await house.invited('member', 'Pia');
    house.earnsAs('Pia', PAYEES[0] ?? '');
    await page.goto(`${house.origin}/wallet/#earned`);
    const wallet = page.locator('main');
    await wallet.locator('[data-part=lines] .rows > li').first().waitFor();
    await wallet
      .getByText(/^by (use|merit) of take/)
      .first()
      .waitFor();
    await look(page, 'earned');
    expect(await untranslated(page, SAME)).toEqual([]);
    await wallet
      .getByText(/^(weil benutzt wurde|nach geprüfter Leistung): Aufnahme/)
      .first()
      .waitFor();
    await page.getByRole('radio', { name: 'English' }).check({ force: true });
    await goTo(page, 'balance');
    await wallet.getByLabel('JAM to redeem').fill('nonsense');
    await wallet.getByRole('button', { name: 'Ask for money' }).click();
    await wallet.getByText('Write an amount such as 12.5.').waitFor();
    await wallet.getByLabel('JAM to redeem').fill('0.5');
    await wallet.getByText('at the last valuation. Asked for now').waitFor();
    await look(page, 'balance');
    const before = await wallet.locator('dd').first().textContent();
    await wallet.getByRole('button', { name: 'Ask for money' }).click();
    await wallet.getByText('It is reserved now').waitFor();
    await expect.poll(() => wallet.locator('dd').first().textContent()).not.toBe(before);

    // In German: amounts with a comma, read as written; a point would mean thousands and is no amount.
    expect(await untranslated(page, SAME)).toEqual([]);
    await wallet
      .getByText(/^\d+,\d{2,6}\sJAM$/)
      .first()
      .waitFor();
    await wallet.getByLabel('JAM zum Einlösen').fill('1.000');
    await wallet.getByRole('button', { name: 'Auszahlung wünschen' }).click();
    await wallet.getByText('Schreibe einen Betrag wie 12,5.').waitFor();
    await wallet.getByLabel('JAM zum Einlösen').fill('0,5');
    await wallet.getByText(/^Ungefähr \d+,\d\d\s\$ nach der letzten Bewertung/).waitFor();
    await look(page, 'balance-german');
    await context.close();
  });

  it('brings a member from what was earned to the account it is paid to: a wish seen and taken back, bank details handed in, statement and price read', async () => {
    const { context, page } = await house.invited('member', 'Quin');
    const payee = PAYEES[1] ?? '';
    house.earnsAs('Quin', payee);
    await page.goto(`${house.origin}/wallet/`);
    const wallet = page.locator('main');
    const wishes = wallet.locator('[data-part=redemptions]');
    await wishes.getByText('You have not asked for money yet').waitFor();
    const before = await wallet.locator('dd').first().textContent();
    await wallet.getByLabel('JAM to redeem').fill('0.5');
    await wallet.getByRole('button', { name: 'Ask for money' }).click();
    const wish = wishes.locator('[data-redemption=suspended]');
    await wish.getByText('0.50 JAM').waitFor();
    await wish.getByRole('button', { name: 'Take it back' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
    await wishes.locator('[data-redemption=cancelled]').waitFor();
    await expect.poll(() => wallet.locator('dd').first().textContent()).toBe(before);

    await goTo(page, 'payments');
    const own = wallet.locator('[data-part=payee]');
    await own.getByText('Hand in or change').click();
    await own.getByLabel('Full name').fill('Quin Example');
    await own.getByLabel('Born on').fill('1990-02-03');
    await own.getByLabel('Street').fill('Rue de la Paix');
    await own.getByLabel('Town').fill('Lyon');
    await own.getByLabel('Country').first().fill('FR');
    await own.getByLabel('In the name of').fill('Quin Example');
    await own.getByRole('textbox', { name: 'IBAN' }).fill('FR14 2004 1010 0505 0001 3M02 600');
    await own.getByRole('button', { name: 'Hand in', exact: true }).click();
    await own.getByRole('alert').waitFor();
    await own.getByRole('textbox', { name: 'IBAN' }).fill('FR14 2004 1010 0505 0001 3M02 606');
    await look(page, 'payee-form');
    await own.getByRole('button', { name: 'Hand in', exact: true }).click();
    await own.getByText('IBAN of Quin Example, ending in 2606').waitFor();
    await own.locator('[data-check=bank]').getByText('being checked').waitFor();
    expect(await own.getByLabel('Full name').inputValue()).toBe('');
    // The operator checks it; the member reads how far it is.
    const { payees } = house.studio.services.cash;
    for (const check of ['identity', 'bank'] as const)
      expect(await payees.check(payee, { check, verdict: 'verified', nameCheck: 'match' })).toMatchObject({
        ok: true,
      });
    await page.reload();
    await own.locator('[data-check=bank]').getByText('checked', { exact: false }).waitFor();
    await own.locator('[data-code=payee-incomplete]').waitFor();

    await goTo(page, 'earned');
    const statement = wallet.locator('[data-part=statements] a').first();
    const read = await context.request.get(`${house.origin}${await statement.getAttribute('href')}`);
    expect(read.status()).toBe(200);
    const file = await context.request.get(
      `${house.origin}${await wallet.locator('[data-part=statements] a[download]').first().getAttribute('href')}`,
    );
    expect(await file.text()).toContain(payee);
    await goTo(page, 'price');
    await wallet.locator('[data-part=prices] svg').waitFor();
    await look(page, 'price');
    expect(await untranslated(page, SAME)).toEqual([]);
    await page.getByRole('radio', { name: 'English' }).check({ force: true });
    await goTo(page, 'payments');
    await wallet
      .locator('[data-part=payments]')
      .getByText('has not set up a way to pay money out yet')
      .waitFor();
    await look(page, 'payments');

    // In German, refusals too.
    await own.getByText('Hand in or change').click();
    expect(await untranslated(page, SAME)).toEqual([]);
    await own.getByLabel('Auf den Namen').fill('Quin');
    await own.getByRole('textbox', { name: 'IBAN' }).fill('FR00');
    await own.getByRole('button', { name: 'Angeben', exact: true }).click();
    await own.getByText('Auf dieses Konto lässt sich so nicht zahlen').waitFor();
    await look(page, 'payments-german');
    await context.close();
  });
});
