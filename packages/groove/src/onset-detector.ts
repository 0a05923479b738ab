import { assert } from '@jamnet/base';
import type { Onset } from './bars.ts';
import { clamp } from './integers.ts';
import { BAND, BAND_COUNT, OnsetBands } from './onset-bands.ts';
import { ENERGY_FLOOR, HISTORY, OnsetEnvelope, type Window } from './onset-envelope.ts';

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

const [KICK, SNARE] = [0, 1];
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
/** A stroke right after another needs this share of its gain, and that share halves every so many hops: drums ring. */
const RINGING_SHARE = 0.7;
const RINGING_HALF_HOPS = 40;
/** The beater clicks in the crack band: a kick needs this share of the clearest recent kick's click, within a few hops. */
const CLICK_SHARE = 0.04;
const CLICK_HOPS = 8;
/** What tells drums that sound in each other's bands apart: gains over a common window, compared as ratios of energy. */
const KICK_BODY_OVER_CRACK = 14;
const SNARE_AIR_OVER_CRACK_MAX = 12;
const compared = (band: number): Window => ({ bands: [band], before: 12, after: 8 });
const [BODY, CRACK, AIR] = [compared(BAND.body), compared(BAND.crack), compared(BAND.air)];
/** A hat this close to a snare counts only when the air gains more than the crack. */
const COVERED_HOPS = 15;
/** Velocity falls by 3 per dB below the loudest recent stroke, which is forgotten by 1 dB in ten strokes. */
const VELOCITY_PER_DB = 3;
const LOUDEST_KEPT = 0.977;

/** From a stroke to its report: the widest window after it, then the wait for a larger rise. */
const AFTER_HOPS = 12;
export const ONSET_LATENCY_MS = AFTER_HOPS + APART_HOPS;
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
  readonly #envelope = new OnsetEnvelope();
  readonly #hopEnergies = new Float64Array(BAND_COUNT);
  readonly #memories: readonly Memory[];
  readonly #found: Onset[] = [];
  #fed = 0;
  #loudestClick = 0;
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
    return Math.floor(((this.#envelope.hops + 1) * this.#sampleRateHz) / 1000);
  }

  #hop(): void {
    this.#bands.takeEnergies(this.#fed - this.#hopStart, this.#hopEnergies);
    this.#hopStart = this.#fed;
    this.#envelope.add(this.#hopEnergies);
    for (const memory of this.#memories) this.#listen(memory);
  }

  #listen(memory: Memory): void {
    const { hops } = this.#envelope;
    const heard = hops - AFTER_HOPS;
    if (heard < 0) return;
    memory.rises[heard % HISTORY] = this.#riseOfStroke(memory.listener, heard);
    const candidate = hops - ONSET_LATENCY_MS;
    if (candidate >= 0 && this.#isPeak(memory, candidate)) this.#report(memory, candidate);
  }

  /** The rise at a hop, or 0 where it is too small or what rises is another drum. */
  #riseOfStroke(listener: Listener, hop: number): number {
    const rise = this.#envelope.rise(listener, hop);
    return rise >= listener.riseMin && this.#soundsLike(listener.instrument, hop) ? rise : 0;
  }

  #soundsLike(instrument: number, hop: number): boolean {
    const gain = (window: Window): number => Math.max(ENERGY_FLOOR, this.#envelope.gain(window, hop));
    const crack = gain(CRACK);
    if (instrument === KICK) return gain(BODY) > KICK_BODY_OVER_CRACK * crack;
    if (instrument === SNARE)
      return gain(BODY) < KICK_BODY_OVER_CRACK * crack && gain(AIR) < SNARE_AIR_OVER_CRACK_MAX * crack;
    return true;
  }

  #isPeak({ listener, rises, loudest, lastHop, lastGain }: Memory, hop: number): boolean {
    const rise = rises[hop % HISTORY] ?? 0;
    if (rise === 0) return false;
    const ringing = RINGING_SHARE * lastGain * 0.5 ** ((hop - lastHop) / RINGING_HALF_HOPS);
    if (this.#envelope.gain(listener, hop) < Math.max(listener.gainShare * loudest, ringing)) return false;
    for (let away = -Math.min(APART_HOPS, hop); away <= APART_HOPS; away++) {
      const other = rises[(hop + away) % HISTORY] ?? 0;
      if (other > rise || (other === rise && away < 0)) return false;
    }
    return this.#isItself(listener.instrument, hop);
  }

  /** With what came just before and after in view: a beater's click comes before the skin's body. */
  #isItself(instrument: number, hop: number): boolean {
    const [body, crack] = [this.#largestGain(BODY, hop), this.#largestGain(CRACK, hop)];
    if (instrument === SNARE) return body < KICK_BODY_OVER_CRACK * crack;
    if (instrument === KICK) return body > KICK_BODY_OVER_CRACK * crack && this.#clicks(crack);
    return !this.#isCovered(hop);
  }

  #largestGain(window: Window, hop: number): number {
    let largest = ENERGY_FLOOR;
    for (let away = -CLICK_HOPS; away <= CLICK_HOPS; away++)
      largest = Math.max(largest, this.#envelope.gain(window, hop + away));
    return largest;
  }

  #clicks(click: number): boolean {
    if (click < CLICK_SHARE * this.#loudestClick) return false;
    this.#loudestClick = Math.max(this.#loudestClick * LOUDEST_KEPT, click);
    return true;
  }

  #isCovered(hop: number): boolean {
    const snare = this.#memories[SNARE];
    if (!snare || Math.abs(hop - snare.lastHop) > COVERED_HOPS) return false;
    return this.#envelope.gain(AIR, hop) < this.#envelope.gain(CRACK, hop);
  }

  #report(memory: Memory, hop: number): void {
    const { listener, rises } = memory;
    const gain = this.#envelope.gain(listener, hop);
    memory.lastHop = hop;
    memory.lastGain = gain;
    memory.loudest = Math.max(memory.loudest * LOUDEST_KEPT, gain);
    const decibel = 10 * Math.log10(gain / memory.loudest);
    const velocity = clamp(Math.round(127 + VELOCITY_PER_DB * decibel), 1, 127);
    const timeUs = Math.max(0, Math.round(1000 * (hop + vertex(rises, hop))) - listener.lateUs);
    if (this.#found.length === ONSETS_WAITING_MAX) this.dropped++;
    else this.#found.push({ timeUs, instrument: listener.instrument, velocity });
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
