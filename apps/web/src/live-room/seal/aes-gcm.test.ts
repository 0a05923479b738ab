import { createCipheriv, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AesGcm } from './aes-gcm.ts';
import { agreesWithWebCrypto, browserSealCrypto } from './browser-seal-crypto.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (value: Uint8Array): string => Buffer.from(value).toString('hex');

/** The GCM specification (McGrew, Viega), Appendix B, test cases 13 to 16: 256-bit keys. */
const KEY = 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308';
const PLAIN =
  'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39';
const SEALED =
  '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662';
test.each([
  ['13', '00'.repeat(32), '00'.repeat(12), '', '', '530f8afbc74536b9a963b4f1c4cb738b'],
  [
    '14',
    '00'.repeat(32),
    '00'.repeat(12),
    '',
    '00'.repeat(16),
    'cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919',
  ],
  [
    '15',
    KEY,
    'cafebabefacedbaddecaf888',
    '',
    `${PLAIN}1aafd255`,
    `${SEALED}898015adb094dac5d93471bdec1a502270e3cc6c`,
  ],
  [
    '16',
    KEY,
    'cafebabefacedbaddecaf888',
    'feedfacedeadbeeffeedfacedeadbeefabaddad2',
    PLAIN,
    `${SEALED}76fc6ece0f4e1768cddf8853bb2d551b`,
  ],
])('test case %s of the GCM specification', (_, key, nonce, associated, plain, sealed) => {
  const cipher = new AesGcm(bytes(key));
  expect(hex(cipher.seal(bytes(nonce), bytes(associated), bytes(plain)))).toBe(sealed);
  expect(hex(cipher.open(bytes(nonce), bytes(associated), bytes(sealed)) ?? bytes('ff'))).toBe(plain);
});

test('seals as OpenSSL does, opens only what nobody changed, and hashes as OpenSSL does', () => {
  const array = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
  fc.assert(
    fc.property(
      array(32),
      array(12),
      fc.uint8Array({ maxLength: 64 }),
      fc.uint8Array({ maxLength: 1200 }),
      fc.nat(),
      (key, nonce, associated, plain, place) => {
        const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(associated);
        const wanted = Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
        const sealed = browserSealCrypto.seal(key, nonce, associated, plain);
        expect(hex(sealed)).toBe(wanted.toString('hex'));
        expect(browserSealCrypto.open(key, nonce, associated, sealed)).toEqual(plain);
        const at = place % sealed.length;
        sealed[at] = (sealed[at] ?? 0) ^ (1 << (place % 8));
        expect(browserSealCrypto.open(key, nonce, associated, sealed)).toBeNull();
        expect(hex(browserSealCrypto.hmac(key, plain))).toBe(
          createHmac('sha256', key).update(plain).digest('hex'),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('too short a message opens to nothing', () => {
  expect(
    new AesGcm(new Uint8Array(32)).open(new Uint8Array(12), new Uint8Array(0), new Uint8Array(15)),
  ).toBeNull();
});

test('WebCrypto opens what we seal', async () => {
  expect(await agreesWithWebCrypto()).toBe(true);
});
