import type { Picture } from './png.ts';

const WIDTH = 960;
const HEIGHT = 168;
/** Below the spectrum: a strip that marks lost packets. */
const GAP_ROWS = 3;
const STRIP_ROWS = 7;
/** 11 ms: short enough to show a hole of four packets, long enough to part the strings of a guitar. */
const WINDOW_FRAMES = 512;
const LOWEST_HZ = 80;
const HIGHEST_HZ = 16_000;
const FLOOR_DB = -92;
const CEILING_DB = -12;

/** From silence to loud: lightness rises evenly, so that the picture also reads without colour. */
const COLOURS = [
  [10, 16, 20],
  [24, 52, 84],
  [92, 66, 120],
  [190, 78, 88],
  [240, 150, 76],
  [253, 240, 196],
] as const;
const LEVELS = 254;
const LOST = 254;
const ARRIVED = 255;
const LOST_COLOUR = [236, 72, 52] as const;
const ARRIVED_COLOUR = [58, 72, 70] as const;

/** Level by time and logarithmic frequency, 80 Hz to 16 kHz; the strip at the foot is red where a packet was lost. */
export function spectrogram(
  samples: Float32Array,
  isLost: (sample: number) => boolean,
  rateHz: number,
): Picture {
  const height = HEIGHT + GAP_ROWS + STRIP_ROWS;
  const pixels = new Uint8Array(WIDTH * height);
  for (let x = 0; x < WIDTH; x++) {
    const centre = Math.round(((x + 0.5) * samples.length) / WIDTH);
    const spectrum = levelsAt(samples, centre);
    for (let y = 0; y < HEIGHT; y++) {
      const bin = (hertzOfRow(y) * WINDOW_FRAMES) / rateHz;
      const level = (interpolated(spectrum, bin) - FLOOR_DB) / (CEILING_DB - FLOOR_DB);
      pixels[y * WIDTH + x] = Math.round(Math.min(1, Math.max(0, level)) * (LEVELS - 1));
    }
    for (let y = HEIGHT + GAP_ROWS; y < height; y++) pixels[y * WIDTH + x] = isLost(centre) ? LOST : ARRIVED;
  }
  return { width: WIDTH, height, pixels, palette: palette() };
}

function hertzOfRow(y: number): number {
  return HIGHEST_HZ * (LOWEST_HZ / HIGHEST_HZ) ** (y / (HEIGHT - 1));
}

function interpolated(levels: Float64Array, bin: number): number {
  const low = Math.floor(bin);
  const [a, b] = [levels[low] ?? FLOOR_DB, levels[low + 1] ?? FLOOR_DB];
  return a + (b - a) * (bin - low);
}

const HANN = Float64Array.from(
  { length: WINDOW_FRAMES },
  (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / WINDOW_FRAMES),
);
const COSINE = Float64Array.from({ length: WINDOW_FRAMES }, (_, n) =>
  Math.cos((2 * Math.PI * n) / WINDOW_FRAMES),
);

/** Level of each bin around a sample, dB against a full-scale sine. */
function levelsAt(samples: Float32Array, centre: number): Float64Array {
  const re = new Float64Array(WINDOW_FRAMES);
  const im = new Float64Array(WINDOW_FRAMES);
  for (let n = 0; n < WINDOW_FRAMES; n++)
    re[reversed(n)] = (samples[centre - WINDOW_FRAMES / 2 + n] ?? 0) * (HANN[n] ?? 0);
  transform(re, im);
  // A full-scale sine under a Hann window comes to a quarter of the window's length.
  const full = (WINDOW_FRAMES / 4) ** 2;
  return Float64Array.from(
    { length: WINDOW_FRAMES / 2 + 1 },
    (_, bin) => 10 * Math.log10(((re[bin] ?? 0) ** 2 + (im[bin] ?? 0) ** 2) / full + 1e-12),
  );
}

function reversed(n: number): number {
  let out = 0;
  for (let bit = 1; bit < WINDOW_FRAMES; bit <<= 1) out = (out << 1) | (n & bit ? 1 : 0);
  return out;
}

/** Radix 2 in place, input in bit-reversed order. */
function transform(re: Float64Array, im: Float64Array): void {
  for (let size = 2; size <= WINDOW_FRAMES; size <<= 1) {
    const [half, stride] = [size >> 1, WINDOW_FRAMES / size];
    for (let start = 0; start < WINDOW_FRAMES; start += size) {
      for (let j = 0; j < half; j++) {
        const [a, b] = [start + j, start + j + half];
        const c = COSINE[j * stride] ?? 0;
        const s = -(COSINE[(j * stride + (3 * WINDOW_FRAMES) / 4) % WINDOW_FRAMES] ?? 0);
        const real = (re[b] ?? 0) * c - (im[b] ?? 0) * s;
        const imaginary = (re[b] ?? 0) * s + (im[b] ?? 0) * c;
        re[b] = (re[a] ?? 0) - real;
        im[b] = (im[a] ?? 0) - imaginary;
        re[a] = (re[a] ?? 0) + real;
        im[a] = (im[a] ?? 0) + imaginary;
      }
    }
  }
}

function palette(): Uint8Array {
  const colours = new Uint8Array(3 * 256);
  for (let level = 0; level < LEVELS; level++) {
    const place = (level / (LEVELS - 1)) * (COLOURS.length - 1);
    const from = Math.min(COLOURS.length - 2, Math.floor(place));
    for (let part = 0; part < 3; part++) {
      const [a, b] = [COLOURS[from]?.[part] ?? 0, COLOURS[from + 1]?.[part] ?? 0];
      colours[3 * level + part] = Math.round(a + (b - a) * (place - from));
    }
  }
  colours.set(LOST_COLOUR, 3 * LOST);
  colours.set(ARRIVED_COLOUR, 3 * ARRIVED);
  return colours;
}
