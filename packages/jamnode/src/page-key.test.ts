import { expect, test } from 'vitest';
import { payeeOf } from './node/node-key.ts';
import { nodeKeyFromSeed } from './node/platform-crypto.ts';
import { pageKeyFromSeed, pagePayeeOf } from './page-key.ts';

test('a page and a host make the same key, signature and payee of one seed', () => {
  const seedHex = '0123456789abcdef'.repeat(4);
  const [page, host] = [pageKeyFromSeed(seedHex), nodeKeyFromSeed(seedHex)];
  const message = new Uint8Array([1, 2, 3]);
  expect(page?.publicKey).toBe(host.publicKey);
  expect(page && Buffer.from(page.sign(message))).toEqual(Buffer.from(host.sign(message)));
  expect(page && pagePayeeOf(page)).toBe(payeeOf(host));
});

test.each(['', '00', 'x'.repeat(64)])('no key of the seed "%s"', (seed) => {
  expect(pageKeyFromSeed(seed)).toBe(null);
});
