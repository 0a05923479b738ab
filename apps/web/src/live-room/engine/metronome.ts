// realtime
import { type BeatTimeline, limits, samplesPerBeat } from '@jamnet/toast';

/** 30 ms at 48 kHz: short enough not to reach the next beat at 400 a minute. */
export const CLICK_FRAMES = 1440;
const FIRST_HZ = 1600;
const OTHER_HZ = 1000;
const LEVEL = 0.25;
/** The click's decay, s. */
const DECAY_S = 0.006;
/** 5 ms: when the place of the mix on the room's timeline is further off, the click jumps there. */
const SLIP_FRAMES_MAX = 240;

/** The room's beat made audible: each click begins on the beat's own sample, whatever blocks the mix is made in. */
export class Metronome {
  isOn = false;
  readonly #first = click(FIRST_HZ);
  readonly #other = click(OTHER_HZ);
  /** The room's sample of the next block's first frame; −1 while silent. */
  #at = -1;

  /** Adds to a block that will be at the ear with the room's sample `sample`, as far as is known now. */
  addTo(mix: Float32Array, sample: number, timeline: BeatTimeline): void {
    if (!this.isOn) {
      this.#at = -1;
      return;
    }
    if (this.#at < 0 || Math.abs(sample - this.#at) > SLIP_FRAMES_MAX) this.#at = Math.round(sample);
    const start = this.#at;
    const end = start + mix.length;
    this.#at = end;
    const entry = timeline.entryAt(end - 1);
    if (entry === null || !entry.isRunning) return;
    const length = samplesPerBeat(entry);
    let beat = Math.max(0, Math.floor((start - CLICK_FRAMES - entry.atSample) / length));
    for (; entry.atSample + beat * length < end; beat++) {
      const at = Math.round(entry.atSample + beat * length);
      const sound = beat % entry.beatsPerBar === 0 ? this.#first : this.#other;
      const last = Math.min(end, at + CLICK_FRAMES);
      for (let i = Math.max(start, at); i < last; i++)
        mix[i - start] = (mix[i - start] ?? 0) + (sound[i - at] ?? 0);
    }
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
