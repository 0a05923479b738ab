import { expect, test } from 'vitest';
import { addScaled, coefficient, inverse, product, scale } from './gf256.ts';

/** Multiplication by shifts and the polynomial alone. */
function slowProduct(a: number, b: number): number {
  let sum = 0;
  for (let bit = 0, shifted = a; bit < 8; bit++) {
    if ((b >> bit) & 1) sum ^= shifted;
    shifted = shifted & 128 ? (shifted << 1) ^ 0x11d : shifted << 1;
  }
  return sum;
}

test('tables agree with multiplication by shifts, and each element but 0 has its inverse', () => {
  for (let a = 0; a < 256; a++) {
    for (let b = 0; b < 256; b++) expect(product(a, b)).toBe(slowProduct(a, b));
    if (a > 0) expect(product(a, inverse(a))).toBe(1);
  }
});

test('what is added twice is gone, and scaling has its inverse', () => {
  const source = Uint8Array.from({ length: 64 }, (_, i) => i * 37);
  const target = new Uint8Array(80);
  addScaled(target, 8, source, 0, 64, 99);
  scale(target, 8, 64, inverse(99));
  expect(target.subarray(8, 72)).toEqual(source);
  addScaled(target, 8, source, 0, 64, 1);
  expect(target.every((byte) => byte === 0)).toBe(true);
});

test('no coefficient is 0, and any two packets can be told apart by any two symbols of one datagram', () => {
  for (const sequence of [0, 5, 31, 1000, 2 ** 40 + 7])
    for (let a = 0; a < 128; a++)
      for (let b = a + 1; b < 128; b++) {
        const [p, q] = [coefficient(sequence, 0, a), coefficient(sequence, 0, b)];
        const [r, s] = [coefficient(sequence, 3, a), coefficient(sequence, 3, b)];
        expect(p * q * r * s).toBeGreaterThan(0);
        expect(product(p, s) ^ product(q, r)).toBeGreaterThan(0);
      }
});
