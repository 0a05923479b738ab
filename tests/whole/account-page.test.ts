import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { firstOperatorLink, type Studio } from '@jamnet/studio';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fillBooks, PAYEES } from '../../packages/studio/src/testing/lived-books.ts';
import { openStudioIn } from '../../packages/studio/src/testing/open-studio-in.ts';
import { lookAt } from './look-at.ts';
import { openBrowser } from './page-browser.ts';
import { makeAccount, newPerson } from './person.ts';
import { speak, untranslated } from './sentences.ts';

let directory = '';
let studio: Studio;
let browser: Browser;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-account-page-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
  origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
  browser = await openBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

const person = () => newPerson(browser, { locale: 'en-US' });
/** Rightly the same in both languages. */
const SAME = ['Passkeys', 'Name', 'Code', 'IBAN', 'BIC', 'W-8BEN', 'W-8BEN-E', 'DAC7'];

const look = (page: Page, name: string): Promise<void> => lookAt(page, `account-${name}`);

describe('the account page', () => {
  it('takes the first operator from the printed link to a passkey, a member in, and both back in', async () => {
    const operator = await person();
    const link = (await firstOperatorLink(studio.services.accounts, origin)) ?? '';
    await operator.page.goto(link);
    await operator.page.getByRole('heading', { name: 'You are invited' }).waitFor();
    await look(operator.page, 'join');
    expect(await untranslated(operator.page, SAME)).toEqual([]);
    await speak(operator.page, 'English');
    await makeAccount(operator.page, link, 'Olive');
    expect(operator.page.url()).toBe(`${origin}/account/`);
    await operator.page.getByRole('button', { name: 'Make eight codes' }).click();
    const codes = await operator.page.locator('.codes code').allTextContents();
    expect(codes).toHaveLength(8);

    await operator.page.getByRole('button', { name: 'Invite' }).click();
    // The recovery codes stand in the same form; the link is there when the studio has answered.
    const shown = operator.page.locator('.codes code', { hasText: '#join=' });
    const invitation = (await shown.textContent()) ?? '';
    await look(operator.page, 'operator');
    // Read only now: recovery codes and the link survive the change of language.
    expect(await untranslated(operator.page, SAME)).toEqual([]);
    await look(operator.page, 'operator-german');
    expect(await shown.textContent()).toBe(invitation);
    await speak(operator.page, 'English');
    const member = await person();
    await makeAccount(member.page, invitation, 'Max');
    expect(await member.page.getByRole('heading', { name: 'Members' }).count()).toBe(0);
    await member.page.getByRole('button', { name: 'Sign out' }).click();
    await member.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await member.page.getByRole('heading', { name: 'Max', exact: true }).waitFor();

    // The operator makes Max curator, who is one at the next look.
    await operator.page.reload();
    await operator.page.getByLabel('Role: Max').selectOption('curator');
    await expect
      .poll(async () => (await studio.services.accounts.members()).map(({ role }) => role))
      .toEqual(['curator', 'operator']);
    await member.page.reload();
    await member.page.getByText('Signed in as curator').waitFor();

    // Another browser, without the passkey: a recovery code lets its owner in, once.
    const elsewhere = await person();
    await elsewhere.page.goto(`${origin}/account/`);
    await look(elsewhere.page, 'sign-in');
    expect(await untranslated(elsewhere.page, SAME)).toEqual([]);
    await speak(elsewhere.page, 'English');
    await elsewhere.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await elsewhere.page.getByRole('alert').waitFor();
    await elsewhere.page.getByText('Lost your passkeys?').click();
    await elsewhere.page.getByLabel('Recovery code').fill(codes[0] ?? '');
    await elsewhere.page.getByRole('button', { name: 'Sign in with the code' }).click();
    await elsewhere.page.getByRole('heading', { name: 'Olive', exact: true }).waitFor();
    await elsewhere.page.getByRole('button', { name: 'Add a passkey' }).click();
    await expect.poll(() => elsewhere.page.locator('[aria-labelledby=passkeys] .rows > li').count()).toBe(2);
    // What cannot be taken back is asked about first.
    await elsewhere.page.getByRole('button', { name: 'Make eight new codes' }).click();
    await elsewhere.page.getByRole('button', { name: 'Not now' }).click();
    expect(await elsewhere.page.locator('.codes code').count()).toBe(0);
    const remove = elsewhere.page.locator('[aria-labelledby=passkeys] .rows > li').last();
    await remove.getByRole('button', { name: /^Remove: / }).click();
    await elsewhere.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => elsewhere.page.locator('[aria-labelledby=passkeys] .rows > li').count()).toBe(1);
    await elsewhere.page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await elsewhere.page.getByText('Only here.').waitFor();
    await operator.page.reload();
    await operator.page.getByRole('heading', { name: 'Sign in' }).waitFor();
    for (const { context } of [operator, member, elsewhere]) await context.close();
  });

  it('shows its member what they earned and why, takes a wish for money once, and gives a code for a machine', async () => {
    const { context, page } = await person();
    const made = await studio.services.accounts.invite('member');
    await makeAccount(page, `${origin}/account/#join=${made.ok ? made.value : ''}`, 'Pia');
    await page.getByText('Nothing earned yet').waitFor();
    // As if Pia had been paid in these books all along.
    const books = new DatabaseSync(join(directory, 'jamnet.sqlite'));
    books.prepare("UPDATE account_member SET payee = ? WHERE name = 'Pia'").run(PAYEES[0] ?? '');
    books.close();
    await page.reload();
    const wallet = page.locator('[aria-labelledby=wallet]');
    await wallet.locator('.rows > li').first().waitFor();
    await wallet.getByLabel('JAM to redeem').fill('nonsense');
    await wallet.getByRole('button', { name: 'Ask for money' }).click();
    await wallet.getByText('Write an amount such as 12.5.').waitFor();
    await wallet.getByLabel('JAM to redeem').fill('0.5');
    await wallet.getByText('at the last valuation. Asked for now').waitFor();
    await page.getByRole('button', { name: 'Make a code for one machine' }).click();
    await page.getByText(/npm run jamnet -- node pair [0-9A-Z-]{19}/).waitFor();
    await look(page, 'member');
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
    await look(page, 'member-german');
    await context.close();
  });

  it('brings a member from what was earned to the account it is paid to: a wish seen and taken back, bank details handed in, statement and price read', async () => {
    const { context, page } = await person();
    const made = await studio.services.accounts.invite('member');
    await makeAccount(page, `${origin}/account/#join=${made.ok ? made.value : ''}`, 'Quin');
    const payee = PAYEES[1] ?? '';
    const books = new DatabaseSync(join(directory, 'jamnet.sqlite'));
    books.prepare("UPDATE account_member SET payee = ? WHERE name = 'Quin'").run(payee);
    books.close();
    await page.reload();
    const wallet = page.locator('[aria-labelledby=wallet]');
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
    const { payees } = studio.services.cash;
    for (const check of ['identity', 'bank'] as const)
      expect(await payees.check(payee, { check, verdict: 'verified', nameCheck: 'match' })).toMatchObject({
        ok: true,
      });
    await page.reload();
    await own.locator('[data-check=bank]').getByText('checked', { exact: false }).waitFor();
    await own.locator('[data-code=payee-incomplete]').waitFor();

    const statement = wallet.locator('[data-part=statements] a').first();
    const read = await context.request.get(`${origin}${await statement.getAttribute('href')}`);
    expect(read.status()).toBe(200);
    const file = await context.request.get(
      `${origin}${await wallet.locator('[data-part=statements] a[download]').first().getAttribute('href')}`,
    );
    expect(await file.text()).toContain(payee);
    await wallet.locator('[data-part=prices] svg').waitFor();
    await wallet
      .locator('[data-part=payments]')
      .getByText('has not set up a way to pay money out yet')
      .waitFor();
    await look(page, 'money');

    // In German, refusals too.
    await own.getByText('Hand in or change').click();
    expect(await untranslated(page, SAME)).toEqual([]);
    await own.getByLabel('Auf den Namen').fill('Quin');
    await own.getByRole('textbox', { name: 'IBAN' }).fill('FR00');
    await own.getByRole('button', { name: 'Angeben', exact: true }).click();
    await own.getByText('Auf dieses Konto lässt sich so nicht zahlen').waitFor();
    await look(page, 'money-german');
    await context.close();
  });

  it('makes a room whose link lets anybody in, and which is nobody else’s', async () => {
    const member = await person();
    const made = await studio.services.accounts.invite('member');
    await makeAccount(member.page, `${origin}/account/#join=${made.ok ? made.value : ''}`, 'Rosa');
    await member.page.getByText('You have no room yet.').waitFor();
    await member.page.getByLabel('Name of the room').fill('garden');
    await member.page.getByRole('button', { name: 'Make a room' }).click();
    await member.page.locator('[data-room=garden]').waitFor();
    const link = await member.page.getByRole('link', { name: 'Open garden' }).getAttribute('href');
    await look(member.page, 'rooms');
    const guest = await browser.newContext();
    const page = await guest.newPage();
    await page.goto(link ?? '');
    await page.getByRole('heading', { name: 'Room garden' }).waitFor();
    await guest.close();
    const other = await person();
    const again = await studio.services.accounts.invite('member');
    await makeAccount(other.page, `${origin}/account/#join=${again.ok ? again.value : ''}`, 'Sam');
    await other.page.getByLabel('Name of the room').fill('garden');
    await other.page.getByRole('button', { name: 'Make a room' }).click();
    await other.page.getByText('Somebody else has a room called garden').waitFor();
    await member.page.reload();
    await member.page.locator('[data-room=garden]').getByRole('button', { name: 'New invitation' }).click();
    await member.page.getByText('The way into garden').waitFor();
    for (const { context } of [member, other]) await context.close();
  });

  it('says that a used link is used, and finds the studio by its name when opened by its number', async () => {
    const { context, page } = await person();
    const made = await studio.services.accounts.invite('member');
    const token = made.ok ? made.value : '';
    await makeAccount(page, `${origin.replace('localhost', '127.0.0.1')}/account/#join=${token}`, 'Nia');
    expect(page.url()).toBe(`${origin}/account/`);
    const other = await person();
    await other.page.goto(`${origin}/account/#join=${token}`);
    await other.page.getByLabel('Your name').fill('Eve');
    await other.page.getByRole('button', { name: 'Make my account' }).click();
    await other.page.getByText('This link was used or has run out').waitFor();
    await context.close();
    await other.context.close();
  });
});
