import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Concealer } from './concealer.ts';

const RATE = 48_000;

/** Plays a signal through a concealer; `isLost` by packet index. */
function play(signal: Float32Array, packetFrames: number, isLost: (packet: number) => boolean): Float32Array {
  const concealer = new Concealer({ sampleRateHz: RATE, packetFrames });
  const out = new Float32Array(Math.floor(signal.length / packetFrames) * packetFrames);
  for (let p = 0; (p + 1) * packetFrames <= signal.length; p++) {
    const [from, to] = [p * packetFrames, (p + 1) * packetFrames];
    if (isLost(p)) concealer.conceal(out.subarray(from, to));
    else concealer.receive(signal.subarray(from, to), out.subarray(from, to));
  }
  return out;
}

function errorDb(reference: Float32Array, output: Float32Array, from: number, to: number): number {
  let error = 0;
  let energy = 0;
  for (let n = from; n < to; n++) {
    error += ((output[n] ?? 0) - (reference[n] ?? 0)) ** 2;
    energy += (reference[n] ?? 0) ** 2;
  }
  return 10 * Math.log10(error / energy);
}

const signalOf = (frames: number, at: (n: number) => number): Float32Array =>
  Float32Array.from({ length: frames }, (_, n) => at(n));
const tone = (n: number, hz: number): number => Math.sin((2 * Math.PI * hz * n) / RATE);

test.each([16, 32, 64, 128, 256, 512, 1024, 2048])(
  'output equals input bit for bit when no packet of %i is lost',
  (packetFrames) => {
    const signal = signalOf(packetFrames * 6, (n) => Math.sin(n * n) * 3);
    expect(play(signal, packetFrames, () => false)).toEqual(signal);
  },
);

test('silence stays silence', () => {
  const out = play(new Float32Array(128 * 100), 128, (p) => p % 3 === 2);
  expect(out.every((sample) => sample === 0)).toBe(true);
});

test.each([64, 128, 256])(
  'a sine, a chirp and 40 partials are continued to below −40 dB over one packet of %i',
  (packetFrames) => {
    const frames = 12_288;
    const partials = Array.from({ length: 40 }, (_, i) => ({
      hz: 220 * (i + 1),
      phase: i * i,
    }));
    const signals = {
      sine: signalOf(frames, (n) => 0.5 * tone(n, 997)),
      chirp: signalOf(frames, (n) => 0.5 * Math.sin(2 * Math.PI * (200 * (n / RATE) + 50 * (n / RATE) ** 2))),
      partials: signalOf(frames, (n) =>
        partials.reduce(
          (sum, { hz, phase }) => sum + 0.02 * Math.sin((2 * Math.PI * hz * n) / RATE + phase),
          0,
        ),
      ),
    };
    const lost = 8192 / packetFrames;
    for (const [name, signal] of Object.entries(signals)) {
      const out = play(signal, packetFrames, (p) => p === lost);
      expect(errorDb(signal, out, lost * packetFrames, (lost + 1) * packetFrames), name).toBeLessThan(-40);
    }
  },
);

test('after a hole the first packet is faded in over its first half and left alone after it', () => {
  const signal = signalOf(128 * 80, (n) => 0.3 * Math.sin(n * 0.05) + 0.1 * Math.sin(n * n));
  const out = play(signal, 128, (p) => p === 70);
  const [start, end] = [71 * 128, 72 * 128];
  expect(out.subarray(start, start + 64)).not.toEqual(signal.subarray(start, start + 64));
  expect(out.subarray(start + 64, end)).toEqual(signal.subarray(start + 64, end));
});

test.each([false, true])(
  'a hole asked for at once sounds like one asked for packet by packet (its end known: %s)',
  (isMet) => {
    const signal = signalOf(128 * 60, (n) => 0.3 * tone(n, 440) + 0.1 * Math.sin(n * n));
    const concealers = [0, 1].map(() => new Concealer({ sampleRateHz: RATE, packetFrames: 128 }));
    const outs = concealers.map((concealer, way) => {
      const out = new Float32Array(128 * 5);
      for (let p = 0; p < 50; p++)
        concealer.receive(signal.subarray(p * 128, (p + 1) * 128), out.subarray(0, 128));
      const next = isMet ? signal.subarray(55 * 128, 56 * 128) : undefined;
      if (way === 0) concealer.conceal(out, next);
      else
        for (let p = 0; p < 5; p++)
          concealer.conceal(out.subarray(p * 128, (p + 1) * 128), p === 4 ? next : undefined);
      return out;
    });
    expect(outs[0]).toEqual(outs[1]);
    expect(outs[0]?.some((sample) => Math.abs(sample) > 0.1)).toBe(true);
  },
);

test('recover and receive are the same behind a hole, and recover without a hole changes nothing', () => {
  const signal = signalOf(128 * 60, (n) => 0.3 * tone(n, 440) + 0.1 * Math.sin(n * n));
  const at = (p: number): Float32Array => signal.subarray(p * 128, (p + 1) * 128);
  const outs = (['receive', 'recover'] as const).map((way) => {
    const concealer = new Concealer({ sampleRateHz: RATE, packetFrames: 128 });
    const out = new Float32Array(128);
    for (let p = 0; p < 50; p++) concealer[way](at(p), out);
    expect(out).toEqual(at(49));
    concealer.conceal(out);
    concealer[way](at(51), out);
    expect(out).not.toEqual(at(51));
    return out;
  });
  expect(outs[0]).toEqual(outs[1]);
});

