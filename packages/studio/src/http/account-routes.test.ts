import { request as rawRequest } from 'node:http';
import type { Role } from '@jamnet/accounts';
import { toHex } from '@jamnet/base';
import { PAYEE_PATTERN } from '@jamnet/economy';
import { pairStatement } from '@jamnet/jamnode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signingKey } from '../identity/keys.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

let house: StudioWithMembers;
let origin = '';

beforeAll(async () => {
  house = await openStudioWithMembers();
  origin = house.origin;
});
afterAll(() => house.close());

const newBrowser = () => house.newBrowser();
const memberWith = (role: Role) => house.memberWith(role);

test('a change by cookie needs the page that sends it, and a page of this studio', async () => {
  const operator = await memberWith('operator');
  const headers = operator.headers;
  headers.delete('origin');
  const send = () => fetch(`${origin}/api/perks/settle`, { method: 'POST', headers });
  expect((await send()).status).toBe(401);
  headers.set('origin', 'http://localhost:1');
  expect((await send()).status).toBe(403);
  headers.set('origin', origin);
  expect((await send()).status).toBe(200);
});

test('a wrong token is called wrong, a missing one missing', async () => {
  const ask = (headers: Record<string, string>) => fetch(`${origin}/api/rates`, { headers });
  expect(await (await ask({})).json()).toMatchObject({ code: 'token-missing' });
  expect(await (await ask({ authorization: 'Bearer x' })).json()).toMatchObject({ code: 'token-wrong' });
});

test('an account tells its member who they are and what they may change', async () => {
  const member = await memberWith('curator');
  expect((await member.send('GET', '/api/account')).body).toMatchObject({
    signedIn: { name: 'curator', role: 'curator', recoveryCodesLeft: 0 },
  });
  expect((await newBrowser().send('GET', '/api/account')).body).toEqual({ signedIn: null });
  expect(await member.ask('POST', '/sign-up/email', {})).toMatchObject({ status: 404 });
  const operator = await memberWith('operator');
  const { members } = (await operator.send('GET', '/api/members')).body as {
    members: { id: string; role: string }[];
  };
  const curator = members.findLast((each) => each.role === 'curator');
  expect(await operator.send('POST', `/api/members/${curator?.id}/role`, { role: 'auditor' })).toMatchObject({
    status: 200,
  });
  expect(await operator.send('DELETE', `/api/members/${curator?.id}`)).toMatchObject({ status: 200 });
  expect(await operator.send('DELETE', `/api/members/${curator?.id}`)).toMatchObject({
    status: 404,
    body: { code: 'member-unknown' },
  });
});

test('a member sees the own wallet and machines, and binds machines by an own code', async () => {
  expect(await newBrowser().send('GET', '/api/account/wallet')).toMatchObject({
    status: 401,
    body: { code: 'not-signed-in' },
  });
  const [ann, ben] = [await memberWith('member'), await memberWith('member')];
  const wallet = (await ann.send('GET', '/api/account/wallet')).body;
  expect(wallet).toMatchObject({ balanceMicroJam: '0', epochs: [] });
  expect((await ann.send('GET', '/api/account/wallet/lines')).body).toEqual({ lines: [], next: null });
  expect(wallet.payee).toMatch(new RegExp(PAYEE_PATTERN));
  expect((await ben.send('GET', '/api/account/wallet')).body.payee).not.toBe(wallet.payee);
  expect(await ann.send('POST', '/api/account/redemptions', { amountMicroJam: '1', key: 'a' })).toMatchObject(
    { status: 422 },
  );
  const { code } = (await ann.send('POST', '/api/account/machines/codes', { nodes: 1, hours: 1 })).body;
  const key = signingKey(new Uint8Array(32).fill(7));
  const publicKey = toHex(key.publicKey);
  const signature = toHex(key.sign(pairStatement(String(code), publicKey)));
  const paired = await ann.send('POST', '/api/nodes/pair', { code, publicKey, signature });
  expect(paired.body).toMatchObject({ payee: wallet.payee });
  expect(await ann.send('POST', '/api/account/machines/codes', { nodes: 0, hours: 1 })).toMatchObject({
    body: { code: 'code-terms-out-of-range' },
  });
  expect((await ann.send('GET', '/api/account/machines')).body).toMatchObject({
    nodes: [],
    payee: wallet.payee,
  });
});

