import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTRACTS } from './contracts/all.ts';
import { openStudioWithMembers, type StudioWithMembers } from './testing/studio-with-members.ts';

const ROUTES = [...CONTRACTS.keys()];
const FORGE_SECRET = 'between the forge and us';

let house: StudioWithMembers;
beforeAll(async () => {
  house = await openStudioWithMembers();
  writeFileSync(join(house.directory, 'keys', 'git-webhook.secret'), `${FORGE_SECRET}\n`);
});
afterAll(() => house.close());

const byOperator = (): Headers => new Headers({ authorization: `Bearer ${house.token}` });

test.each([
  ['__proto__', '{"__proto__":{"role":"operator","polluted":true}}'],
  ['constructor.prototype', '{"constructor":{"prototype":{"polluted":true}}}'],
  ['__proto__ deep inside', '{"a":[{"__proto__":{"polluted":true}}]}'],
])('a body with %s is taken by no route and leaves no trace', async (_, body) => {
  const taking = ROUTES.filter((route) => /^(POST|PUT) /.test(route));
  expect(taking.length).toBeGreaterThan(50);
  for (const route of taking) {
    const [method = '', pattern = ''] = route.split(' ');
    const headers = byOperator();
    headers.set('content-type', 'application/json');
    const path = pattern.replaceAll(/:\w+/g, 'none');
    const answer = await fetch(`${house.origin}${path}`, { method, headers, body });
    const text = await answer.text();
    expect(answer.status, `${route}: ${text}`).toBeGreaterThanOrEqual(400);
    expect(answer.status, `${route}: ${text}`).not.toBe(500);
    expect(text, route).not.toContain('polluted');
    expect(({} as Record<string, unknown>).polluted, route).toBeUndefined();
  }
});

const CLIMBS = [
  '..%2f..%2foperator.token',
  '%2e%2e%2f%2e%2e%2foperator.token',
  '..%5c..%5coperator.token',
  'x%00.wav',
];
test.each(CLIMBS)('no route climbs out of its folder by %s', async (climb) => {
  const reading = ROUTES.filter((route) => /^GET .*[:*]/.test(route));
  expect(reading.length).toBeGreaterThan(15);
  for (const route of reading) {
    const path = route.slice(4).replaceAll(/:\w+/g, climb).replace('*', climb);
    const answer = await fetch(`${house.origin}${path}`, { headers: byOperator(), redirect: 'manual' });
    const text = await answer.text();
    expect(answer.status, `${route}: ${text}`).not.toBe(500);
    expect(text, route).not.toContain(house.token);
    // A tenant may be called anything: nobody of that name has seats.
    if (answer.status === 200) expect(text, route).toBe('[]');
  }
});

test('addresses in a signed event of a forge, and in what an operator imports, are asked by nobody', async () => {
  let asked = 0;
  const inner = createServer((socket) => {
    asked++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(inner, 'listening');
  // Of a TCP server.
  const url = `http://127.0.0.1:${(inner.address() as AddressInfo).port}/latest/meta-data`;
  const push = JSON.stringify({
    ref: 'refs/heads/main',
    repository: { clone_url: url, html_url: url, git_url: url, hooks_url: url, full_name: '../../x' },
  });
  const signature = createHmac('sha256', FORGE_SECRET).update(push).digest('hex');
  const hook = await fetch(`${house.origin}/api/webhooks/git/github`, {
    method: 'POST',
    body: push,
    headers: {
      'x-github-event': 'push',
      'x-github-delivery': '1',
      'x-hub-signature-256': `sha256=${signature}`,
    },
  });
  expect(hook.status).toBe(202);
  const headers = byOperator();
  headers.set('content-type', 'application/json');
  const receipt = {
    ...{ id: 'r1', principal: url, product: null, stream: 'licence', amountMinor: '1', currency: 'USD' },
    ...{ reference: url, refundOf: null, receivedAtUs: '1' },
  };
  for (const [path, body] of [
    ['/api/receipts', { receipts: [receipt], checkOnly: false }],
    ['/api/policies', { $ref: url, documents: { plan: url } }],
    [
      '/api/valuations',
      {
        id: 'v',
        valueCents: '1',
        fullyDilutedUnits: '1',
        datedAtUs: '1',
        approvedBy: url,
        documentSha256: url,
      },
    ],
  ] as const)
    await (
      await fetch(`${house.origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    ).text();
  const bank = `<!DOCTYPE x [<!ENTITY e SYSTEM "${url}">]><Document>&e;</Document>`;
  headers.set('content-type', 'text/plain');
  const answer = await fetch(`${house.origin}/api/payouts/answers`, { method: 'POST', headers, body: bank });
  expect(answer.status).toBe(422);
  inner.close();
  await once(inner, 'close');
  expect(asked).toBe(0);
});
