// realtime
import { assert } from '@jamnet/base';
import { kaiserFilter, type PolyphaseFilter } from './kaiser-filter.ts';

const TAPS = 64;
/** Rows of the filter; linear interpolation between 512 rows leaves images 110 dB down. */
const PHASES = 512;
const PASS_BAND = 0.93;

/**
 * The jitter buffer's streaming resampler: takes samples as they come, gives samples at a ratio that can be bent by
 * parts per million at any time, without clicks. Delay: 32 input samples. Allocates in the constructor only.
 */
export class Resampler {
  readonly #filter: PolyphaseFilter;
  readonly #line: Float32Array;
  readonly #capacity: number;
  #length: number;
  /**
   * Place of the next output sample, in input samples from the first of `#line`: whole part and fraction in [0, 1),
   * apart so that the same stream gives the same bits however it is cut.
   */
  #whole: number;
  #fraction = 0;
  readonly #nominalStep: number;
  #step: number;

  /** `pushMax`: the most samples of one {@link push}; rates in Hz, at most a factor 8 apart. */
  constructor(options: { readonly fromHz: number; readonly toHz: number; readonly pushMax: number }) {
    const { fromHz, toHz, pushMax } = options;
    assert(
      fromHz > 0 && toHz > 0 && fromHz / toHz <= 8 && toHz / fromHz <= 8,
      `rates ${fromHz} → ${toHz} Hz`,
    );
    const ratio = Math.min(1, toHz / fromHz);
    const taps = 2 * Math.ceil(TAPS / 2 / ratio);
    this.#filter = kaiserFilter(taps, PHASES, 0.5 * ratio * PASS_BAND);
    this.#capacity = taps + 4 * pushMax;
    this.#line = new Float32Array(this.#capacity);
    this.#length = taps / 2 - 1;
    this.#whole = taps / 2 - 1;
    this.#nominalStep = fromHz / toHz;
    this.#step = this.#nominalStep;
  }

  /** Bends the speed: `ppm` > 0 consumes input faster. Range ±100 000. */
  setPpm(ppm: number): void {
    const bent = ppm < -100_000 ? -100_000 : ppm > 100_000 ? 100_000 : ppm >= 0 || ppm < 0 ? ppm : 0;
    this.#step = this.#nominalStep * (1 + bent / 1_000_000);
  }

  /** Takes samples; answers how many fitted (all, unless output is not pulled). */
  push(samples: Float32Array): number {
    const fitting = Math.min(samples.length, this.#capacity - this.#length);
    for (let i = 0; i < fitting; i++) this.#line[this.#length + i] = samples[i] ?? 0;
    this.#length += fitting;
    return fitting;
  }

  /** Writes what can be made of the input so far, at most `out.length` samples; answers how many. */
  pull(out: Float32Array): number {
    const half = this.#filter.taps / 2;
    let made = 0;
    while (made < out.length && this.#whole + half < this.#length) {
      out[made] = this.#nextSample();
      made++;
      this.#advance();
    }
    this.#forget(this.#whole - (half - 1));
    return made;
  }

  /** Output samples that {@link pull} could give now. */
  get available(): number {
    const last = this.#length - this.#filter.taps / 2;
    const place = this.#whole + this.#fraction;
    return place >= last ? 0 : Math.ceil((last - place) / this.#step);
  }

  #advance(): void {
    const place = this.#fraction + this.#step;
    const whole = Math.floor(place);
    this.#whole += whole;
    this.#fraction = place - whole;
  }

  #nextSample(): number {
    const { taps, phases, rows } = this.#filter;
    const place = this.#fraction * phases;
    const phase = Math.floor(place);
    const between = place - phase;
    const first = this.#whole - (taps / 2 - 1);
    const low = phase * taps;
    const high = low + taps;
    let lower = 0;
    let upper = 0;
    for (let tap = 0; tap < taps; tap++) {
      const sample = this.#line[first + tap] ?? 0;
      lower += (rows[low + tap] ?? 0) * sample;
      upper += (rows[high + tap] ?? 0) * sample;
    }
    return lower + between * (upper - lower);
  }

  #forget(frames: number): void {
    const gone = Math.min(frames, this.#length);
    if (gone <= 0) return;
    this.#line.copyWithin(0, gone, this.#length);
    this.#length -= gone;
    this.#whole -= gone;
  }
}
