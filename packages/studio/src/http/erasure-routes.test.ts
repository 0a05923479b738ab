import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

let house: StudioWithMembers | null = null;
afterEach(async () => {
  await house?.close();
  house = null;
});

const NAME = 'Wilhelmina Xanthopoulos';
const LEGAL = 'Wilhelmina Zephyrine Xanthopoulos';
const IBAN = 'FR1420041010050500013M02606';
const SHOWN = 'Queen of Quavers';
const SECRETS = [NAME, LEGAL, IBAN, SHOWN];

/** Every file below a directory that has one of these texts in its bytes, and which. */
function found(directory: string, texts: readonly string[]): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).flatMap((file) => {
    const path = join(directory, file);
    if (!statSync(path).isFile()) return [];
    const bytes = readFileSync(path);
    return texts.filter((text) => bytes.includes(text)).map((text) => `${file}: ${text}`);
  });
}

async function memberNamed(name: string) {
  const house = await opened();
  const { accounts } = house.studio.services;
  const invited = await accounts.invite('member');
  if (!invited.ok) throw new Error(invited.message);
  await accounts.nameInvited(invited.value, name);
  const browser = house.newBrowser();
  expect(await browser.addPasskey(invited.value)).toMatchObject({ status: 200 });
  return browser;
}

async function opened(): Promise<StudioWithMembers> {
  house ??= await openStudioWithMembers();
  return house;
}

const PERSONAL = {
  legalName: LEGAL,
  birthDate: '1990-02-03',
  destination: { name: LEGAL, account: { kind: 'iban', iban: IBAN } },
};
const NOTHING = { balanceMicroJam: '0', payableCents: '0' };

test('whoever erases themselves leaves no name, no bank detail and no way in behind, in no table and no file', async () => {
  const { studio, directory } = await opened();
  const browser = await memberNamed(NAME);
  const { payee } = (await browser.send('GET', '/api/account/wallet')).body;
  const other = await memberNamed('Otto Other');
  const token = { name: `${NAME} at home`, scopes: ['wallet:read'], days: 1 };
  const { secret } = (await browser.send('POST', '/api/account/tokens', token)).body;
  expect(await browser.send('POST', '/api/account/payee', PERSONAL)).toMatchObject({ status: 200 });
  await studio.services.reading.agreeToName(String(payee), SHOWN);
  // All of it is there and would be found.
  expect(found(directory, [NAME])).not.toEqual([]);
  expect(found(directory, [SHOWN])).not.toEqual([]);

  expect(await browser.send('GET', '/api/account/erasure')).toMatchObject({
    status: 200,
    body: { ...NOTHING, inTheWay: [] },
  });
  expect(await browser.send('POST', '/api/account/erase', { name: NAME, ...NOTHING })).toMatchObject({
    status: 200,
  });
  expect((await browser.send('GET', '/api/account')).body).toEqual({ signedIn: null });
  const byToken = await fetch(`${(await opened()).origin}/api/account/wallet`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect(byToken.status).toBe(401);
  expect((await other.send('GET', '/api/account')).body).toMatchObject({ signedIn: { name: 'Otto Other' } });
  expect(await studio.services.accounts.members()).toMatchObject([{ name: 'Otto Other' }]);
  const [act] = await studio.services.acts.list();
  expect(act).toMatchObject({ route: '/api/account/erase', status: 200, bodySha256: '' });
  expect(act?.leaf).not.toBeNull();
  expect(found(directory, SECRETS)).toEqual([]);
});

test('nobody is erased by a slip, by another page, or long after they signed in', async () => {
  const browser = await memberNamed(NAME);
  const erase = (body: object) => browser.send('POST', '/api/account/erase', body);
  for (const wrong of [
    { name: NAME.toLowerCase(), ...NOTHING },
    { name: '', ...NOTHING },
    { name: NAME, ...NOTHING, balanceMicroJam: '1' },
    { name: NAME, ...NOTHING, payableCents: '1' },
  ])
    expect(await erase(wrong)).toMatchObject({ status: 409, body: { code: 'erasure-unconfirmed' } });
  expect(await erase({ name: NAME })).toMatchObject({ status: 400 });
  expect((await browser.send('GET', '/api/account')).body).toMatchObject({ signedIn: { name: NAME } });
});

test('the only operator stays until there is another', async () => {
  const house = await opened();
  const operator = await house.memberWith('operator');
  expect((await operator.send('GET', '/api/account/erasure')).body).toMatchObject({
    inTheWay: ['last-operator'],
  });
  const erase = { name: 'operator', ...NOTHING };
  expect(await operator.send('POST', '/api/account/erase', erase)).toMatchObject({
    status: 409,
    body: { code: 'last-operator' },
  });
  await house.memberWith('operator');
  expect(await operator.send('POST', '/api/account/erase', erase)).toMatchObject({ status: 200 });
});
