import { seededChance } from '@jamnet/base';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Concealer } from './concealer.ts';

const RATE = 48_000;
const FRAMES = 64;

/** Plays two channels through one linked concealer, packets as left, then right. */
function playPair(
  pair: readonly [Float32Array, Float32Array],
  isLost: (packet: number) => boolean,
  sampleRateHz = RATE,
): readonly [Float32Array, Float32Array] {
  const concealer = new Concealer({ sampleRateHz, packetFrames: FRAMES, channels: 2 });
  const packet = new Float32Array(2 * FRAMES);
  const out = new Float32Array(2 * FRAMES);
  const heard = [new Float32Array(pair[0].length), new Float32Array(pair[0].length)] as const;
  for (let p = 0; (p + 1) * FRAMES <= pair[0].length; p++) {
    pair.forEach((channel, c) => {
      packet.set(channel.subarray(p * FRAMES, (p + 1) * FRAMES), c * FRAMES);
    });
    if (isLost(p)) concealer.conceal(out);
    else concealer.receive(packet, out);
    heard.forEach((channel, c) => {
      channel.set(out.subarray(c * FRAMES, (c + 1) * FRAMES), p * FRAMES);
    });
  }
  return heard;
}

const chance = seededChance('stereo');
/** Tones, a decay and some noise. */
const music = Float32Array.from(
  { length: FRAMES * 120 },
  (_, n) =>
    0.3 * Math.sin(n * 0.05) +
    0.2 * Math.sin(n * 0.31) * Math.exp(-(n % 3000) / 900) +
    0.05 * (chance.unit() - 0.5),
);
const everySeventh = (p: number): boolean => p % 7 === 6 || (p > 80 && p < 85);

test('two channels without losses come out bit for bit', () => {
  const other = music.map((sample, n) => sample * Math.cos(n));
  expect(playPair([music, other], () => false)).toEqual([music, other]);
});

test('a centred source stays centred, bit for bit, whatever is lost', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(false, false, true), { minLength: 40, maxLength: 120 }),
      fc.constantFrom(44_100, 48_000, 96_000),
      (losses, rate) => {
        const [left, right] = playPair([music, music], (p) => losses[p] ?? false, rate);
        expect(left).toEqual(right);
      },
    ),
    { numRuns: 10 },
  );
});

test('a source that is half as loud on one side stays so in every hole', () => {
  const [left, right] = playPair([music, music.map((sample) => sample / 2)], everySeventh);
  for (let n = 0; n < left.length; n++) expect((left[n] ?? 0) / 2).toBeCloseTo(right[n] ?? 1, 6);
});

test.each([0, 1])('a source on side %i alone makes no sound on the other', (side) => {
  const silence = new Float32Array(music.length);
  const heard = playPair(side === 0 ? [music, silence] : [silence, music], everySeventh);
  expect(heard[1 - side]?.every((sample) => sample === 0)).toBe(true);
  expect(heard[side]?.subarray(6 * FRAMES, 7 * FRAMES).some((sample) => sample !== 0)).toBe(true);
});

test('tones on both sides, different, in opposite phase or in phase at any level, are continued to below −40 dB', () => {
  const tone = (hz: number, level: number): Float32Array =>
    Float32Array.from({ length: 12_288 }, (_, n) => level * Math.sin((2 * Math.PI * hz * n) / RATE));
  const pairs = [
    [tone(440, 0.5), tone(1_234, 0.4)],
    [tone(440, 0.5), tone(440, -0.5)],
    // At these levels a difference of the channels instead of their sum would be silence, and nothing modelled.
    [tone(440, 0.4), tone(440, 0.6)],
    [tone(440, 0.6), tone(440, 0.4)],
  ] as const;
  const lost = 12_288 / FRAMES - 8;
  for (const pair of pairs) {
    const heard = playPair(pair, (p) => p === lost);
    pair.forEach((sent, c) => {
      let error = 0;
      let energy = 0;
      for (let n = lost * FRAMES; n < (lost + 1) * FRAMES; n++) {
        error += ((heard[c]?.[n] ?? 0) - (sent[n] ?? 0)) ** 2;
        energy += (sent[n] ?? 0) ** 2;
      }
      expect(10 * Math.log10(error / energy)).toBeLessThan(-40);
    });
  }
});

test('both channels are bent to the packet behind a hole, and it is played bit for bit', () => {
  const concealer = new Concealer({ sampleRateHz: RATE, packetFrames: FRAMES, channels: 2 });
  const packetAt = (p: number): Float32Array => {
    const frames = music.subarray(p * FRAMES, (p + 1) * FRAMES);
    return Float32Array.of(...frames, ...frames);
  };
  const out = new Float32Array(2 * FRAMES);
  for (let p = 0; p < 80; p++) concealer.receive(packetAt(p), out);
  concealer.conceal(out, packetAt(81));
  expect(out.subarray(0, FRAMES)).toEqual(out.subarray(FRAMES));
  concealer.recover(packetAt(81), out);
  expect(out).toEqual(packetAt(81));
});
