import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFieldSection, encodeStatus, FIELDS_MAX } from './field-section.ts';
import { decodeHuffman } from './huffman.ts';
import { STATIC_TABLE } from './static-table.ts';
import { readVarint, varint } from './varint.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
const text = (hex: string): string | null => {
  const plain = decodeHuffman(bytes(hex));
  return plain === null ? null : Buffer.from(plain).toString('latin1');
};

describe('Huffman strings', () => {
  test.each([
    // RFC 7541 Appendix C.4 and C.6
    ['f1e3 c2e5 f23a 6ba0 ab90 f4ff', 'www.example.com'],
    ['a8eb 1064 9cbf', 'no-cache'],
    ['25a8 49e9 5ba9 7d7f', 'custom-key'],
    ['25a8 49e9 5bb8 e8b4 bf', 'custom-value'],
    ['6402', '302'],
    ['aec3 771a 4b', 'private'],
    ['d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff', 'Mon, 21 Oct 2013 20:13:21 GMT'],
    ['9d29 ad17 1863 c78f 0b97 c8e9 ae82 ae43 d3', 'https://www.example.com'],
    ['9bd9 ab', 'gzip'],
    [
      '94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
      'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
    ],
    ['', ''],
  ])('%s is %s', (hex, plain) => {
    expect(text(hex)).toBe(plain);
  });

  test.each([
    ['padding of eight ones', 'f1e3 c2e5 f23a 6ba0 ab90 f4ff ff'],
    ['padding of zeros', '18'],
    ['an end-of-string symbol', 'ffff ffff'],
    ['a code that is cut', 'ff ff fe'],
  ])('refuses %s', (_, hex) => {
    expect(text(hex)).toBeNull();
  });
});

test('the static table has the 99 entries of RFC 9204 Appendix A in their places', () => {
  expect(STATIC_TABLE).toHaveLength(99);
  expect([0, 1, 15, 25, 57, 63, 71, 85, 90, 98].map((index) => STATIC_TABLE[index])).toEqual([
    { name: ':authority', value: '' },
    { name: ':path', value: '/' },
    { name: ':method', value: 'CONNECT' },
    { name: ':status', value: '200' },
    { name: 'strict-transport-security', value: 'max-age=31536000; includesubdomains' },
    { name: ':status', value: '100' },
    { name: ':status', value: '500' },
    { name: 'content-security-policy', value: "script-src 'none'; object-src 'none'; base-uri 'none'" },
    { name: 'origin', value: '' },
    { name: 'x-frame-options', value: 'sameorigin' },
  ]);
});

describe('field sections', () => {
  test('RFC 9204 Appendix B.1: a literal with a name of the static table', () => {
    expect(decodeFieldSection(bytes('0000 510b 2f69 6e64 6578 2e68 746d 6c'))).toMatchObject({
      value: [{ name: ':path', value: '/index.html' }],
    });
  });

  test('indexed fields, literal names and Huffman-coded strings', () => {
    const section = bytes(`0000 cf d7 2f01 25a8 49e9 5ba9 7d7f 89 25a8 49e9 5bb8 e8b4 bf`);
    expect(decodeFieldSection(section)).toMatchObject({
      value: [
        { name: ':method', value: 'CONNECT' },
        { name: ':scheme', value: 'https' },
        { name: 'custom-key', value: 'custom-value' },
      ],
    });
  });

  test.each([
    // RFC 9204 Appendix B.2 and B.4 need the dynamic table that we announce as absent.
    ['a required insert count', '0381 10 11', 'field-dynamic'],
    ['a dynamic index', '0000 80', 'field-dynamic'],
    ['a dynamic name', '0000 4001 61', 'field-dynamic'],
    ['a post-base index', '0000 10', 'field-dynamic'],
    ['a post-base name', '0000 0001 61', 'field-dynamic'],
    ['a static index past the table', '0000 ff 24', 'field-section-malformed'],
    ['a prefix that is cut', '00', 'field-section-malformed'],
    ['nothing', '', 'field-section-malformed'],
    ['a value longer than the section', '0000 51 7f 00 61', 'field-section-malformed'],
    ['a value that is missing', '0000 51', 'field-section-malformed'],
    ['an integer that never ends', '0000 ff ff ff ff ff ff ff', 'field-section-malformed'],
  ])('refuses %s', (_, hex, code) => {
    expect(decodeFieldSection(bytes(hex))).toMatchObject({ ok: false, code });
  });

  test('refuses one field more than the limit, and too many bytes in few fields', () => {
    const many = new Uint8Array(2 + FIELDS_MAX + 1).fill(0xcf, 2);
    expect(decodeFieldSection(many.subarray(0, 2 + FIELDS_MAX))).toMatchObject({ ok: true });
    expect(decodeFieldSection(many)).toMatchObject({ code: 'field-section-too-large' });
    const long = Buffer.concat([bytes('0000 51 7f 81 7f'), Buffer.alloc(127 + 127 * 128 + 1, 97)]);
    expect(decodeFieldSection(long)).toMatchObject({ code: 'field-section-too-large' });
  });

  test('random bytes always get an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        expect(typeof decodeFieldSection(noise).ok).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });

  test('every status we answer decodes to itself', () => {
    for (const status of [200, 400, 403, 404, 429, 503])
      expect(decodeFieldSection(encodeStatus(status))).toMatchObject({
        value: [{ name: ':status', value: String(status) }],
      });
  });
});

test('varints: the examples of RFC 9000 Appendix A.1, and every value comes back', () => {
  expect(readVarint(bytes('9d7f3e7d'), 0)).toEqual({ value: 494_878_333, bytes: 4 });
  expect(readVarint(bytes('7bbd'), 0)).toEqual({ value: 15_293, bytes: 2 });
  expect(readVarint(bytes('25'), 0)).toEqual({ value: 37, bytes: 1 });
  expect(readVarint(bytes('4025'), 0)).toEqual({ value: 37, bytes: 2 });
  expect(readVarint(bytes('c2197c5eff14e88c'), 0)).toEqual({ value: Number.MAX_SAFE_INTEGER, bytes: 8 });
  expect(readVarint(bytes('9d7f3e'), 0)).toBeNull();
  fc.assert(
    fc.property(fc.maxSafeNat(), (value) => {
      const coded = varint(value);
      expect(readVarint(coded, 0)).toEqual({ value, bytes: coded.length });
    }),
  );
});
