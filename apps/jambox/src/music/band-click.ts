import { CLICK_POLICY, ClickFollower } from '@jamnet/groove';
import { limits, type TimelineEntry } from '@jamnet/toast';

const US_PER_SAMPLE = 1e6 / limits.SAMPLE_RATE_HZ;
/** Beats on which nobody struck anything, after which the click goes back to the room's own beat. */
const QUIET_BEATS_MAX = 8;
/** Further behind than this the click begins anew: the mix stood still, or its place on the timeline leapt. */
const BEATS_BEHIND_MAX = 8;

/** Where the click that follows the band is, beside the room's announced beat. */
export interface BandPlace {
  /** Of the click from its announced beat, µs; late is positive. */
  readonly offsetUs: number;
  /** Beats per minute times 1,000, as the click goes now. */
  readonly tempoMilliBpm: number;
  /** Somebody was heard on one of the last beats; else the click goes back to the announced beat. */
  readonly isLed: boolean;
}

/**
 * The room's click moved to where the band plays: strokes go in at the places at which they were played, not at which they are
 * heard, so that the network's delay drags nothing and whoever hears the same strokes has the same click. A click is set half a beat
 * after the one before it: strokes around that one, which come late by the network's delay, are heard by then. Who joins late begins
 * on the announced beat; when nobody is heard any more, the click glides back to it.
 */
export class BandClick {
  #entry: TimelineEntry | null = null;
  #follower = new ClickFollower(0, 1_000_000);
  #beat = 0;
  /** Length of an announced beat, µs, fractions included. */
  #lengthUs = 1_000_000;
  #quiet = QUIET_BEATS_MAX;

  /** The beat of the click that sounds or comes next, counted from the entry's first. */
  get beat(): number {
    return this.#beat;
  }

  /** The room's sample on which that click begins. */
  get sample(): number {
    return Math.round((this.#entry?.atSample ?? 0) + this.#follower.clickUs / US_PER_SAMPLE);
  }

  /** `null` before a beat runs. */
  get place(): BandPlace | null {
    if (this.#entry === null) return null;
    return {
      offsetUs: this.#follower.clickUs - Math.round(this.#beat * this.#lengthUs),
      tempoMilliBpm: Math.round(60e9 / this.#follower.beatUs),
      isLed: this.#quiet < QUIET_BEATS_MAX,
    };
  }

  /** A stroke by its place on the room's timeline. */
  hear(atSample: number): void {
    if (this.#entry !== null)
      this.#follower.hear(Math.round((atSample - this.#entry.atSample) * US_PER_SAMPLE));
  }

  /** Brings the click to `sample`, where `entry` holds and runs. */
  turn(entry: TimelineEntry, sample: number): void {
    const sinceUs = (sample - entry.atSample) * US_PER_SAMPLE;
    const known = this.#entry;
    const behindUs = sinceUs - this.#follower.clickUs;
    const isOther = known === null || known.id !== entry.id || known.atSample !== entry.atSample;
    if (isOther || Math.abs(behindUs) > BEATS_BEHIND_MAX * this.#lengthUs) this.#begin(entry, sinceUs);
    while (sinceUs >= this.#follower.clickUs + this.#lengthUs / 2) this.#next();
  }

  stop(): void {
    this.#entry = null;
  }

  #begin(entry: TimelineEntry, sinceUs: number): void {
    this.#entry = entry;
    this.#lengthUs = 60e9 / entry.tempoMilliBpm;
    this.#beat = Math.max(0, Math.floor(sinceUs / this.#lengthUs));
    this.#follower = new ClickFollower(Math.round(this.#beat * this.#lengthUs), Math.round(this.#lengthUs));
    this.#quiet = QUIET_BEATS_MAX;
  }

  #next(): void {
    this.#quiet = this.#follower.heard > 0 ? 0 : Math.min(this.#quiet + 1, QUIET_BEATS_MAX);
    const offsetUs = this.#follower.clickUs - Math.round(this.#beat * this.#lengthUs);
    this.#beat++;
    if (this.#quiet < QUIET_BEATS_MAX) this.#follower.next();
    else this.#goHome(offsetUs);
  }

  #goHome(offsetUs: number): void {
    const most = CLICK_POLICY.phaseUsMax;
    const leftUs = offsetUs - Math.max(-most, Math.min(most, offsetUs));
    const clickUs = Math.round(this.#beat * this.#lengthUs) + leftUs;
    this.#follower = new ClickFollower(clickUs, Math.round(this.#lengthUs));
  }
}
