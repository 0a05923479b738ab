import { expect, test } from 'vitest';
import { solvePositive } from './cholesky.ts';
import { Concealer } from './concealer.ts';
import { Meeting } from './meeting.ts';

test('a forecast of nothing is bent onto the decay that runs into what is known behind it', () => {
  const pole = 0.98;
  const meeting = new Meeting(64);
  for (let n = 0; n < meeting.response.length; n++) meeting.response[n] = pole ** n;
  // One impulse at sample 40 of the hole explains everything that is seen behind it.
  for (let i = 0; i < meeting.frames; i++) meeting.errors[i] = pole ** (64 + i - 40);
  meeting.prepare();
  meeting.solve();
  const last = meeting.correction[63] ?? 0;
  expect(last).toBeGreaterThan(0.9 * pole ** 23);
  expect(last).toBeLessThan(1.01 * pole ** 23);
  expect(meeting.correction[0]).toBeLessThan(0.2);
});

test('the fast factor solves the same equations as a dense one', () => {
  const frames = 24;
  const meeting = new Meeting(frames);
  const { response, errors } = meeting;
  for (let n = 0; n < response.length; n++) response[n] = 0.97 ** n * Math.cos(0.4 * n);
  for (let i = 0; i < frames; i++) errors[i] = Math.sin(i * i);
  meeting.prepare();
  meeting.solve();
  // Sample frames + i hears noise k by h[frames + i − k].
  const heard = (i: number, k: number): number =>
    k <= frames + i && k >= 0 ? (response[frames + i - k] ?? 0) : 0;
  const matrix = new Float64Array(frames * frames);
  for (let i = 0; i < frames; i++)
    for (let j = 0; j < frames; j++)
      for (let k = 0; k <= frames + Math.min(i, j); k++)
        matrix[i * frames + j] = (matrix[i * frames + j] ?? 0) + heard(i, k) * heard(j, k);
  const ridge = 0.1 * (matrix[0] ?? 0);
  for (let i = 0; i < frames; i++) matrix[i * (frames + 1)] = (matrix[i * (frames + 1)] ?? 0) + ridge;
  const weights = new Float64Array(frames);
  expect(solvePositive(matrix, errors, weights)).toBe(true);
  const noise = Array.from({ length: frames }, (_, k) =>
    weights.reduce((sum, weight, i) => sum + heard(i, k) * weight, 0),
  );
  for (let n = 0; n < frames; n++) {
    let expected = 0;
    for (let k = 0; k <= n; k++) expected += (response[n - k] ?? 0) * (noise[k] ?? 0);
    expect(meeting.correction[n]).toBeCloseTo(expected, 9);
  }
});

test('no error behind the hole asks for no correction', () => {
  const meeting = new Meeting(32);
  meeting.response[0] = 1;
  meeting.correction.fill(7);
  meeting.prepare();
  meeting.solve();
  expect(meeting.correction.every((sample) => sample === 0)).toBe(true);
});

test('with the packet behind, a hole is filled nearer to the truth, and that packet is played bit for bit', () => {
  const frames = 64;
  const sound = Float32Array.from(
    { length: frames * 90 },
    (_, n) =>
      0.3 * Math.sin(n * 0.05 + 2 * Math.sin(n * 0.003)) + 0.1 * Math.sin(n * 0.21 + Math.cos(n * 0.011)),
  );
  const at = (p: number): Float32Array => sound.subarray(p * frames, (p + 1) * frames);
  const error = [false, true].map((isMet) => {
    const concealer = new Concealer({ sampleRateHz: 48_000, packetFrames: frames });
    const out = new Float32Array(frames);
    let sum = 0;
    for (let p = 0; p < 89; p++) {
      if (p < 60 || p % 5 !== 0) {
        concealer.receive(at(p), out);
        if (isMet) expect(out).toEqual(at(p));
        continue;
      }
      concealer.conceal(out, isMet ? at(p + 1) : undefined);
      sum += out.reduce((total, sample, i) => total + (sample - (at(p)[i] ?? 0)) ** 2, 0);
    }
    return sum;
  });
  expect(error[1]).toBeLessThan(0.5 * (error[0] ?? 0));
});

test('a packet behind that is of the wrong length or not finite never makes sound that is not finite', () => {
  const concealer = new Concealer({ sampleRateHz: 48_000, packetFrames: 64 });
  const out = new Float32Array(64);
  for (let p = 0; p < 50; p++)
    concealer.receive(
      Float32Array.from({ length: 64 }, (_, n) => Math.sin((p * 64 + n) * 0.1)),
      out,
    );
  for (const next of [
    new Float32Array(3),
    new Float32Array(64).fill(Number.NaN),
    new Float32Array(64).fill(3e38),
  ]) {
    concealer.conceal(out, next);
    expect(out.every((sample) => Math.abs(sample) <= 1)).toBe(true);
  }
});
