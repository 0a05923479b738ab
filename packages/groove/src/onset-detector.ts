import { assert } from '@jamnet/base';
import type { Onset } from './bars.ts';
import { clamp } from './integers.ts';
import { BAND, BAND_COUNT, OnsetBands } from './onset-bands.ts';

/** Energy over `after` hops of 1 ms against that over the `before` hops before; of several bands the least. */
interface Window {
  readonly bands: readonly number[];
  readonly before: number;
  readonly after: number;
}

/** One kind of stroke the detector listens for. */
interface Listener extends Window {
  readonly instrument: number;
  /** Smallest rise of energy that counts, natural logarithm. */
  readonly riseMin: number;
  /** Smallest gain of energy that counts, as a share of the loudest recent stroke's. */
  readonly gainShare: number;
  /** How late the largest rise stands after the stroke, µs: filter delay and attack, measured on mixed single drums. */
  readonly lateUs: number;
}

const LISTENERS: readonly Listener[] = [
  { instrument: 0, bands: [BAND.body], before: 30, after: 12, riseMin: 0.7, gainShare: 0.12, lateUs: 0 },
  {
    instrument: 1,
    bands: [BAND.crack, BAND.hiss],
    before: 12,
    after: 4,
    riseMin: 0.8,
    gainShare: 0.05,
    lateUs: -1000,
  },
  { instrument: 2, bands: [BAND.air], before: 12, after: 4, riseMin: 1, gainShare: 0.01, lateUs: -1000 },
];

/** Of two rises closer than this only the larger is a stroke: a third of a sixteenth at 120 beats a minute. */
const APART_HOPS = 40;
/** Energies below this share of the band's running mean, or below −80 dB full scale, count as equal. */
const FLOOR_SHARE = 0.01;
const FLOOR = 1e-8;
/** The running mean follows within about five seconds. */
const MEAN_WEIGHT = 1 / 5000;
/** A stroke right after another needs this share of its gain, and that share halves every so many hops: drums ring. */
const RINGING_SHARE = 0.7;
const RINGING_HALF_HOPS = 40;
/** A stick or beater on a skin: the crack band must rise this much within a few hops of a kick. */
const CLICK_RISE = 0.4;
const CLICK_HOPS = 8;
const CLICK: Window = { bands: [BAND.crack], before: 12, after: 4 };
/** What tells drums that sound in each other's bands apart: gains over a common window, compared as ratios of energy. */
const KICK_BODY_OVER_HISS = 30;
const SNARE_BODY_OVER_HISS_MAX = 50;
const SNARE_AIR_OVER_CRACK_MAX = 8;
const COMPARED = { before: 12, after: 8 } as const;
/** A hat this close to a snare counts only when the air gains more than the crack. */
const COVERED_HOPS = 15;
/** Velocity falls by 3 per dB below the loudest recent stroke, which is forgotten by 1 dB in ten strokes. */
const VELOCITY_PER_DB = 3;
const LOUDEST_KEPT = 0.977;

const HISTORY = 128;
/** From a stroke to its report: the widest window after it, then the wait for a larger rise. */
export const ONSET_LATENCY_MS = 12 + APART_HOPS;
/** Onsets that may wait to be taken; more are counted in {@link OnsetDetector.dropped}. */
export const ONSETS_WAITING_MAX = 65_536;

/** What one listener remembers. */
interface Memory {
  readonly listener: Listener;
  readonly rises: Float64Array;
  loudest: number;
  lastHop: number;
  lastGain: number;
}

/**
 * Finds kicks, snares and hats as they sound: feed blocks of any size, take what was found. Causal: an onset at t is
 * reported once t + {@link ONSET_LATENCY_MS} was fed, and nothing later changes it. The result does not depend on the sizes
 * of blocks. Works in floating point: onsets are signed once by who found them and are data from then on.
 */
export class OnsetDetector {
  readonly #sampleRateHz: number;
  readonly #bands: OnsetBands;
  readonly #energies = new Float64Array(HISTORY * BAND_COUNT);
  readonly #means = new Float64Array(BAND_COUNT);
  readonly #hopEnergies = new Float64Array(BAND_COUNT);
  readonly #memories: readonly Memory[];
  readonly #found: Onset[] = [];
  #fed = 0;
  #hops = 0;
  #hopStart = 0;
  dropped = 0;

