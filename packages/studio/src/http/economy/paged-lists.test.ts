import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { samplePolicy } from '@jamnet/economy';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Studio } from '../../studio.ts';
import { openStudioIn } from '../../testing/open-studio-in.ts';

const directory = mkdtempSync(join(tmpdir(), 'jamnet-pages-'));
const PAYEES = ['3', '1', '5', '2', '4'].map((digit) => `p${digit.repeat(32)}`);
let studio: Studio;
let url = '';
let authorization = '';

beforeAll(async () => {
  studio = await openStudioIn(directory);
  url = await studio.listen();
  authorization = `Bearer ${readFileSync(join(directory, 'operator.token'), 'utf8').trim()}`;
  await post('/api/policies', samplePolicy({ epochId: 'sample-pages' }));
  for (const payee of PAYEES) await post(`/api/payees/${payee}/holds`, { id: 'h', reason: 'x' });
  // Three of one moment: their ids decide.
  for (const [id, placedAtUs] of [
    ...[
      ['o-3', '7000000'],
      ['o-1', '7000000'],
      ['o.2', '7000000'],
    ],
    ...[
      ['o-old', '1000000'],
      ['o-new', '9000000'],
    ],
  ] as const)
    await post('/api/hardware/orders', {
      ...{ id, principal: 'c', product: 'jambox', quantity: 1, amountMinor: '100', currency: 'USD' },
      ...{ discountCode: null, placedAtUs },
    });
}, 120_000);
afterAll(async () => {
  await studio.close();
  rmSync(directory, { recursive: true, force: true });
});

async function post(path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization };
  const answer = await fetch(new URL(path, url), { method: 'POST', headers, body: JSON.stringify(body) });
  expect(answer.status, await answer.text()).toBe(200);
}

async function get(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(new URL(path, url), { headers: { authorization } });
  // Every list is an object.
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** Rows of a list to its end, two at a time. */
async function walk(path: string, name: string): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  let after = '';
  do {
    const { status, body } = await get(`${path}?limit=2${after}`);
    expect(status, path).toBe(200);
    // As its contract has it.
    const page = body[name] as Record<string, unknown>[];
    expect(page.length, path).toBeLessThanOrEqual(2);
    rows.push(...page);
    after = body.next === null ? '' : `&after=${encodeURIComponent(String(body.next))}`;
  } while (after !== '');
  return rows;
}

test('orders come the newest first, and by id where they are of one moment, whole in pages of two', async () => {
  const orders = await walk('/api/hardware/orders', 'orders');
  expect(orders.map(({ id }) => id)).toEqual(['o-new', 'o-1', 'o-3', 'o.2', 'o-old']);
});

test('payees come by name, acts by number, the newest first, and leaves by index', async () => {
  const payees = await walk('/api/payees', 'payees');
  expect(payees.map(({ payee }) => payee)).toEqual(PAYEES.toSorted());
  expect(payees[0]).toMatchObject({ holds: [{ id: 'h', reason: 'x' }], mayBePaid: false });
  const acts = await walk('/api/acts', 'acts');
  const numbers = acts.map(({ number }) => Number(number));
  expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, n) => numbers.length - n));
  expect(numbers.length).toBeGreaterThan(9);
  const leaves = await walk('/api/ledger/entries', 'entries');
  expect(leaves.map(({ index }) => index)).toEqual(leaves.map((_, n) => n));
  expect(leaves).toHaveLength(Number((await get('/api/ledger/entries?limit=1')).body.size));
});

test('a payee without perks and a mesh without nodes are one empty page', async () => {
  expect((await get(`/api/payees/${PAYEES[0]}/perks`)).body).toEqual({ perks: [], next: null });
  expect((await get('/api/mesh/nodes?state=banned')).body).toEqual({ nodes: [], next: null });
});

test.each([
  '/api/hardware/orders?after=nothing',
  '/api/acts?after=-1',
  `/api/payees/p${'0'.repeat(32)}/perks?after=x`,
])('%s: what is no cursor is refused by name', async (path) => {
  expect((await get(path)).body).toMatchObject({ code: 'cursor-malformed' });
});

test.each(['/api/hardware/orders', '/api/acts', '/api/payees', '/api/mesh/nodes', '/api/ledger/entries'])(
  '%s gives at most 200 rows at once',
  async (path) => {
    expect((await get(`${path}?limit=201`)).body).toMatchObject({ code: 'request-invalid' });
    expect((await get(`${path}?limit=200`)).status).toBe(200);
  },
);
