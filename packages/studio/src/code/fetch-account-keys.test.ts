import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fetchAccountKeys } from './fetch-account-keys.ts';

const KEYS = 'ssh-ed25519 AAAA\n';
let forge: Server;
let origin = '';
/** Requests that came, in order. */
const asked: string[] = [];

beforeAll(async () => {
  forge = createServer((request, response) => {
    asked.push(request.url ?? '');
    if (request.url === '/ada.keys') response.end(KEYS);
    else if (request.url === '/moved.keys') response.writeHead(302, { location: '/ada.keys' }).end();
    else if (request.url === '/endless.keys') endless();
    else response.writeHead(404).end('nobody');

    function endless(): void {
      const more = (): boolean => response.write('x'.repeat(64 << 10));
      response.on('drain', more);
      more();
    }
  });
  await new Promise<void>((resolve) => forge.listen(0, '127.0.0.1', resolve));
  // It listens on an address and not on a pipe.
  origin = `http://127.0.0.1:${(forge.address() as AddressInfo).port}`;
});
afterAll(
  () =>
    new Promise((resolve) => {
      forge.closeAllConnections();
      forge.close(resolve);
    }),
);

test('keys of an account are what the forge says', async () => {
  expect(await fetchAccountKeys(`${origin}/ada.keys`)).toBe(KEYS);
});

test('an account that is not there, a redirect and a forge that is away give nothing', async () => {
  expect(await fetchAccountKeys(`${origin}/nobody.keys`)).toBeNull();
  asked.length = 0;
  expect(await fetchAccountKeys(`${origin}/moved.keys`)).toBeNull();
  expect(asked).toEqual(['/moved.keys']);
  expect(await fetchAccountKeys('http://127.0.0.1:1/ada.keys')).toBeNull();
});

test('of an answer without end so much is read that it is refused as too long, and no more', async () => {
  const read = await fetchAccountKeys(`${origin}/endless.keys`);
  expect(read?.length).toBeGreaterThan(256 << 10);
  expect(read?.length).toBeLessThan(1 << 20);
});
