import { afterEach, expect, test, vi } from 'vitest';
import { studioAt } from './studio-access.ts';

afterEach(() => vi.unstubAllGlobals());

test('claim codes that are told once are had though the line breaks within the answer', async () => {
  const broken = new ReadableStream({ start: (body) => body.error(new Error('the line broke')) });
  const asked = vi
    .fn(async (_url: string, _init: RequestInit) => Response.json({ codes: ['JAM-1'] }))
    .mockResolvedValueOnce(new Response(broken));
  vi.stubGlobal('fetch', asked);
  const studio = studioAt('http://studio.test', 'operator');
  expect(await studio.desk.reissueCodes('o-1')).toEqual({ ok: true, value: { codes: ['JAM-1'] } });
  const keys = asked.mock.calls.map(([, { headers }]) => new Headers(headers).get('idempotency-key'));
  expect(keys).toHaveLength(2);
  expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
  expect(keys[1]).toBe(keys[0]);
});
