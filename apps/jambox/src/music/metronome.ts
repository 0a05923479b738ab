// realtime
import { type BeatTimeline, limits, samplesPerBeat } from '@jamnet/toast';
import { BandClick, type BandPlace } from './band-click.ts';

/** 30 ms at 48 kHz: short enough not to reach the next beat at 400 a minute. */
export const CLICK_FRAMES = 1440;
const FIRST_HZ = 1600;
const OTHER_HZ = 1000;
const LEVEL = 0.25;
/** The click's decay, s. */
const DECAY_S = 0.006;
/** 5 ms: when the place of the mix on the room's timeline is further off, the click jumps there. */
const SLIP_FRAMES_MAX = 240;

/**
 * The room's beat made audible: each click begins on the beat's own sample, whatever blocks the mix is made in, or where the band plays
 * that beat.
 */
export class Metronome {
  isOn = false;
  followsBand = false;
  readonly #band = new BandClick();
  readonly #first = click(FIRST_HZ);
  readonly #other = click(OTHER_HZ);
  /** The room's sample of the next block's first frame; −1 while silent. */
  #at = -1;

  /** Where the click is that follows the band; `null` while none sounds. */
  get band(): BandPlace | null {
    return this.isOn && this.followsBand ? this.#band.place : null;
  }

  /** Somebody struck something on this sample of the room's timeline. */
  hear(atSample: number): void {
    if (this.isOn && this.followsBand) this.#band.hear(atSample);
  }

  /** Adds to a block that will be at the ear with the room's sample `sample`, as far as is known now. */
  addTo(mix: Float32Array, sample: number, timeline: BeatTimeline): void {
    if (!this.isOn || !this.followsBand) this.#band.stop();
    if (!this.isOn) {
      this.#at = -1;
      return;
    }
    if (this.#at < 0 || Math.abs(sample - this.#at) > SLIP_FRAMES_MAX) this.#at = Math.round(sample);
    const start = this.#at;
    const end = start + mix.length;
    this.#at = end;
    const entry = timeline.entryAt(end - 1);
    if (entry === null || !entry.isRunning) {
      this.#band.stop();
      return;
    }
    if (this.followsBand) {
      this.#band.turn(entry, end);
      this.#sound(mix, start, this.#band.sample, this.#band.beat % entry.beatsPerBar === 0);
      return;
    }
    const length = samplesPerBeat(entry);
    let beat = Math.max(0, Math.floor((start - CLICK_FRAMES - entry.atSample) / length));
    for (; entry.atSample + beat * length < end; beat++)
      this.#sound(mix, start, Math.round(entry.atSample + beat * length), beat % entry.beatsPerBar === 0);
  }

  /** The part of a click beginning at `at` that falls into a block beginning at `start`. */
  #sound(mix: Float32Array, start: number, at: number, isFirst: boolean): void {
    const sound = isFirst ? this.#first : this.#other;
    const last = Math.min(start + mix.length, at + CLICK_FRAMES);
    for (let i = Math.max(start, at); i < last; i++)
      mix[i - start] = (mix[i - start] ?? 0) + (sound[i - at] ?? 0);
  }
}

function click(hertz: number): Float32Array {
  const rate = limits.SAMPLE_RATE_HZ;
  const made = new Float32Array(CLICK_FRAMES);
  for (let i = 0; i < CLICK_FRAMES; i++) {
    const seconds = i / rate;
    made[i] = LEVEL * Math.exp(-seconds / DECAY_S) * Math.cos(2 * Math.PI * hertz * seconds);
  }
  return made;
}