test('an operator invites over the API, and the link works', async () => {
  const operator = await memberWith('operator');
  const { body } = await operator.send('POST', '/api/members/invitations', { role: 'curator' });
  const secret = String(body.path).split('=')[1] ?? '';
  const invited = newBrowser();
  expect(await invited.send('POST', '/api/account/name', { token: secret, name: 'Cu' })).toMatchObject({
    status: 200,
  });
  expect(await invited.addPasskey(secret)).toMatchObject({ status: 200 });
  expect((await invited.send('GET', '/api/account')).body).toMatchObject({ signedIn: { role: 'curator' } });
});

test('answers about an account stay out of caches, signed in or not', async () => {
  const { headers } = await memberWith('member');
  for (const path of ['/api/account', '/api/account/wallet', '/api/members', '/api/state']) {
    const answer = await fetch(`${origin}${path}`, { headers });
    expect(answer.headers.get('cache-control'), path).toBe('no-store');
  }
  const stranger = await fetch(`${origin}/api/account`);
  expect(stranger.headers.get('cache-control')).toBe('no-store');
});

test('a stranger is refused before a large body has come', async () => {
  const answer = await new Promise<number>((resolve, reject) => {
    const sent = rawRequest(`${origin}/api/payouts/answers`, {
      method: 'POST',
      // Announced, and never sent.
      headers: { 'content-type': 'text/plain', 'content-length': 100 * 1024 * 1024 },
    });
    sent.on('response', (response) => {
      resolve(response.statusCode ?? 0);
      sent.destroy();
    });
    sent.on('error', reject);
    sent.flushHeaders();
  });
  expect(answer).toBe(401);
});

test.each([
  ['a body over the limit', `{"code":"${'x'.repeat(70_000)}"}`, 413],
  ['__proto__ in a body', '{"code":"x","__proto__":{"role":"operator"}}', 400],
  ['a constructor in a body', '{"code":"x","constructor":{"prototype":{"role":"operator"}}}', 400],
  ['a broken body', '{"code":', 400],
])('%s is refused where anybody may send one', async (_, body, wanted) => {
  for (const path of ['/api/auth/sign-out', '/api/nodes/pair', '/api/room/look']) {
    const headers = { 'content-type': 'application/json', origin };
    const answer = await fetch(`${origin}${path}`, { method: 'POST', headers, body });
    expect(answer.status, path).toBe(wanted);
  }
});

/** Asks by a path as it stands; `fetch` would tidy it. */
function askAt(path: string, headers: Record<string, string>): Promise<number> {
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const sent = rawRequest({ hostname, port, path, method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end('{"code":"guess"}');
  });
}

test('guessing recovery codes ends after a few tries, however the path is spelt and whoever is said to ask', async () => {
  const path = '/api/auth/recovery/sign-in';
  const spellings = [
    path,
    '/api/auth/recovery/sign%2Din',
    `${path}?a=1`,
    '/api/auth/x/../recovery/sign-in',
    '/api/auth/%2e%2e/auth/recovery/sign-in',
    '/api/auth//recovery/sign-in',
    `${path}/`,
    '/api/auth/recovery%2Fsign-in',
  ];
  const statuses: number[] = [];
  for (let tries = 0; tries < 40; tries++) {
    const address = `192.0.2.${tries}`;
    const headers = {
      'content-type': 'application/json',
      'x-forwarded-for': address,
      'x-real-ip': address,
      forwarded: `for=${address}`,
    };
    statuses.push(await askAt(spellings[tries % spellings.length] ?? path, headers));
  }
  expect(new Set(statuses)).toEqual(new Set([401, 404, 429]));
  expect(statuses.filter((status) => status === 401)).toHaveLength(10);
});
