import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compareBytes,
  concatBytes,
  equalBytes,
  fromBase64,
  fromHex,
  toBase64,
  toHex,
  uint64Bytes,
} from './bytes.ts';

test('hex and base64 give every byte string back, and agree with the platform', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromHex(toHex(bytes))).toEqual(bytes);
      expect(fromBase64(toBase64(bytes))).toEqual(bytes);
    }),
  );
});

test.each(['A', 'AAA', 'AA=A', '====', 'AB==', 'AAB=', 'A A=', 'AA-_'])('base64 %j is refused', (text) => {
  expect(fromBase64(text)).toBeNull();
});

test.each(['0', 'zz', '0x00'])('hex %j is refused', (text) => {
  expect(fromHex(text)).toBeNull();
});

test('byte strings compare as unsigned and by length last', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
      expect(compareBytes(a, b)).toBe(Math.sign(Buffer.compare(a, b)));
      expect(equalBytes(a, b)).toBe(Buffer.from(a).equals(b));
      expect(concatBytes(a, b)).toEqual(new Uint8Array([...a, ...b]));
    }),
  );
});

test('a 64-bit integer is written big-endian and one past the range asserts', () => {
  expect(toHex(uint64Bytes(0x0102030405060708n))).toBe('0102030405060708');
  expect(() => uint64Bytes(1n << 64n)).toThrow('out of range');
});
