import type { Database } from '@jamnet/sql';
import { tablesOf } from '@jamnet/sql';
import { describeOnEveryEngine } from '@jamnet/sql/testing';
import { expect, test } from 'vitest';
import { FRESH_S } from './fresh-sign-in.ts';
import type { Tables } from './tables.ts';
import { DeskBrowser, joinAs, ORIGIN, openAccounts, tokenOf } from './testing/open-accounts.ts';
import { SoftAuthenticator } from './testing/soft-authenticator.ts';

/** As if everybody had signed in so long ago. */
async function age(database: Database, seconds: number): Promise<void> {
  const createdAt = new Date(Date.now() - seconds * 1000).toISOString();
  await tablesOf<Tables>(database).updateTable('account_session').set({ createdAt }).execute();
}

const passkeysOf = async (browser: DeskBrowser): Promise<{ id: string }[]> =>
  (await browser.ask('GET', '/passkey/list-user-passkeys')).body as unknown as { id: string }[];

const codesOf = (answers: readonly { status: number; body: Record<string, unknown> }[]): unknown[] =>
  answers.map(({ status, body }) => (status === 200 ? 'ok' : body.code)).sort();

describeOnEveryEngine('an attacker', (openFresh) => {
  const open = () => openAccounts(openFresh);

  test('with the same link at the same time gets nothing: one of two browsers becomes the member', async () => {
    const { desk } = await open();
    const token = await tokenOf(desk, 'operator');
    await desk.nameInvited(token, 'Op');
    const browsers = [new DeskBrowser(desk), new DeskBrowser(desk)];
    const answers = await Promise.all(browsers.map((browser) => browser.addPasskey(token)));
    expect(codesOf(answers)).toEqual(['invitation-invalid', 'ok']);
    expect(await desk.members()).toMatchObject([{ role: 'operator', passkeys: 1 }]);
  });

  test('who makes a signed-in member open a link neither takes the link nor its role', async () => {
    const { desk } = await open();
    const { browser, id } = await joinAs(desk, 'member', 'Ann');
    const token = await tokenOf(desk, 'operator');
    await desk.nameInvited(token, 'Op');
    browser.authenticator = new SoftAuthenticator(ORIGIN);
    expect(await browser.addPasskey(token)).toMatchObject({
      status: 422,
      body: { code: 'signed-in-already' },
    });
    expect(await desk.members()).toMatchObject([{ id, role: 'member', passkeys: 1 }]);
    expect(await new DeskBrowser(desk).accept(token, 'Op')).toMatchObject({ status: 200 });
  });

  test('at a page left open adds no passkey, takes none away, makes no codes and sees no sessions', async () => {
    const { desk, database } = await open();
    const { browser, id } = await joinAs(desk, 'member', 'Ann');
    const [only] = await passkeysOf(browser);
    const begun = await browser.ask('GET', '/passkey/generate-register-options');
    await age(database, FRESH_S);
    const attempts = await Promise.all([
      browser.addPasskey(),
      browser.ask('POST', '/passkey/verify-registration', {
        response: new SoftAuthenticator(ORIGIN).create(begun.body as never),
        createSession: true,
      }),
      browser.ask('POST', '/passkey/remove', { id: only?.id }),
      browser.ask('POST', '/recovery/make', {}),
      browser.ask('GET', '/list-sessions'),
    ]);
    expect(codesOf(attempts)).toEqual(Array.from({ length: 5 }, () => 'sign-in-too-old'));
    expect(await desk.members()).toMatchObject([{ id, passkeys: 1 }]);
    await age(database, FRESH_S - 60);
    browser.authenticator = new SoftAuthenticator(ORIGIN);
    expect(await browser.addPasskey()).toMatchObject({ status: 200 });
  });

  test('whose stolen session was ended does not finish a passkey that was begun with it', async () => {
    const { desk } = await open();
    const { browser } = await joinAs(desk, 'member', 'Ann');
    const begun = await browser.ask('GET', '/passkey/generate-register-options');
    await browser.ask('POST', '/sign-out', {});
    const finished = await browser.ask('POST', '/passkey/verify-registration', {
      response: new SoftAuthenticator(ORIGIN).create(begun.body as never),
      createSession: true,
    });
    expect(finished).toMatchObject({ status: 422, body: { code: 'not-signed-in' } });
    expect(await desk.members()).toMatchObject([{ passkeys: 1 }]);
  });

  test('who removes both passkeys at the same time still leaves one', async () => {
    const { desk } = await open();
    const { browser } = await joinAs(desk, 'member', 'Ann');
    browser.authenticator = new SoftAuthenticator(ORIGIN);
    await browser.addPasskey();
    const passkeys = await passkeysOf(browser);
    expect(passkeys).toHaveLength(2);
    const answers = await Promise.all(
      passkeys.map(({ id }) => browser.ask('POST', '/passkey/remove', { id })),
    );
    expect(codesOf(answers)).toEqual(['last-passkey', 'ok']);
    expect(await passkeysOf(browser)).toHaveLength(1);
  });

  test('who is one of two operators cannot be rid of both at the same time', async () => {
    const { desk } = await open();
    const [one, two] = [await joinAs(desk, 'operator', 'One'), await joinAs(desk, 'operator', 'Two')];
    const answers = await Promise.all([desk.setRole(one.id, 'member'), desk.remove(two.id)]);
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.code)).sort()).toEqual(['last-operator', 'ok']);
    const operators = (await desk.members()).filter(({ role }) => role === 'operator');
    expect(operators).toHaveLength(1);
  });

  test('with one recovery code in two browsers gets in with one', async () => {
    const { desk } = await open();
    const { browser } = await joinAs(desk, 'member', 'Ann');
    const [code] = (await browser.ask('POST', '/recovery/make', {})).body.codes as string[];
    const answers = await Promise.all(
      [new DeskBrowser(desk), new DeskBrowser(desk)].map((each) =>
        each.ask('POST', '/recovery/sign-in', { code }),
      ),
    );
    expect(codesOf(answers)).toEqual(['ok', 'recovery-code-unknown']);
  });

  test('who plants a session finds that signing in makes another', async () => {
    const { desk } = await open();
    const [ann, eve] = [await joinAs(desk, 'member', 'Ann'), await joinAs(desk, 'member', 'Eve')];
    const planted = eve.browser.headers.get('cookie') ?? '';
    ann.browser.plant(planted);
    await ann.browser.signIn();
    expect(await desk.signedIn(ann.browser.headers)).toMatchObject({ memberId: ann.id });
    expect(await desk.signedIn(eve.browser.headers)).toMatchObject({ memberId: eve.id });
    // A session's token without the studio's signature is none.
    const [name = '', value = ''] = planted.split('=');
    const unsigned = new Headers({
      host: new URL(ORIGIN).host,
      cookie: `${name}=${decodeURIComponent(value).split('.')[0]}.AAAA`,
    });
    expect(await desk.signedIn(unsigned)).toBeNull();
  });

  test('on another site sends no cookie, and a script of this one reads none', async () => {
    const { desk } = await open();
    const { browser } = await joinAs(desk, 'member', 'Ann');
    expect(browser.attributesOf('jamnet.session_token')).toEqual(
      expect.arrayContaining(['HttpOnly', 'SameSite=Strict', 'Path=/']),
    );
  });
});
