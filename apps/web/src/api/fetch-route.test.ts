import { afterEach, expect, it, vi } from 'vitest';
import { fetchRoute, sendRoute } from './fetch-route.ts';
import { amount, count, record, text } from './shape.ts';

afterEach(() => vi.unstubAllGlobals());

const wallet = record<{ payee: string; balanceMicroJam: string }>({ payee: text, balanceMicroJam: amount });

it('asks a route by its name and reads of the answer what it needs', async () => {
  const asked = vi.fn(async (_path: string, _init: RequestInit) =>
    Response.json({ payee: 'p1', balanceMicroJam: '7', more: 1 }),
  );
  vi.stubGlobal('fetch', asked);
  expect(await fetchRoute('GET /api/wallets/:payee', wallet, { params: { payee: 'a/b' } })).toEqual({
    ok: true,
    value: { payee: 'p1', balanceMicroJam: '7' },
  });
  await sendRoute('POST /api/account/rooms', record({ room: text }), { room: 'Attic' });
  expect(asked.mock.calls.map(([path, { method, body }]) => [method ?? 'GET', path, body])).toEqual([
    ['GET', '/api/wallets/a%2Fb', undefined],
    ['POST', '/api/account/rooms', '{"room":"Attic"}'],
  ]);
  // Amounts are text: whoever reads a number is told when this is compiled.
  const numbers = record<{ balanceMicroJam: number }>({ balanceMicroJam: count });
  // @ts-expect-error not what the route answers
  await fetchRoute('GET /api/account/wallet', numbers);
});
