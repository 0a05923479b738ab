import { afterEach, expect, expectTypeOf, it, vi } from 'vitest';
import { fetchRoute, type ShapeFor, sendRoute } from './fetch-route.ts';
import { amount, record, type Shape, text } from './shape.ts';

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
  // Amounts are text: whoever would read a number is told when this is compiled.
  type Numbers = Shape<{ balanceMicroJam: number }>;
  expectTypeOf<Numbers>().not.toExtend<ShapeFor<'GET /api/account/wallet', { balanceMicroJam: number }>>();
});
