import { firstOperatorLink } from '@jamnet/studio';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LivedStudio, openLivedStudio } from './lived-studio.ts';
import { lookAt } from './look-at.ts';
import { makeAccount, newPerson } from './person.ts';
import { speak, untranslated } from './sentences.ts';

let house: LivedStudio;
beforeAll(async () => {
  house = await openLivedStudio();
}, 60_000);
afterAll(() => house?.close());

const person = () => newPerson(house.browser, { locale: 'en-US' });
/** Rightly the same in both languages. */
const SAME = ['Passkeys', 'Name', 'Code'];

const look = (page: Page, name: string): Promise<void> => lookAt(page, `account-${name}`);

describe('the account page', () => {
  it('takes the first operator from the printed link to a passkey, a member in, and both back in', async () => {
    const operator = await person();
    const link = (await firstOperatorLink(house.studio.services.accounts, house.origin)) ?? '';
    await operator.page.goto(link);
    await operator.page.getByRole('heading', { name: 'You are invited' }).waitFor();
    await look(operator.page, 'join');
    expect(await untranslated(operator.page, SAME)).toEqual([]);
    await speak(operator.page, 'English');
    await makeAccount(operator.page, link, 'Olive');
    expect(operator.page.url()).toBe(`${house.origin}/account/`);
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
      .poll(async () => (await house.studio.services.accounts.members()).map(({ role }) => role))
      .toEqual(['curator', 'operator']);
    await member.page.reload();
    await member.page.getByText('Signed in as curator').waitFor();

    // Another browser, without the passkey: a recovery code lets its owner in, once.
    const elsewhere = await person();
    await elsewhere.page.goto(`${house.origin}/account/`);
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

  it('shows a member what is their own, in both languages', async () => {
    const { context, page } = await house.invited('member', 'Pia');
    await page.getByRole('link', { name: 'Claim an address or a package' }).waitFor();
    await look(page, 'member');
    expect(await untranslated(page, SAME)).toEqual([]);
    await look(page, 'member-german');
    await context.close();
  });

  it('erases who asks for it, after they wrote their name and saw what they give up', async () => {
    const { context, page } = await house.invited('member', 'Vera');
    await page.getByRole('button', { name: 'See what you would give up' }).click();
    const erase = page.getByRole('button', { name: 'Erase my account' });
    await page.getByLabel('Your name, to confirm').fill('vera');
    expect(await erase.isDisabled()).toBe(true);
    await page.getByLabel('Your name, to confirm').fill('Vera');
    await erase.click();
    await page.getByRole('dialog').getByText('0.00 JAM').waitFor();
    await look(page, 'erase');
    await page.getByRole('dialog').getByRole('button', { name: 'Not now' }).click();
    // The name in the hint is the member's own, in any language.
    expect(await untranslated(page, SAME)).toEqual([]);
    await speak(page, 'English');
    await erase.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Erase my account' }).click();
    await page.getByText('You are erased here.').waitFor();
    expect((await house.studio.services.accounts.members()).map(({ name }) => name)).not.toContain('Vera');
    await page.reload();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await context.close();
  });

  it('makes a room whose link lets anybody in, and which is nobody else’s', async () => {
    const member = await house.invited('member', 'Rosa');
    await member.page.getByText('You have no room yet.').waitFor();
    await member.page.getByLabel('Name of the room').fill('garden');
    await member.page.getByRole('button', { name: 'Make a room' }).click();
    await member.page.locator('[data-room=garden]').waitFor();
    const link = await member.page.getByRole('link', { name: 'Open garden' }).getAttribute('href');
    await look(member.page, 'rooms');
    const guest = await house.browser.newContext();
    const page = await guest.newPage();
    await page.goto(link ?? '');
    await page.getByRole('heading', { name: 'Room garden' }).waitFor();
    await guest.close();
    const other = await house.invited('member', 'Sam');
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
    const made = await house.studio.services.accounts.invite('member');
    const token = made.ok ? made.value : '';
    await makeAccount(
      page,
      `${house.origin.replace('localhost', '127.0.0.1')}/account/#join=${token}`,
      'Nia',
    );
    expect(page.url()).toBe(`${house.origin}/account/`);
    const other = await person();
    await other.page.goto(`${house.origin}/account/#join=${token}`);
    await other.page.getByLabel('Your name').fill('Eve');
    await other.page.getByRole('button', { name: 'Make my account' }).click();
    await other.page.getByText('This link was used or has run out').waitFor();
    await context.close();
    await other.context.close();
  });
});
