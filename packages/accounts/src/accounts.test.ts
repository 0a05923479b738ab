import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { INVITATION_LIFE_US } from './account-desk.ts';
import { OPEN_INVITATIONS_MAX, PASSKEYS_MAX, RECOVERY_CODES } from './limits.ts';
import { DeskBrowser, joinAs, ORIGIN, openAccounts, tokenOf } from './testing/open-accounts.ts';
import { SoftAuthenticator } from './testing/soft-authenticator.ts';

describeOnEveryEngine('accounts', (openFresh) => {
  const open = () => openAccounts(openFresh);

  test('a link makes one member with its role, who is signed in and signs in again by passkey', async () => {
    const { desk } = await open();
    const token = await tokenOf(desk, 'curator');
    const browser = new DeskBrowser(desk);
    expect(await browser.accept(token, '  Zoë ')).toMatchObject({ status: 200 });
    expect(await desk.signedIn(browser.headers)).toMatchObject({ name: 'Zoë', role: 'curator' });
    await browser.ask('POST', '/sign-out', {});
    expect(await desk.signedIn(browser.headers)).toBeNull();
    expect(await browser.signIn()).toMatchObject({ status: 200 });
    expect(await desk.signedIn(browser.headers)).toMatchObject({ name: 'Zoë', role: 'curator' });
    expect(await new DeskBrowser(desk).accept(token, 'Again')).toMatchObject({
      body: { code: 'invitation-invalid' },
    });
    expect(await desk.members()).toMatchObject([{ name: 'Zoë', role: 'curator', passkeys: 1 }]);
  });

  test('a link that ran out, was guessed or has no name yet makes nobody', async () => {
    const { desk, clock } = await open();
    const browser = new DeskBrowser(desk);
    const token = await tokenOf(desk);
    expect(await browser.addPasskey(token)).toMatchObject({ body: { code: 'name-malformed' } });
    expect(await browser.accept('guessed', 'Ann')).toMatchObject({ body: { code: 'invitation-invalid' } });
    for (const name of ['', ' ', 'a\u202eb', '<b>', 'x'.repeat(65)]) {
      expect(await browser.accept(token, name), name).toMatchObject({ body: { code: 'name-malformed' } });
    }
    clock.nowUs += INVITATION_LIFE_US;
    expect(await browser.accept(token, 'Ann')).toMatchObject({ body: { code: 'invitation-invalid' } });
    expect(await desk.members()).toEqual([]);
  });

  test('one operator is invited at first start, by the newest link only, and none once there is one', async () => {
    const { desk } = await open();
    const old = (await desk.inviteFirstOperator()) ?? '';
    const token = (await desk.inviteFirstOperator()) ?? '';
    expect(await new DeskBrowser(desk).accept(old, 'Old')).toMatchObject({
      body: { code: 'invitation-invalid' },
    });
    const browser = new DeskBrowser(desk);
    expect(await browser.accept(token, 'Op')).toMatchObject({ status: 200 });
    expect(await desk.signedIn(browser.headers)).toMatchObject({ role: 'operator' });
    expect(await desk.inviteFirstOperator()).toBeNull();
  });

  test('a role changes at the next request; the last operator stays one and stays', async () => {
    const { desk } = await open();
    const one = await joinAs(desk, 'operator', 'One');
    expect(await desk.setRole(one.id, 'member')).toMatchObject({ code: 'last-operator' });
    expect(await desk.remove(one.id)).toMatchObject({ code: 'last-operator' });
    const two = await joinAs(desk, 'member', 'Two');
    expect(await desk.setRole(two.id, 'king')).toMatchObject({ code: 'role-unknown' });
    expect(await desk.setRole('nobody', 'member')).toMatchObject({ code: 'member-unknown' });
    expect((await desk.setRole(two.id, 'operator')).ok).toBe(true);
    expect(await desk.signedIn(two.browser.headers)).toMatchObject({ role: 'operator' });
    expect((await desk.remove(one.id)).ok).toBe(true);
    expect(await desk.signedIn(one.browser.headers)).toBeNull();
    expect(await one.browser.signIn()).toMatchObject({ status: 401 });
  });

  test('a recovery code lets its member in once, however it is typed', async () => {
    const { desk } = await open();
    const { browser, id } = await joinAs(desk, 'member', 'Ann');
    const made = await browser.ask('POST', '/recovery/make', {});
    const codes = made.body.codes as string[];
    expect(codes).toHaveLength(RECOVERY_CODES);
    expect(codes[0]).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}$/);
    const lost = new DeskBrowser(desk);
    const code = (codes[0] ?? '').toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o');
    expect(await lost.ask('POST', '/recovery/sign-in', { code })).toMatchObject({
      status: 200,
      body: { left: RECOVERY_CODES - 1 },
    });
    expect(await desk.signedIn(lost.headers)).toMatchObject({ memberId: id });
    const again = new DeskBrowser(desk);
    for (const wrong of [code, 'x', 7, undefined, 'x'.repeat(1000)]) {
      expect(await again.ask('POST', '/recovery/sign-in', { code: wrong })).toMatchObject({
        status: 401,
        body: { code: 'recovery-code-unknown' },
      });
    }
    // New codes end the old ones.
    await browser.ask('POST', '/recovery/make', {});
    expect(await again.ask('POST', '/recovery/sign-in', { code: codes[1] })).toMatchObject({ status: 401 });
    // With the account its codes go.
    const spare = ((await browser.ask('POST', '/recovery/make', {})).body.codes as string[])[0];
    await desk.remove(id);
    expect(await again.ask('POST', '/recovery/sign-in', { code: spare })).toMatchObject({ status: 401 });
  });

  test('a passkey of another site, another key or another challenge signs nobody in', async () => {
    const { desk } = await open();
    const { browser } = await joinAs(desk, 'member', 'Ann');
    const thief = new DeskBrowser(desk);
    // Ann's key on a page of another site.
    const { authenticator } = browser;
    const options = await thief.ask('GET', '/passkey/generate-authenticate-options');
    const response = authenticator.get({ ...(options.body as { challenge: string }), rpId: 'evil.example' });
    expect(await thief.ask('POST', '/passkey/verify-authentication', { response })).toMatchObject({
      status: 400,
    });
    // A key of the thief's own under Ann's identifier.
    const other = new SoftAuthenticator(ORIGIN);
    const fresh = await thief.ask('GET', '/passkey/generate-authenticate-options');
    const forged = { ...other.get(fresh.body as never), id: response.id, rawId: response.rawId };
    expect((await thief.ask('POST', '/passkey/verify-authentication', { response: forged })).status).not.toBe(
      200,
    );
    // An answer to an older challenge.
    const replayed = authenticator.get(fresh.body as never);
    await thief.ask('GET', '/passkey/generate-authenticate-options');
    expect(
      (await thief.ask('POST', '/passkey/verify-authentication', { response: replayed })).status,
    ).not.toBe(200);
    expect(await desk.signedIn(thief.headers)).toBeNull();
  });

  test('a member has several passkeys, not more than the limit, and never removes the only way in', async () => {
    const { desk } = await open();
    const { browser } = await joinAs(desk, 'member', 'Ann');
    const only = (await browser.ask('GET', '/passkey/list-user-passkeys')).body as unknown as {
      id: string;
    }[];
    expect(await browser.ask('POST', '/passkey/remove', { id: only[0]?.id })).toMatchObject({
      body: { code: 'last-passkey' },
    });
    for (let count = 1; count < PASSKEYS_MAX; count++) {
      browser.authenticator = new SoftAuthenticator(ORIGIN);
      expect(await browser.addPasskey()).toMatchObject({ status: 200 });
    }
    browser.authenticator = new SoftAuthenticator(ORIGIN);
    expect(await browser.addPasskey()).toMatchObject({ body: { code: 'passkeys-too-many' } });
    expect(await browser.ask('POST', '/passkey/remove', { id: only[0]?.id })).toMatchObject({
      status: 200,
    });
    // A stranger's page cannot take one away.
    const stranger = await joinAs(desk, 'member', 'Eve');
    const left = (await browser.ask('GET', '/passkey/list-user-passkeys')).body as unknown as {
      id: string;
    }[];
    await browser.ask('POST', '/recovery/make', {});
    await stranger.browser.ask('POST', '/recovery/make', {});
    expect((await stranger.browser.ask('POST', '/passkey/remove', { id: left[0]?.id })).status).not.toBe(200);
  });

  test('invitations that nobody uses are limited, and make room when they run out', async () => {
    const { desk, clock } = await open();
    for (let count = 0; count < OPEN_INVITATIONS_MAX; count++) await tokenOf(desk);
    expect(await desk.invite('member')).toMatchObject({ code: 'invitations-too-many' });
    clock.nowUs += INVITATION_LIFE_US;
    expect((await desk.invite('member')).ok).toBe(true);
  });

  test('what better-auth could do besides is not there', async () => {
    const { desk } = await open();
    const { browser } = await joinAs(desk, 'member', 'Ann');
    for (const path of ['/sign-up/email', '/sign-in/email', '/update-user', '/delete-user', '/nothing']) {
      expect(await browser.ask('POST', path, { role: 'operator' })).toMatchObject({ status: 404 });
    }
    expect(await desk.signedIn(browser.headers)).toMatchObject({ role: 'member' });
  });

  test('sessions of the same member are listed and ended from another', async () => {
    const { desk } = await open();
    const { browser } = await joinAs(desk, 'member', 'Ann');
    const phone = new DeskBrowser(desk);
    phone.authenticator = browser.authenticator;
    expect(await phone.signIn()).toMatchObject({ status: 200 });
    const sessions = (await phone.ask('GET', '/list-sessions')).body as unknown as unknown[];
    expect(sessions).toHaveLength(2);
    await phone.ask('POST', '/revoke-other-sessions', {});
    expect(await desk.signedIn(browser.headers)).toBeNull();
    expect(await desk.signedIn(phone.headers)).not.toBeNull();
  });
});
