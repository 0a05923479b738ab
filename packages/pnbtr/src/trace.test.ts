import { seededChance } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concealChannels, concealTrace } from './conceal-trace.ts';
import { parseTrace } from './loss-trace.ts';

const options = { sampleRateHz: 48_000, packetFrames: 64, order: 64, contextFrames: 1024 };
const tones = Float32Array.from(
  { length: 6_000 },
  (_, n) => 0.4 * Math.sin(n * 0.06) + 0.2 * Math.sin(n * 0.41 + 1),
);

const lossAt = (...packets: number[]): Uint8Array =>
  Uint8Array.from({ length: 93 }, (_, p) => (packets.includes(p) ? 1 : 0));

test.each([false, true])(
  'without losses a file comes back bit for bit, its partial last packet too (two-sided: %s)',
  (twoSided) => {
    expect(concealTrace(tones, lossAt(), { ...options, twoSided })).toEqual(tones);
    expect(concealTrace(tones, new Uint8Array(0), { ...options, twoSided })).toEqual(tones);
  },
);

test.each([false, true])(
  'any trace of any length gives a finite signal of the same length (two-sided: %s)',
  (twoSided) => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(0, 0, 0, 1), { maxLength: 40 }),
        fc.integer({ min: 1, max: 1500 }),
        (losses, frames) => {
          const out = concealTrace(tones.subarray(0, frames), Uint8Array.from(losses), {
            ...options,
            order: 16,
            contextFrames: 128,
            twoSided,
          });
          expect(out.length).toBe(frames);
          expect(out.every((sample) => Number.isFinite(sample) && Math.abs(sample) <= 0.61)).toBe(true);
        },
      ),
      { numRuns: 25 },
    );
  },
);

/** Two resonances driven by noise: what a forecast cannot know, and what the other side tells. */
function resonantNoise(frames: number): Float32Array {
  const chance = seededChance('resonant noise');
  const out = new Float32Array(frames);
  for (let n = 4; n < frames; n++) {
    const [a, b, c, d] = [out[n - 1] ?? 0, out[n - 2] ?? 0, out[n - 3] ?? 0, out[n - 4] ?? 0];
    // Poles of radius 0.98 and 0.97 at 0.2 and 0.9 rad.
    out[n] = 3.1268 * a - 4.2178 * b + 2.9656 * c - 0.9036 * d + 0.002 * (chance.unit() - 0.5);
  }
  return out;
}

test('the fill from both sides is nearer to the lost sound than the forecast, and leaves every received sample alone', () => {
  const sent = resonantNoise(6_000);
  const trace = lossAt(30, 38, 46, 47, 55, 64, 72, 73, 82);
  const one = concealTrace(sent, trace, options);
  const two = concealTrace(sent, trace, { ...options, twoSided: true });
  const error = (heard: Float32Array): number =>
    heard.reduce((sum, sample, n) => sum + (trace[n >> 6] === 1 ? (sample - (sent[n] ?? 0)) ** 2 : 0), 0);
  expect(error(two)).toBeLessThan(0.7 * error(one));
  for (let n = 0; n < sent.length; n++) if (trace[n >> 6] !== 1) expect(two[n]).toBe(sent[n]);
});

test('a trace is digits with white space ignored', () => {
  expect(parseTrace('# from somewhere\n 01\n10\r\n')).toEqual({ ok: true, value: Uint8Array.of(0, 1, 1, 0) });
});

test.each([
  ['trace-empty', ''],
  ['trace-empty', ' \n'],
  ['trace-malformed', '0120'],
  ['trace-malformed', '0,1'],
] as const)('a bad trace is refused with %s', (code, text) => {
  expect(parseTrace(text)).toMatchObject({ ok: false, code });
});

test('two channels go through one linked concealer, three each through its own, each packet in its own place', () => {
  const quiet = tones.map((sample) => sample / 8);
  const trace = lossAt(40, 41, 60);
  for (const twoSided of [false, true]) {
    const [left, right] = concealChannels([tones, quiet], trace, { ...options, twoSided });
    expect(left?.length).toBe(tones.length);
    for (let n = 0; n < tones.length; n++) expect((right?.[n] ?? 0) - (left?.[n] ?? 0) / 8).toBeCloseTo(0, 4);
    expect(left?.subarray(0, 40 * 64)).toEqual(tones.subarray(0, 40 * 64));
    expect(left).not.toEqual(tones);
  }
  const three = concealChannels([tones, quiet, tones], trace, options);
  expect(three).toEqual([tones, quiet, tones].map((samples) => concealTrace(samples, trace, options)));
  expect(concealChannels([], trace, options)).toEqual([]);
});
