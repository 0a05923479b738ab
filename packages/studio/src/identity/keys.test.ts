import { createPublicKey, verify } from 'node:crypto';
import { fromHex, toHex } from '@jamnet/base';
import { expect, test } from 'vitest';
import { deriveSecret, payeeOf, signingKey } from './keys.ts';

test('a seed gives the key and signature of RFC 8032, test 1', () => {
  const seed =
    fromHex('9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60') ?? new Uint8Array();
  const key = signingKey(seed);
  expect(toHex(key.publicKey)).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
  expect(toHex(key.sign(new Uint8Array())).slice(0, 32)).toBe('e5564300c360ac729086e2cc806e828a');
});

test('a signature verifies under the public key it came with', () => {
  const key = signingKey(deriveSecret('root', 'purpose'));
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.publicKey]);
  const message = Buffer.from('message');
  expect(
    verify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), key.sign(message)),
  ).toBe(true);
});

test('payees and derived secrets differ by key and by purpose', () => {
  expect(payeeOf(deriveSecret('a', 'x'))).toMatch(/^p[0-9a-f]{32}$/);
  expect(payeeOf(deriveSecret('a', 'x'))).not.toBe(payeeOf(deriveSecret('a', 'y')));
  expect(toHex(deriveSecret('ab', 'c'))).not.toBe(toHex(deriveSecret('a', 'bc')));
});
