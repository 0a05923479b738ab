import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseStudioConfig, type StudioConfig } from './config/studio-config.ts';
import { openStudio, type Studio } from './studio.ts';

const CHECKOUT = fileURLToPath(new URL('../../..', import.meta.url));
const SOMEBODY = `p${'0'.repeat(32)}`;

function configOf(data: string): StudioConfig {
  const config = parseStudioConfig({ data, port: '0' });
  if (!config.ok) throw new Error(config.message);
  return config.value;
}

async function openNew(directory: string): Promise<Studio> {
  const opened = await openStudio(configOf(directory), { checkout: CHECKOUT, create: true });
  if (!opened.ok) throw new Error(opened.message);
  return opened.value;
}

describe('a studio without a sample evening', () => {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-studio-'));
  let studio: Studio;
  let url = '';
  let token = '';

  beforeAll(async () => {
    studio = await openNew(directory);
    url = await studio.listen();
    token = readFileSync(join(directory, 'operator.token'), 'utf8').trim();
  });
  afterAll(async () => {
    await studio.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const ask = async (
    method: string,
    path: string,
    options: { body?: string; token?: string; type?: string } = {},
  ) => {
    const headers: Record<string, string> = {};
    if (options.token) headers.authorization = `Bearer ${options.token}`;
    if (options.body !== undefined) headers['content-type'] = options.type ?? 'application/json';
    const answer = await fetch(new URL(path, url), {
      method,
      headers,
      ...(options.body === undefined ? {} : { body: options.body }),
    });
    return {
      status: answer.status,
      body: (await answer.json()) as { code?: string; size?: number; verdict?: string },
    };
  };

  test('shows an empty state and books that agree', async () => {
    expect(await ask('GET', '/api/state')).toMatchObject({ status: 200, body: { epoch: null } });
    expect(await ask('POST', '/api/audit')).toMatchObject({ status: 200, body: { verdict: 'ok' } });
  });

  test.each([
    ['GET', '/api/nowhere', 404, 'not-found'],
    ['GET', '/api/wallets/p1', 400, 'request-invalid'],
    ['GET', `/api/wallets/${SOMEBODY}`, 404, 'payee-unknown'],
    ['GET', '/api/ledger/entries?limit=501', 400, 'request-invalid'],
    ['GET', '/api/ledger/entries?from=-1', 400, 'request-invalid'],
    ['GET', '/api/ledger/entries?from=1e99', 400, 'request-invalid'],
    ['GET', '/%ff', 400, 'request-invalid'],
    ['GET', '/public/log/.publisher-lock', 404, 'not-found'],
    ['GET', '/api/ledger/entries/7/proof', 404, 'not-published'],
    ['GET', '/api/ledger/entries/x/proof', 400, 'request-invalid'],
    ['GET', '/api/ledger/entries/7/promise', 404, 'not-accepted'],
    ['GET', '/api/ledger/entries/7/receipt', 404, 'not-published'],
    ['GET', `/api/takes/${'a'.repeat(40)}/peaks`, 404, 'take-unknown'],
    ['GET', `/api/takes/${'a'.repeat(40)}/peaks?buckets=0`, 400, 'request-invalid'],
    ['GET', '/api/takes/..%2f..%2fkeys/audio/root.secret', 400, 'request-invalid'],
    ['GET', `/api/takes/${'a'.repeat(40)}/audio/..%2f..%2foperator.token`, 404, 'take-unknown'],
    ['GET', '/public/..%2foperator.token', 404, 'not-found'],
    [
      'POST',
      '/api/redemptions',
      401,
      'token-missing',
      { body: JSON.stringify({ payee: SOMEBODY, amountMicroJam: '1', key: 'k' }) },
    ],
    // Who may not ask is told so before a body is looked at.
    ['POST', '/api/redemptions', 401, 'token-missing', { body: '{"payee":' }],
    ['POST', '/api/redemptions', 400, 'request-invalid', { body: '{"payee":', isOperator: true }],
    [
      'POST',
      '/api/redemptions',
      413,
      'body-too-large',
      { body: JSON.stringify({ key: 'x'.repeat(70_000) }), isOperator: true },
    ],
    [
      'POST',
      '/api/redemptions',
      415,
      'media-type-unsupported',
      { body: '<xml/>', type: 'application/xml', isOperator: true },
    ],
    ['POST', '/api/epochs/nothing/close', 401, 'token-missing'],
    ['GET', '/api/payouts/plan', 401, 'token-missing'],
    ['POST', '/api/payouts/send', 401, 'token-missing'],
    ['POST', '/api/payouts/answers', 401, 'token-missing', { body: '<Document/>', type: 'text/plain' }],
    ['GET', `/api/payees/${SOMEBODY}`, 401, 'token-missing'],
    ['POST', `/api/payees/${SOMEBODY}`, 401, 'token-missing', { body: '{}' }],
    ['POST', `/api/payees/${SOMEBODY}/export`, 401, 'token-missing'],
    ['POST', '/api/webhooks/stripe-connect', 503, 'payouts-not-set-up', { body: '{}' }],
    ['POST', '/api/rooms/blue/join', 401, 'token-missing', { body: '{"player":"ann"}' }],
  ] as const)(
    '%s %s is answered %i %s',
    async (method, path, status, code, options: {
      body?: string;
      type?: string;
      isOperator?: boolean;
    } = {}) => {
      const { isOperator = false, ...rest } = options;
      const asked = ask(method, path, isOperator ? { ...rest, token } : rest);
      expect(await asked).toMatchObject({ status, body: { code } });
    },
  );

  test.each([
    ['/api/redemptions', 400, 'request-invalid', { payee: SOMEBODY, amountMicroJam: '-1', key: 'k' }],
    [
      '/api/redemptions',
      400,
      'request-invalid',
      { payee: SOMEBODY, amountMicroJam: '1', key: 'k', extra: 1 },
    ],
    ['/api/redemptions', 400, 'request-invalid', { payee: [SOMEBODY], amountMicroJam: 1, key: 'k' }],
    ['/api/redemptions', 422, undefined, { payee: SOMEBODY, amountMicroJam: '1', key: 'k' }],
    ['/api/epochs/nothing/close', 422, 'unknown-epoch', {}],
    ['/api/rooms/blue/join', 422, 'name-malformed', { player: '../x' }],
    ['/api/rooms/..%2fblue/join', 422, 'name-malformed', { player: 'ann' }],
  ])(
    'with the token, %s still refuses bad input (%i %s) and the journal stays as it was',
    async (path, status, code, body) => {
      const before = (await ask('GET', '/api/ledger/entries')).body.size;
      const answer = await ask('POST', path, { body: JSON.stringify(body), token });
      expect(answer.status).toBe(status);
      if (code) expect(answer.body.code).toBe(code);
      expect((await ask('GET', '/api/ledger/entries')).body.size).toBe(before);
    },
  );

  test('a join with the token names relay, key and token of the room', async () => {
    const answer = await ask('POST', '/api/rooms/blue/join', { body: '{"player":"ann"}', token });
    expect(answer).toMatchObject({ status: 200, body: { room: 'blue', relay: { host: '127.0.0.1' } } });
  });

  test('a request for another host name is refused, as a page of another site would send it', async () => {
    const status = await new Promise((resolve) => {
      const { hostname, port } = new URL(url);
      request({ hostname, port, path: '/api/state', headers: { host: 'evil.example' } }, (answer) =>
        resolve(answer.statusCode),
      ).end();
    });
    expect(status).toBe(403);
  });

  test('a page of another site is refused, whatever it asks', async () => {
    const answer = await fetch(new URL('/api/audit', url), {
      method: 'POST',
      headers: { origin: 'http://evil.example' },
    });
    expect(answer.status).toBe(403);
    const own = await fetch(new URL('/api/audit', url), {
      method: 'POST',
      headers: { origin: new URL(url).origin },
    });
    expect(own.status).toBe(200);
  });

  test('a second studio on the same directory is refused while the first runs', async () => {
    const second = await openStudio(configOf(directory), { checkout: CHECKOUT, create: true });
    expect(second).toMatchObject({ ok: false, code: 'data-directory-in-use' });
  });
});

test('a directory without a studio is not made by a command that only looks', async () => {
  const directory = join(mkdtempSync(join(tmpdir(), 'jamnet-studio-')), 'absent');
  expect(await openStudio(configOf(directory), { checkout: CHECKOUT, create: false })).toMatchObject({
    code: 'data-directory-missing',
  });
});
