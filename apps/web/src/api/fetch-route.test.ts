import { afterEach, expect, expectTypeOf, it, vi } from 'vitest';
import { fetchRoute, type ShapeFor, sendRoute } from './fetch-route.ts';
import { amount, list, record, type Shape, text } from './shape.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

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

it('sends what takes a key once more where no answer came, with the same key, and nothing else twice', async () => {
  const asked = vi.fn(async (_path: string, _init: RequestInit): Promise<Response> => {
    throw new Error('the line is dead');
  });
  vi.stubGlobal('fetch', asked);
  expect(await sendRoute('POST /api/seats', record({}), {})).toMatchObject({ code: 'studio-unreachable' });
  const keys = asked.mock.calls.map(([, { headers }]) => new Headers(headers).get('idempotency-key'));
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
  asked.mockClear();
  await sendRoute('POST /api/reports/cap-table', list(record({ name: text, content: text })), {});
  await fetchRoute('GET /api/wallets/:payee', wallet, { params: { payee: 'p1' } });
  expect(asked).toHaveBeenCalledTimes(2);
});

it('waits for a request that is still being done after the line broke within its answer', async () => {
  vi.useFakeTimers();
  const broken = new ReadableStream({ start: (body) => body.error(new Error('the line broke')) });
  const asked = vi
    .fn(async (_path: string, _init: RequestInit) => Response.json({ room: 'Attic' }))
    .mockResolvedValueOnce(new Response(broken))
    .mockResolvedValueOnce(Response.json({ code: 'idempotency-key-running' }, { status: 409 }));
  vi.stubGlobal('fetch', asked);
  const answer = sendRoute('POST /api/account/rooms', record({ room: text }), { room: 'Attic' });
  await vi.advanceTimersByTimeAsync(250);
  expect(await answer).toEqual({ ok: true, value: { room: 'Attic' } });
  const keys = asked.mock.calls.map(([, { headers }]) => new Headers(headers).get('idempotency-key'));
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});