  constructor(sampleRateHz: number) {
    assert(
      Number.isInteger(sampleRateHz) && sampleRateHz >= 8000 && sampleRateHz <= 384_000,
      'sample rate in Hz',
    );
    this.#sampleRateHz = sampleRateHz;
    this.#bands = new OnsetBands(sampleRateHz);
    this.#memories = LISTENERS.map((listener) => ({
      listener,
      rises: new Float64Array(HISTORY),
      loudest: 0,
      lastHop: -HISTORY,
      lastGain: 0,
    }));
  }

  /** One channel, full scale ± 1. */
  push(samples: Float32Array): void {
    for (const sample of samples) {
      this.#bands.add(sample);
      this.#fed++;
      if (this.#fed === this.#hopEnd()) this.#hop();
    }
  }

  /** Onsets found since the last call, in the order of their reports. */
  take(): Onset[] {
    return this.#found.splice(0);
  }

  /** The end of the music: what still waits for later sound is decided against silence. */
  finish(): void {
    this.push(new Float32Array(Math.ceil(((ONSET_LATENCY_MS + 2) * this.#sampleRateHz) / 1000)));
  }

  #hopEnd(): number {
    return Math.floor(((this.#hops + 1) * this.#sampleRateHz) / 1000);
  }

  #hop(): void {
    this.#bands.takeEnergies(this.#fed - this.#hopStart, this.#hopEnergies);
    this.#hopStart = this.#fed;
    const at = (this.#hops % HISTORY) * BAND_COUNT;
    for (let band = 0; band < BAND_COUNT; band++) {
      const energy = this.#hopEnergies[band] ?? 0;
      this.#energies[at + band] = energy;
      const mean = this.#means[band] ?? 0;
      this.#means[band] = mean + MEAN_WEIGHT * (energy - mean);
    }
    this.#hops++;
    for (const memory of this.#memories) this.#listen(memory);
  }

  #listen(memory: Memory): void {
    const { listener, rises } = memory;
    const centre = this.#hops - listener.after;
    if (centre < 0) return;
    rises[centre % HISTORY] = this.#rise(listener, centre);
    const candidate = this.#hops - ONSET_LATENCY_MS;
    if (candidate >= 0 && this.#isPeak(memory, candidate)) this.#report(memory, candidate);
  }

  #rise({ bands, before, after }: Window, centre: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const band of bands) {
      const floor = FLOOR + FLOOR_SHARE * (this.#means[band] ?? 0);
      const rise = Math.log(
        (this.#mean(band, centre, after) + floor) / (this.#mean(band, centre - before, before) + floor),
      );
      least = Math.min(least, rise);
    }
    return least;
  }

  /** By how much the listener's first band is louder after `hop` than before. */
  #gain({ bands: [band = 0], before, after }: Window, hop: number): number {
    return this.#mean(band, hop, after) - this.#mean(band, hop - before, before);
  }

  /** Mean energy of a band over `length` hops from `from`; silence before the beginning. */
  #mean(band: number, from: number, length: number): number {
    let sum = 0;
    for (let hop = Math.max(0, from); hop < from + length; hop++)
      sum += this.#energies[(hop % HISTORY) * BAND_COUNT + band] ?? 0;
    return sum / length;
  }

  #isPeak({ listener, rises, loudest, lastHop, lastGain }: Memory, hop: number): boolean {
    const rise = rises[hop % HISTORY] ?? 0;
    const ringing = RINGING_SHARE * lastGain * 0.5 ** ((hop - lastHop) / RINGING_HALF_HOPS);
    const gainMin = Math.max(listener.gainShare * loudest, ringing);
    if (rise < listener.riseMin || this.#gain(listener, hop) < gainMin) return false;
    const reach = Math.min(APART_HOPS, hop);
    for (let away = -reach; away <= APART_HOPS - (listener.after - 1); away++) {
      const other = rises[(hop + away) % HISTORY] ?? 0;
      if (other > rise || (other === rise && away < 0)) return false;
    }
    return true;
  }

  #report(memory: Memory, hop: number): void {
    const { listener, rises } = memory;
    if (!this.#soundsLike(listener.instrument, hop)) return;
    const gain = this.#gain(listener, hop);
    memory.lastHop = hop;
    memory.lastGain = gain;
    memory.loudest = Math.max(memory.loudest * LOUDEST_KEPT, gain);
    const decibel = 10 * Math.log10(gain / memory.loudest);
    const velocity = clamp(Math.round(127 + VELOCITY_PER_DB * decibel), 1, 127);
    const timeUs = Math.max(0, Math.round(1000 * (hop + vertex(rises, hop))) - listener.lateUs);
    if (this.#found.length === ONSETS_WAITING_MAX) this.dropped++;
    else this.#found.push({ timeUs, instrument: listener.instrument, velocity });
  }

  #soundsLike(instrument: number, hop: number): boolean {
    const gain = (band: number): number => Math.max(FLOOR, this.#gain({ bands: [band], ...COMPARED }, hop));
    const [body, crack, hiss, air] = [gain(BAND.body), gain(BAND.crack), gain(BAND.hiss), gain(BAND.air)];
    if (instrument === 0) return body > KICK_BODY_OVER_HISS * hiss && this.#hasClick(hop);
    if (instrument === 1)
      return body < SNARE_BODY_OVER_HISS_MAX * hiss && air < SNARE_AIR_OVER_CRACK_MAX * crack;
    const snare = this.#memories[1];
    return !snare || Math.abs(hop - snare.lastHop) > COVERED_HOPS || air > crack;
  }

  #hasClick(hop: number): boolean {
    for (let away = -CLICK_HOPS; away <= CLICK_HOPS; away++)
      if (hop + away >= 0 && this.#rise(CLICK, hop + away) >= CLICK_RISE) return true;
    return false;
  }
}

/** Where between the hops a parabola through a peak and its neighbours is highest, −½..½. */
function vertex(rises: Float64Array, hop: number): number {
  const [left, peak, right] = [-1, 0, 1].map((away) => rises[(hop + away + HISTORY) % HISTORY] ?? 0);
  const curve = (left ?? 0) - 2 * (peak ?? 0) + (right ?? 0);
  return curve < 0 ? clamp(((left ?? 0) - (right ?? 0)) / (2 * curve), -0.5, 0.5) : 0;
}

/** Onsets of a whole recording (one channel, full scale ± 1), by time, then instrument. */
export function detectOnsets(samples: Float32Array, sampleRateHz: number): Onset[] {
  const detector = new OnsetDetector(sampleRateHz);
  detector.push(samples);
  detector.finish();
  const endUs = (samples.length / sampleRateHz) * 1e6;
  const onsets = detector.take().filter((onset) => onset.timeUs < endUs);
  return onsets.sort((a, b) => a.timeUs - b.timeUs || a.instrument - b.instrument);
}
