import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

test('text is encoded as the platform encodes it, and decoded back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      const platform = new TextEncoder().encode(text);
      expect(encodeUtf8(text)).toEqual(platform);
      expect(decodeUtf8(platform)).toBe(new TextDecoder('utf-8', { ignoreBOM: true }).decode(platform));
    }),
  );
});

test('any bytes decode exactly when the platform decodes them without an error', () => {
  const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 6 }), (bytes) => {
      let expected: string | null = null;
      try {
        expected = strict.decode(bytes);
      } catch {}
      expect(decodeUtf8(bytes)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});
