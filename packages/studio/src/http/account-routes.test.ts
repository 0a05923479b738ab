import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Role } from '@jamnet/accounts';
import { BrowserOfMember } from '@jamnet/accounts/testing';
import { toHex } from '@jamnet/base';
import { PAYEE_PATTERN } from '@jamnet/economy';
import { pairStatement } from '@jamnet/jamnode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseStudioConfig } from '../config/studio-config.ts';
import { signingKey } from '../identity/keys.ts';
import { openStudio, type Studio } from '../studio.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const PAYEE = `p${'0'.repeat(32)}`;
const directory = mkdtempSync(join(tmpdir(), 'jamnet-accounts-'));
let studio: Studio;
let origin = '';
let token = '';

beforeAll(async () => {
  const config = parseStudioConfig({ data: directory, port: '0' });
  if (!config.ok) throw new Error(config.message);
  const opened = await openStudio(config.value, { checkout: CHECKOUT, create: true });
  if (!opened.ok) throw new Error(opened.message);
  studio = opened.value;
  // Passkeys belong to names, and the studio's on loopback is localhost.
  origin = (await studio.listen()).replace('127.0.0.1', 'localhost');
  token = readFileSync(join(directory, 'operator.token'), 'utf8').trim();
});
afterAll(async () => {
  await studio.close();
  rmSync(directory, { recursive: true, force: true });
});

const newBrowser = () => new BrowserOfMember({ origin, answer: (request) => fetch(request) });

async function accept(path: string, name: string) {
  const secret = path.split('=')[1] ?? '';
  const browser = newBrowser();
  expect(await browser.send('POST', '/api/account/name', { token: secret, name })).toMatchObject({
    status: 200,
  });
  expect(await browser.addPasskey(secret)).toMatchObject({ status: 200 });
  return browser;
}

async function memberWith(role: Role) {
  const answer = await fetch(`${origin}/api/members/invitations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ role }),
  });
  return accept(((await answer.json()) as { path: string }).path, role);
}

/** What each asker gets from a route: the status, for routes where 404 and 422 mean that the asker was let through. */
const LOOKS = [
  ['/api/members', { nobody: 401, member: 403, curator: 403, auditor: 403, operator: 200 }],
  ['/api/rates', { nobody: 401, member: 403, curator: 403, auditor: 200, operator: 200 }],
  ['/api/valuations', { nobody: 401, member: 403, curator: 403, auditor: 200, operator: 200 }],
  ['/api/payouts', { nobody: 401, member: 403, curator: 403, auditor: 422, operator: 422 }],
  ['/api/redemptions', { nobody: 401, member: 403, curator: 403, auditor: 200, operator: 200 }],
  [`/api/payees/${PAYEE}`, { nobody: 401, member: 403, curator: 403, auditor: 403, operator: 200 }],
  ['/api/archive/takes', { nobody: 401, member: 403, curator: 403, auditor: 403, operator: 200 }],
] as const;
const CHANGES = [
  ['/api/rates', 400],
  ['/api/redemptions', 400],
  ['/api/epochs/none/close', 422],
  ['/api/payouts/send', 422],
  ['/api/members/nobody/role', 400],
  ['/api/perks/settle', 200],
] as const;

test('each role looks at what is its own to see', async () => {
  const askers = {
    nobody: newBrowser(),
    member: await memberWith('member'),
    curator: await memberWith('curator'),
    auditor: await memberWith('auditor'),
    operator: await memberWith('operator'),
  };
  const roles = Object.keys(askers) as (keyof typeof askers)[];
  for (const [path, wanted] of LOOKS) {
    const seen = await Promise.all(
      roles.map(async (role) => [role, (await askers[role].send('GET', path)).status]),
    );
    expect(Object.fromEntries(seen), path).toEqual(wanted);
  }
  for (const [path, wanted] of CHANGES) {
    for (const role of roles) {
      const { status } = await askers[role].send('POST', path, {});
      // A body that does not fit may be refused before anybody asks who sends it.
      const refused = role === 'nobody' ? [401, 400] : [403, 400];
      if (role === 'operator') expect(status, path).toBe(wanted);
      else expect(refused, `${path} for ${role}`).toContain(status);
    }
  }
});

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
  expect(wallet).toMatchObject({ balanceMicroJam: '0', lines: [] });
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

test('guessing recovery codes ends after a few tries', async () => {
  const browser = newBrowser();
  const statuses = new Set<number>();
  for (let tries = 0; tries < 12; tries++) {
    statuses.add((await browser.ask('POST', '/recovery/sign-in', { code: `guess ${tries}` })).status);
  }
  expect(statuses).toEqual(new Set([401, 429]));
});
