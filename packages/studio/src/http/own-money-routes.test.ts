import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BrowserOfMember } from '@jamnet/accounts/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Studio } from '../studio.ts';
import { EPOCH, fillBooks, PAYEES } from '../testing/lived-books.ts';
import { openStudioIn } from '../testing/open-studio-in.ts';

const [ANN = '', BEN = ''] = PAYEES;
const IBAN = 'FR1420041010050500013M02606';
const PERSONAL = {
  legalName: 'Ann Example',
  birthDate: '1990-02-03',
  address: { country: 'FR', townName: 'Lyon', streetName: 'Rue de la Paix', buildingNumber: '1' },
  destination: { name: 'Ann Example', account: { kind: 'iban', iban: IBAN } },
};

let directory = '';
let studio: Studio;
let origin = '';

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-own-money-'));
  await fillBooks(directory, BigInt(Date.now()) * 1000n);
  studio = await openStudioIn(directory);
  origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
}, 60_000);
afterAll(async () => {
  await studio?.close();
  rmSync(directory, { recursive: true, force: true });
});

const members = new Map<string, BrowserOfMember>();

/** A browser whose member earns as this payee, as if they had been paid in these books all along. */
async function memberWho(payee: string): Promise<BrowserOfMember> {
  const known = members.get(payee);
  if (known !== undefined) return known;
  const { accounts } = studio.services;
  const invited = await accounts.invite('member');
  if (!invited.ok) throw new Error(invited.message);
  await accounts.nameInvited(invited.value, payee);
  const browser = new BrowserOfMember({ origin, answer: (request) => fetch(request) });
  expect(await browser.addPasskey(invited.value)).toMatchObject({ status: 200 });
  const books = new DatabaseSync(join(directory, 'jamnet.sqlite'));
  books.prepare('UPDATE account_member SET payee = ? WHERE name = ?').run(payee, payee);
  books.close();
  members.set(payee, browser);
  return browser;
}

const redemptionsOf = async (browser: BrowserOfMember) =>
  // As the contract of the route has it, which the studio's own test holds it to.
  (await browser.send('GET', '/api/account/redemptions')).body as unknown as {
    cutoffUs: string;
    payableCents: string;
    redemptions: { id: string; status: string; mayCancel: boolean; askedMicroJam: string }[];
  };

test('a member sees the own redemptions, takes one back while its price cannot be known, and no other member can', async () => {
  const [ann, ben] = [await memberWho(ANN), await memberWho(BEN)];
  const before = await redemptionsOf(ann);
  expect(before.redemptions).toMatchObject([{ status: 'paid', mayCancel: false }]);
  expect(BigInt(before.payableCents)).toBeGreaterThan(0n);
  const free = (await ann.send('GET', '/api/account/wallet')).body.balanceMicroJam;
  const asked = (await ann.send('POST', '/api/account/redemptions', { amountMicroJam: '500000', key: 'a' }))
    .body;
  expect(asked).toMatchObject({ status: 'suspended', mayCancel: true });
  expect((await redemptionsOf(ann)).redemptions).toHaveLength(2);
  expect((await redemptionsOf(ben)).redemptions).toEqual([]);
  const cancel = `/api/account/redemptions/${asked.id}/cancel`;
  expect(await ben.send('POST', cancel)).toMatchObject({ status: 422, body: { code: 'unknown-redemption' } });
  expect(await ann.send('POST', cancel)).toMatchObject({
    status: 200,
    body: { status: 'cancelled', mayCancel: false },
  });
  expect((await ann.send('GET', '/api/account/wallet')).body.balanceMicroJam).toBe(free);
  const paid = before.redemptions[0]?.id;
  expect(await ann.send('POST', `/api/account/redemptions/${paid}/cancel`)).toMatchObject({
    body: { code: 'redemption-state' },
  });
});

