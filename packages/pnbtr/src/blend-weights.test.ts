import { encodeUtf8 } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLEND_WEIGHTS, decodeBlend, encodeBlend, SHIPPED_BLEND_MODEL } from './blend-weights.ts';
import { Concealer } from './concealer.ts';

test('a mixture comes back from its file to the last bit, and each has one text', () => {
  const weight = fc.double({ min: -64, max: 64, noNaN: true }).map((value) => value + 0); // −0 has no text of its own.
  fc.assert(
    fc.property(fc.array(weight, { minLength: BLEND_WEIGHTS, maxLength: BLEND_WEIGHTS }), (weights) => {
      const bytes = encodeBlend({ id: 'pnbtr-1.round-7', weights: Float64Array.from(weights) });
      const read = decodeBlend(bytes);
      expect(read.ok && Array.from(read.value.weights)).toEqual(weights);
    }),
  );
});

const [shipped] = [new TextDecoder().decode(encodeBlend(SHIPPED_BLEND_MODEL))];
test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['an array', '[]'],
  ['a weight too few', shipped.replace('"-0.256"', '').replace(',]', ']')],
  ['a weight that is no number', shipped.replace('-0.256', 'loud')],
  ['an infinite weight', shipped.replace('-0.256', '1e999')],
  ['a weight beyond 64', shipped.replace('-0.256', '64.5')],
  ['a second text of the same weight', shipped.replace('-0.256', '-0.2560')],
  ['a number in place of text', shipped.replace('"-0.256"', '-0.256')],
  ['another format', shipped.replace('blend/v1', 'blend/v2')],
  ['a name with a path in it', shipped.replace('pnbtr-1', '../pnbtr-1')],
  ['a kilobyte more', shipped + ' '.repeat(1024)],
])('a file of %s is refused', (_, text) => {
  expect(decodeBlend(encodeUtf8(text))).toMatchObject({ ok: false, code: 'blend-malformed' });
});

test('random bytes are refused, never an exception', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => !decodeBlend(bytes).ok));
});

test('weights that mix nothing in play silence; the shipped ones given by hand play what is played without any', () => {
  const played = (blend: Float64Array | undefined): Float32Array => {
    const concealer = new Concealer({ sampleRateHz: 48_000, packetFrames: 128, blend });
    const out = new Float32Array(128);
    for (let p = 0; p < 60; p++)
      concealer.receive(
        Float32Array.from({ length: 128 }, (_, i) => 0.5 * Math.sin(0.05 * (128 * p + i))),
        out,
      );
    concealer.conceal(out);
    return out;
  };
  const silent = new Float64Array(BLEND_WEIGHTS);
  silent[8] = -60;
  expect(Math.max(...played(silent).map(Math.abs))).toBeLessThan(1e-6);
  const usual = played(undefined);
  expect(Math.max(...usual.map(Math.abs))).toBeGreaterThan(0.3);
  expect(played(SHIPPED_BLEND_MODEL.weights)).toEqual(usual);
});
