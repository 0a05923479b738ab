import fc from 'fast-check';
import { expect, test } from 'vitest';
import { claimCodeSha256, newClaimCode, readClaimCode } from './claim-code.ts';

const ALPHABET = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const anyCode = fc
  .infiniteStream(fc.integer({ min: 0, max: 255 }))
  .map((bytes) => newClaimCode(() => Uint8Array.from({ length: 16 }, () => Number(bytes.next().value))));

test('a claim code has four groups of four and is read however it is typed', () => {
  fc.assert(
    fc.property(anyCode, (code) => {
      expect(code).toMatch(/^([2-9A-HJKMNP-Z]{4}-){3}[2-9A-HJKMNP-Z]{4}$/);
      expect(readClaimCode(code)).toEqual({ ok: true, value: code });
      expect(readClaimCode(` ${code.toLowerCase().replaceAll('-', ' ')}`)).toEqual({ ok: true, value: code });
    }),
  );
});

test('bytes that would favour some characters are passed over', () => {
  const bytes = [255, 254, 248, ...Array.from({ length: 29 }, (_, i) => i)];
  expect(newClaimCode(() => Uint8Array.from(bytes)).slice(0, 4)).toBe('2345');
});

test('one wrong character, or two that changed places, are always noticed', () => {
  fc.assert(
    fc.property(anyCode, fc.nat(15), fc.nat(15), fc.integer({ min: 1, max: 30 }), (code, i, j, step) => {
      const letters = [...code.replaceAll('-', '')];
      const [a, b] = [letters[i] ?? '', letters[j] ?? ''];
      const wrong = letters.with(i, ALPHABET.charAt((ALPHABET.indexOf(a) + step) % 31));
      expect(readClaimCode(wrong.join(''))).toMatchObject({ code: 'claim-code-malformed' });
      // The check character has no factor of its own in the sum: a swap with it is a single error only when it stays valid.
      if (a !== b && i < 15 && j < 15)
        expect(readClaimCode(letters.with(i, b).with(j, a).join(''))).toMatchObject({
          code: 'claim-code-malformed',
        });
    }),
    { numRuns: 500 },
  );
});

test.each([[''], ['2345-6789'], ['0123-4567-89AB-CDEF'], ['2'.repeat(10_000)], ['é'.repeat(16)]])(
  'what cannot be a code is refused (%#)',
  (text) => {
    expect(readClaimCode(text)).toMatchObject({ code: 'claim-code-malformed' });
  },
);

test('only a hash of a code is kept, and it is not the bare hash of its letters', () => {
  expect(claimCodeSha256('2222-2222-2222-2222')).toMatch(/^[0-9a-f]{64}$/);
  expect(claimCodeSha256('2222-2222-2222-2222')).not.toBe(claimCodeSha256('2222-2222-2222-2223'));
});