test('a member hands in bank details, which are sealed, shown by their end only, and taken away by their owner alone', async () => {
  const [ann, ben] = [await memberWho(PAYEES[4] ?? ''), await memberWho(PAYEES[5] ?? '')];
  expect((await ann.send('GET', '/api/account/payee')).body).toMatchObject({
    account: null,
    code: 'payee-incomplete',
  });
  const handed = await ann.send('POST', '/api/account/payee', PERSONAL);
  expect(handed).toMatchObject({
    status: 200,
    body: { account: { kind: 'iban', name: 'Ann Example', ending: '2606' }, code: 'payee-incomplete' },
  });
  expect(handed.body.checks).toMatchObject([
    { check: 'identity', state: 'submitted' },
    { check: 'taxForm', state: 'missing' },
    { check: 'sanctions', state: 'missing' },
    { check: 'bank', state: 'submitted' },
  ]);
  expect(handed.body.restsUntilUs).toMatch(/^\d{16}$/);
  expect(JSON.stringify(handed.body)).not.toContain(IBAN.slice(0, 20));
  const wrong = { destination: { ...PERSONAL.destination, account: { kind: 'iban', iban: 'FR00' } } };
  expect(await ann.send('POST', '/api/account/payee', wrong)).toMatchObject({
    status: 422,
    body: { code: 'account-unfit' },
  });
  const kept = (await ann.send('POST', '/api/account/payee/export')).body;
  expect(kept).toMatchObject({ personal: { legalName: 'Ann Example', destination: PERSONAL.destination } });
  expect((await ben.send('POST', '/api/account/payee/export')).body).toMatchObject({
    personal: { legalName: null, destination: null },
  });
  const raw = new DatabaseSync(join(directory, 'jamnet.sqlite'));
  const row = raw.prepare('SELECT * FROM economy_payee_file WHERE payee = ?').get(PAYEES[4] ?? '');
  raw.close();
  expect(JSON.stringify(row, (_key, value) => (typeof value === 'bigint' ? `${value}` : value))).not.toMatch(
    /Example|FR14/,
  );
});

test('whoever signed in long ago hands in no bank details and reads none', async () => {
  const ann = await memberWho(PAYEES[3] ?? '');
  expect(await ann.send('POST', '/api/account/payee', { email: 'a@example.org' })).toMatchObject({
    status: 200,
  });
  const sessions = new DatabaseSync(join(directory, 'jamnet.sqlite'));
  const longAgo = new Date(Date.now() - 3_600_000).toISOString();
  sessions
    .prepare(
      'UPDATE account_session SET createdAt = ? WHERE userId = (SELECT id FROM account_member WHERE payee = ?)',
    )
    .run(longAgo, PAYEES[3] ?? '');
  sessions.close();
  for (const path of ['/api/account/payee', '/api/account/payee/export'])
    expect(await ann.send('POST', path, { email: 'b@example.org' })).toMatchObject({
      status: 403,
      body: { code: 'sign-in-too-old' },
    });
  expect((await ann.send('GET', '/api/account/payee')).status).toBe(200);
});

test('no API token hands in bank details or reads them', async () => {
  const ann = await memberWho(PAYEES[2] ?? '');
  const scopes = ['account:read', 'wallet:read', 'wallet:act', 'payouts:act'];
  const made = await ann.send('POST', '/api/account/tokens', { name: 'a script', scopes, days: 1 });
  const ask = (method: string, path: string) =>
    fetch(`${origin}${path}`, { method, headers: { authorization: `Bearer ${made.body.secret}` } });
  for (const path of ['/api/account/payee', '/api/account/payee/export'])
    expect(await (await ask('POST', path)).json()).toMatchObject({ code: 'scope-missing' });
  expect((await ask('GET', '/api/account/redemptions')).status).toBe(200);
});

test('a statement is shown to the payee who is signed in, as a page and as a file, and to no other member', async () => {
  const [ann, ben] = [await memberWho(ANN), await memberWho(BEN)];
  for (const form of ['html', 'csv']) {
    const ask = (browser: BrowserOfMember) =>
      fetch(`${origin}/reports/statements/${ANN}/${EPOCH}.${form}`, { headers: browser.headers });
    expect((await ask(ann)).status).toBe(200);
    expect((await ask(ben)).status).toBe(401);
  }
});

test('a member’s payments are told page by page; a studio that has set up no way out says so', async () => {
  const ann = await memberWho(ANN);
  expect(await ann.send('GET', '/api/account/payouts')).toMatchObject({
    status: 422,
    body: { code: 'payouts-not-set-up' },
  });
});
