import { afterAll, beforeAll, expect, test } from 'vitest';
import { hostilePolicy, testPolicy } from '../governance/testing/policies.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

const DAY_US = 86_400_000_000n;
const HOSTILE = '</script><img src=x onerror=alert(1)>';
let house: StudioWithMembers;
let [member, auditor, operator, token] = [new Headers(), new Headers(), new Headers(), new Headers()];

beforeAll(async () => {
  house = await openStudioWithMembers();
  member = (await house.memberWith('member')).headers;
  auditor = (await house.memberWith('auditor')).headers;
  operator = (await house.memberWith('operator')).headers;
  token = new Headers({ authorization: `Bearer ${house.token}` });
});
afterAll(() => house.close());

async function ask(headers: Headers, method: string, path: string, body?: object) {
  const sent = new Headers(headers);
  if (body !== undefined) sent.set('content-type', 'application/json');
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${house.origin}/api${path}`, { method, headers: sent, ...init });
  return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() };
}

const opening = (policy: object) => ({
  title: HOSTILE,
  text: HOSTILE,
  policy,
  closesAtUs: `${BigInt(Date.now()) * 1000n + 15n * DAY_US}`,
});

async function propose(version: number): Promise<string> {
  const opened = await ask(operator, 'POST', '/proposals', opening(testPolicy(version)));
  expect(opened).toMatchObject({ status: 200 });
  return opened.body.id;
}

test('everybody reads; who may say something comments and votes; the operator alone proposes, hides and decides', async () => {
  const id = await propose(2);
  expect((await ask(new Headers(), 'GET', `/proposals/${id}`)).body).toMatchObject({
    phase: 'open',
    own: null,
  });
  const comment = { text: 'yes' };
  const decision = { verdict: 'withdrawn', reasons: 'x' };
  const asked = async (headers: Headers) => [
    (await ask(headers, 'POST', '/proposals', opening(testPolicy(3)))).body.code,
    (await ask(headers, 'POST', `/proposals/${id}/comments`, comment)).body.code,
    (await ask(headers, 'PUT', `/proposals/${id}/vote`, { choice: 'for' })).body.code,
    (await ask(headers, 'POST', `/proposals/${id}/comments/1/hiding`, { reason: 'x' })).body.code,
    (await ask(headers, 'POST', `/proposals/${id}/decision`, decision)).body.code,
  ];
  const nobody = new Headers({ origin: house.origin });
  expect(await asked(nobody)).toEqual([
    'token-missing',
    'not-signed-in',
    'not-signed-in',
    'token-missing',
    'token-missing',
  ]);
  expect(await asked(auditor)).toEqual(Array(5).fill('role-missing'));
  // No voice is lent, not even to who has all the keys.
  expect(await ask(token, 'PUT', `/proposals/${id}/vote`, { choice: 'for' })).toMatchObject({
    status: 401,
    body: { code: 'not-signed-in' },
  });
  expect(await asked(member)).toEqual(['role-missing', undefined, undefined, 'role-missing', 'role-missing']);
  const page = await ask(member, 'GET', `/proposals/${id}`);
  expect(page.body).toMatchObject({ votes: { for: 1 }, own: { choice: 'for', commentsLeft: 4 } });
});

test('a hidden comment is read by auditors, told by its reason to others, and the acts stand on the trail', async () => {
  const id = await propose(4);
  await ask(member, 'POST', `/proposals/${id}/comments`, { text: HOSTILE });
  await ask(operator, 'POST', `/proposals/${id}/comments/1/hiding`, { reason: 'Markup.' });
  const said = async (headers: Headers) => (await ask(headers, 'GET', `/proposals/${id}`)).body.said;
  expect(await said(member)).toMatchObject([{ text: null, hiddenReason: 'Markup.' }]);
  expect(await said(auditor)).toMatchObject([{ text: HOSTILE, hiddenReason: 'Markup.' }]);
  const early = await ask(operator, 'POST', `/proposals/${id}/decision`, {
    verdict: 'adopted',
    reasons: 'x',
  });
  expect(early).toMatchObject({ status: 422, body: { code: 'period-not-over' } });
  await ask(operator, 'POST', `/proposals/${id}/decision`, { verdict: 'withdrawn', reasons: 'Wrong file.' });
  const { acts } = (await ask(auditor, 'GET', '/acts?limit=3')).body as {
    acts: readonly { route: string; parameters: { id?: string }; leaf: string | null }[];
  };
  expect(acts.map(({ route, leaf }) => [route, leaf !== null])).toEqual([
    ['/api/proposals/:id/decision', true],
    ['/api/proposals/:id/decision', false],
    ['/api/proposals/:id/comments/:number/hiding', true],
  ]);
  expect((await ask(new Headers(), 'GET', '/proposals')).body.proposals).toContainEqual(
    expect.objectContaining({ id, phase: 'withdrawn' }),
  );
  expect((await ask(new Headers(), 'POST', '/audit')).body).toMatchObject({ verdict: 'ok' });
});

test('the list is read page by page like every other, each proposal once', async () => {
  for (const version of [11, 12, 13]) await propose(version);
  const list = async (query: string) => (await ask(new Headers(), 'GET', `/proposals${query}`)).body;
  const whole = await list('?limit=200');
  const rows = [];
  let after = '';
  do {
    const page = await list(`?limit=2${after}`);
    rows.push(...page.proposals);
    after = page.next === null ? '' : `&after=${page.next}`;
  } while (after !== '');
  expect(rows.length).toBeGreaterThan(2);
  expect([rows, whole.next]).toEqual([whole.proposals, null]);
  expect(await ask(new Headers(), 'GET', '/proposals?after=yesterday')).toMatchObject({
    status: 400,
    body: { code: 'cursor-malformed' },
  });
});

test('markup stays text: it comes back as it was said, as JSON that no browser takes for a page', async () => {
  const opened = await ask(operator, 'POST', '/proposals', opening(hostilePolicy()));
  expect(opened).toMatchObject({
    type: expect.stringContaining('application/json'),
    body: { title: HOSTILE, text: HOSTILE, policy: { name: expect.stringContaining('onerror') } },
  });
  const file = await fetch(`${house.origin}${opened.body.file}`);
  expect([file.status, file.headers.get('content-type'), file.headers.get('x-content-type-options')]).toEqual(
    [200, expect.stringContaining('application/json'), 'nosniff'],
  );
});

test.each([
  ['an id that is a path', 'GET', '/proposals/..%2f..%2fkeys', undefined],
  ['a fourth choice', 'PUT', `/proposals/${'0'.repeat(32)}/vote`, { choice: 'often' }],
  ['units beside a vote', 'PUT', `/proposals/${'0'.repeat(32)}/vote`, { choice: 'for', units: '9' }],
  ['a vote for somebody else', 'PUT', `/proposals/${'0'.repeat(32)}/vote`, { choice: 'for', payee: 'p' }],
  ['a comment too long', 'POST', `/proposals/${'0'.repeat(32)}/comments`, { text: 'x'.repeat(2_001) }],
  [
    'a verdict that is none',
    'POST',
    `/proposals/${'0'.repeat(32)}/decision`,
    { verdict: 'open', reasons: 'x' },
  ],
  ['a period without an end', 'POST', '/proposals', { title: 'a', text: 'b', policy: {} }],
])('%s is refused before anything is looked at', async (_what, method, path, body) => {
  expect(await ask(operator, method, path, body)).toMatchObject({
    status: 400,
    body: { code: 'request-invalid' },
  });
});

test('partners are what the operator enters, licences what ships; nobody is invented', async () => {
  const empty = await ask(new Headers(), 'GET', '/network');
  expect(empty.body).toMatchObject({ partners: [] });
  expect(empty.body.licences).toContainEqual(
    expect.objectContaining({ part: 'program', licence: 'MIT License' }),
  );
  const partner = { name: HOSTILE, what: HOSTILE, url: 'https://mill.example/' };
  expect((await ask(member, 'POST', '/network/partners', partner)).body.code).toBe('role-missing');
  const added = await ask(operator, 'POST', '/network/partners', partner);
  expect(added.body.partners).toMatchObject([partner]);
  const path = `/network/partners/${added.body.partners[0].id}`;
  expect((await ask(operator, 'DELETE', path)).body).toEqual({ partners: [] });
  expect((await ask(operator, 'DELETE', path)).body.code).toBe('partner-unknown');
});