test.each([32, 64, 128, 1024])(
  'no packet of %i that is forecast has more energy than the loudest that was heard',
  (frames) => {
    const swelling = (n: number): number =>
      0.01 * Math.exp(n / 6000) * tone(n, 700) + 0.001 * Math.sin(n * n);
    const signals = [
      swelling,
      (n: number) => (n % 9000 < 300 ? tone(n, 200) : 0),
      (n: number) => Math.sin(n * n),
    ];
    for (const at of signals) {
      const signal = signalOf(24_576, at);
      const out = play(signal, frames, (p) => (p * frames) % 4096 >= 2048);
      const energyOf = (p: number): number =>
        out.subarray(p * frames, (p + 1) * frames).reduce((sum, sample) => sum + sample * sample, 0);
      let loudest = 0;
      for (let p = 0; p < out.length / frames; p++) {
        const isLost = (p * frames) % 4096 >= 2048;
        if (isLost) expect(energyOf(p)).toBeLessThanOrEqual(loudest * 1.000001);
        loudest = Math.max(loudest, energyOf(p));
      }
    }
  },
);

test('a long hole fades to silence', () => {
  const out = play(
    signalOf(128 * 300, (n) => 0.5 * tone(n, 440)),
    128,
    (p) => p >= 100,
  );
  const fadedAt = 100 * 128 + 0.18 * RATE;
  expect(out.subarray(100 * 128, 101 * 128).some((sample) => Math.abs(sample) > 0.4)).toBe(true);
  expect(out.subarray(Math.ceil(fadedAt)).every((sample) => sample === 0)).toBe(true);
});

const shapes: { readonly [name: string]: (n: number) => number } = {
  'full-scale square': (n) => (n % 100 < 50 ? 1 : -1),
  'direct current': () => 1,
  clipping: (n) => Math.max(-1, Math.min(1, 5 * tone(n, 220))),
  denormals: (n) => (n % 7) * 1e-42,
  'the largest floats': (n) => (n % 2 === 0 ? 3.4e38 : -3.4e38),
  'noise growing tenfold a packet': (n) => Math.sin(n * n) * 10 ** (n / 128 - 80),
  'not a number': (n) => (n % 50 === 0 ? Number.NaN : tone(n, 300)),
};

test.each(Object.entries(shapes))(
  'holes in %s give finite sound, never louder than what was heard before',
  (_, at) => {
    const signal = signalOf(128 * 90, at);
    const out = play(signal, 128, (p) => p % 11 === 10 || (p > 60 && p < 70));
    let peak = 0;
    for (let n = 0; n < out.length; n++) {
      const heard = Math.abs(signal[n] ?? 0);
      if (heard > peak) peak = heard;
      expect(Number.isFinite(out[n])).toBe(true);
      expect(Math.abs(out[n] ?? 0)).toBeLessThanOrEqual(peak);
    }
  },
);

test('any trace and any input give finite output', () => {
  fc.assert(
    fc.property(
      fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
      fc.array(fc.float({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 300 }),
      fc.constantFrom(16, 33, 64),
      (trace, values, packetFrames) => {
        const signal = signalOf(trace.length * packetFrames, (n) => values[(n * 7) % values.length] ?? 0);
        const out = play(signal, packetFrames, (p) => trace[p] ?? false);
        expect(out.every(Number.isFinite)).toBe(true);
      },
    ),
    { numRuns: 40 },
  );
});

test('a packet of the wrong length gives silence instead of an exception', () => {
  const concealer = new Concealer({ sampleRateHz: RATE, packetFrames: 128 });
  const out = new Float32Array(128).fill(7);
  concealer.receive(new Float32Array(64), out);
  expect(out.every((sample) => sample === 0)).toBe(true);
});

test('after a reset nothing of the stream before is heard', () => {
  const concealer = new Concealer({ sampleRateHz: RATE, packetFrames: 128 });
  const out = new Float32Array(128);
  for (let p = 0; p < 40; p++)
    concealer.receive(
      signalOf(128, (n) => tone(n + p * 128, 375)),
      out,
    );
  concealer.reset();
  concealer.conceal(out);
  expect(out.every((sample) => sample === 0)).toBe(true);
});

test('plain TypeScript and WebAssembly play the same to within −90 dB when they are given the same model', () => {
  const signal = signalOf(
    128 * 120,
    (n) =>
      0.3 * tone(n, 440) + 0.2 * tone(n, 1234) * Math.exp(-(n % 7000) / 3000) + 0.05 * Math.sin(n * n * 0.37),
  );
  const heard = (['wasm', 'plain'] as const).map((kernel) => {
    const concealer = new Concealer({
      sampleRateHz: RATE,
      packetFrames: 128,
      models: [
        { order: 256, contextFrames: 2048 },
        { order: 96, contextFrames: 1024 },
      ],
      kernel,
    });
    const out = new Float32Array(signal.length);
    for (let p = 0; p < 120; p++) {
      const place = out.subarray(p * 128, (p + 1) * 128);
      if (p % 9 === 8 || (p > 70 && p < 75)) concealer.conceal(place);
      else concealer.receive(signal.subarray(p * 128, (p + 1) * 128), place);
    }
    return out;
  });
  const [wasm = new Float32Array(0), plain = new Float32Array(0)] = heard;
  expect(errorDb(wasm, plain, 0, signal.length)).toBeLessThan(-90);
});
