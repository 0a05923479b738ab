import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeSealCrypto, ordinarySealCrypto } from './node-seal-crypto.ts';
import { openOpensslCrypto } from './openssl-seal-crypto.ts';

const quick = openOpensslCrypto(ordinarySealCrypto) ?? ordinarySealCrypto;
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const message = fc.uint8Array({ maxLength: 1300 });

test('the direct way and the ordinary way give the same bytes, and open what the other sealed', () => {
  fc.assert(
    fc.property(bytes(32), bytes(12), bytes(32), message, (key, nonce, associated, plain) => {
      const sealed = ordinarySealCrypto.seal(key, nonce, associated, plain);
      expect(Buffer.from(quick.seal(key, nonce, associated, plain)).equals(sealed)).toBe(true);
      expect(Buffer.from(quick.open(key, nonce, associated, sealed) ?? []).equals(plain)).toBe(true);
      expect(Buffer.from(quick.hmac(key, plain)).equals(ordinarySealCrypto.hmac(key, plain))).toBe(true);
    }),
  );
});

test('the MAC of the first bytes of a message, written in place, is the MAC of those bytes alone, by every way', () => {
  const mac = new Uint8Array(32);
  fc.assert(
    fc.property(bytes(32), fc.uint8Array({ maxLength: 3000 }), fc.nat(), (key, whole, cut) => {
      const length = cut % (whole.length + 1);
      quick.hmacInto?.(key, whole, length, mac);
      const expected = ordinarySealCrypto.hmac(key, whole.subarray(0, length));
      expect(Buffer.from(quick.hmacInto === undefined ? expected : mac).equals(expected)).toBe(true);
    }),
  );
});

test('one changed bit anywhere, in key, nonce, header, text or tag, opens to nothing, and the next packet still opens', () => {
  fc.assert(
    fc.property(
      bytes(32),
      bytes(12),
      bytes(32),
      message,
      fc.nat(),
      fc.nat(3),
      (key, nonce, associated, plain, at, part) => {
        const sealed = quick.seal(key, nonce, associated, plain);
        const parts = [key.slice(), nonce.slice(), associated.slice(), sealed.slice()];
        const changed = parts[part];
        if (changed === undefined) throw new Error('no such part');
        const place = at % changed.length;
        changed[place] = (changed[place] ?? 0) ^ (1 << (at % 8));
        const [k = key, n = nonce, a = associated, s = sealed] = parts;
        expect(quick.open(k, n, a, s)).toBeNull();
        expect(Buffer.from(quick.open(key, nonce, associated, sealed) ?? []).equals(plain)).toBe(true);
      },
    ),
  );
});

test('what is too short for a tag opens to nothing, and results are not overwritten by the next call', () => {
  const [key, nonce, none] = [new Uint8Array(32), new Uint8Array(12), new Uint8Array(0)];
  expect(nodeSealCrypto.open(key, nonce, none, new Uint8Array(15))).toBeNull();
  const first = nodeSealCrypto.seal(key, nonce, none, new Uint8Array(100));
  const copy = Buffer.from(first);
  nodeSealCrypto.seal(key, nonce, none, new Uint8Array(100).fill(7));
  expect(copy.equals(first)).toBe(true);
});
