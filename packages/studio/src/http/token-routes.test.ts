import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

let house: StudioWithMembers;
beforeAll(async () => {
  house = await openStudioWithMembers();
});
afterAll(() => house.close());

const TERMS = { name: 'backup', scopes: ['wallet:read'], days: 30 };

async function newToken(role: 'member' | 'operator', scopes = TERMS.scopes) {
  const browser = await house.memberWith(role);
  const { body } = await browser.send('POST', '/api/account/tokens', { ...TERMS, scopes });
  // As the API's document has it.
  const { secret, token } = body as unknown as { secret: string; token: { id: string } };
  return { browser, secret, id: token.id };
}

async function ask(secret: string, method: string, path: string, body?: unknown) {
  const headers = new Headers({ authorization: `Bearer ${secret}` });
  if (body !== undefined) headers.set('content-type', 'application/json');
  const payload = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${house.origin}${path}`, { method, headers, ...payload });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

test('a member makes a token, is told its secret once, sees it listed with its last use, and ends it', async () => {
  const { browser, secret, id } = await newToken('member');
  expect(await ask(secret, 'GET', '/api/account/wallet')).toMatchObject({ status: 200 });
  const { body } = await browser.send('GET', '/api/account/tokens');
  expect(body.tokens).toMatchObject([
    { id, name: 'backup', scopes: ['wallet:read'], lastUsedAtUs: expect.any(String) },
  ]);
  expect(JSON.stringify(body)).not.toContain(secret);
  expect(await browser.send('DELETE', `/api/account/tokens/${id}`)).toMatchObject({ status: 200 });
  expect(await ask(secret, 'GET', '/api/account/wallet')).toMatchObject({ status: 401 });
  expect(await browser.send('DELETE', `/api/account/tokens/${id}`)).toMatchObject({
    body: { code: 'token-unknown' },
  });
});

test('a token reads where it may read, and neither acts nor reads elsewhere', async () => {
  const { secret } = await newToken('operator', ['account:read', 'wallet:read']);
  expect(await ask(secret, 'GET', '/api/members')).toMatchObject({ status: 200 });
  const redemption = { amountMicroJam: '1', key: 'k' };
  expect(await ask(secret, 'POST', '/api/account/redemptions', redemption)).toMatchObject({
    ...{ status: 403, body: { code: 'scope-missing', detail: expect.stringContaining('wallet:act') } },
  });
  expect(await ask(secret, 'GET', '/api/rates')).toMatchObject({ body: { code: 'scope-missing' } });
});

test('a token makes no token, ends none and changes no member, whatever its scopes', async () => {
  const { secret, id, browser } = await newToken('operator', ['account:read', 'economy:act']);
  const member = await newToken('member');
  const { body } = await browser.send('GET', '/api/members');
  const [first] = body.members as { id: string }[];
  for (const [method, path, sent] of [
    ['POST', '/api/account/tokens', TERMS],
    ['DELETE', `/api/account/tokens/${id}`, undefined],
    ['POST', `/api/members/${first?.id}/role`, { role: 'operator' }],
    ['POST', '/api/members/invitations', { role: 'operator' }],
  ] as const)
    expect(await ask(secret, method, path, sent), path).toMatchObject({
      status: 403,
      body: { code: 'scope-missing' },
    });
  // Nor does one member end another's.
  expect(await browser.send('DELETE', `/api/account/tokens/${member.id}`)).toMatchObject({ status: 404 });
  expect(await ask(member.secret, 'GET', '/api/account/wallet')).toMatchObject({ status: 200 });
});

test.each([
  ['a scope there is not', { ...TERMS, scopes: ['account:act'] }, 400],
  ['no scope', { ...TERMS, scopes: [] }, 400],
  ['days without end', { ...TERMS, days: 10_000 }, 400],
  ['markup for a name', { ...TERMS, name: '<script>' }, 422],
])('a token is not made with %s', async (_, terms, status) => {
  const browser = await house.memberWith('member');
  expect(await browser.send('POST', '/api/account/tokens', terms)).toMatchObject({ status });
});

test('a token that looks like one and is none lets nobody in', async () => {
  for (const secret of ['jamnet_', `jamnet_${'x'.repeat(43)}`, `jamnet_${'x'.repeat(4000)}`])
    expect(await ask(secret, 'GET', '/api/account/wallet')).toMatchObject({ status: 401 });
});
