/** Second-order section in transposed direct form II. */
interface Section {
  readonly b0: number;
  readonly b1: number;
  readonly b2: number;
  readonly a1: number;
  readonly a2: number;
  z1: number;
  z2: number;
}

/** [kind, corner in Hz]; each section has Butterworth quality. */
type Corner = readonly ['above' | 'below', number];

/** Where drums stand out of a dense mix: chosen on the shipped recordings. */
const BANDS: readonly (readonly Corner[])[] = [
  [
    ['above', 50],
    ['below', 150],
  ],
  [
    ['above', 1000],
    ['below', 2500],
  ],
  [
    ['above', 6000],
    ['below', 9000],
  ],
  [
    ['above', 9000],
    ['above', 9000],
  ],
];
export const BAND = { body: 0, crack: 1, hiss: 2, air: 3 } as const;
export const BAND_COUNT = BANDS.length;

/** Splits a signal into {@link BAND_COUNT} bands and measures the energy of each over 1 ms. */
export class OnsetBands {
  readonly #sections: readonly (readonly Section[])[];
  readonly #sums = new Float64Array(BAND_COUNT);

  constructor(sampleRateHz: number) {
    this.#sections = BANDS.map((corners) => corners.map((corner) => sectionOf(corner, sampleRateHz)));
  }

  add(sample: number): void {
    for (let band = 0; band < BAND_COUNT; band++) {
      let value = sample;
      for (const section of this.#sections[band] ?? []) value = filtered(section, value);
      this.#sums[band] = (this.#sums[band] ?? 0) + value * value;
    }
  }

  /** Mean square of each band since the last call; overwritten by the next. */
  takeEnergies(samples: number, into: Float64Array): void {
    for (let band = 0; band < BAND_COUNT; band++) into[band] = (this.#sums[band] ?? 0) / samples;
    this.#sums.fill(0);
  }
}

/** Robert Bristow-Johnson, Audio EQ Cookbook: low-pass and high-pass, Q = 1/√2. */
function sectionOf([kind, cornerHz]: Corner, sampleRateHz: number): Section {
  const angle = (2 * Math.PI * Math.min(cornerHz, 0.45 * sampleRateHz)) / sampleRateHz;
  const [cosine, alpha] = [Math.cos(angle), Math.sin(angle) / Math.SQRT2];
  const [norm, sign] = [1 / (1 + alpha), kind === 'below' ? 1 : -1];
  const b1 = sign * (1 - sign * cosine) * norm;
  const b0 = (sign * b1) / 2;
  return { b0, b1, b2: b0, a1: -2 * cosine * norm, a2: (1 - alpha) * norm, z1: 0, z2: 0 };
}

function filtered(section: Section, value: number): number {
  const out = section.b0 * value + section.z1;
  section.z1 = section.b1 * value - section.a1 * out + section.z2;
  section.z2 = section.b2 * value - section.a2 * out;
  return out;
}
