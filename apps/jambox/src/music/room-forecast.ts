import { ExpectedHits, type Forecaster, gridOf, HOUSE_PRIORS, house2 } from '@jamnet/groove';
import type { HitForecast } from '@jamnet/pnbtr';
import { type BeatTimeline, limits, type TimelineEntry } from '@jamnet/toast';

const US_PER_SAMPLE = 1e6 / limits.SAMPLE_RATE_HZ;
/** `groove` knows bars of four quarter notes only. */
const BEATS_PER_BAR = 4;
/** Who has hit nothing for so long rests, or has gone: nothing more is expected until the next hit. */
const REST_BEATS = 6;

interface Running {
  readonly entry: TimelineEntry;
  readonly hits: ExpectedHits;
  readonly restUs: number;
}

/**
 * How one player's drums go on, by the room's beat: times of the ear's clock are brought onto the grid of the entry of the timeline that
 * holds, whose bar 0 is its first. A change of the beat begins anew, for hits are learnt by their place in the bar. Without a beat that
 * runs in 4/4 nothing is expected, nor of who rests.
 */
export class RoomForecast implements HitForecast {
  readonly #timeline: BeatTimeline;
  readonly #newForecaster: () => Forecaster;
  #heardFromUs = 0;
  #running: Running | null = null;
  /** Of the last hit that came, on the grid. */
  #hitUs = Number.NEGATIVE_INFINITY;

  /** `newForecaster`: who foretells, from each change of the beat anew. */
  constructor(timeline: BeatTimeline, newForecaster: () => Forecaster = () => house2(HOUSE_PRIORS)) {
    this.#timeline = timeline;
    this.#newForecaster = newForecaster;
  }

  /** `heardFromUs`: when the room's sample 0 is or was heard; it moves with the delay. */
  turn(nowUs: number, heardFromUs: number): void {
    this.#heardFromUs = heardFromUs;
    const entry = this.#timeline.entryAt((nowUs - heardFromUs) / US_PER_SAMPLE);
    if (entry?.id === this.#running?.entry.id && entry?.atSample === this.#running?.entry.atSample) return;
    this.#running = entry === null ? null : begun(entry, this.#newForecaster);
    this.#hitUs = Number.NEGATIVE_INFINITY;
  }

  hear(pitch: number, atUs: number, velocity: number): void {
    const gridUs = this.#onGrid(atUs);
    this.#hitUs = Math.max(this.#hitUs, gridUs);
    this.#running?.hits.hear(pitch, gridUs, velocity);
  }

  between(fromUs: number, toUs: number): { pitch: number; velocity: number; atUs: number }[] {
    if (this.#running === null || this.#onGrid(fromUs) - this.#hitUs > this.#running.restUs) return [];
    const hits = this.#running.hits.between(this.#onGrid(fromUs), this.#onGrid(toUs));
    return hits.map((hit) => ({ ...hit, atUs: this.#heard(hit.atUs) }));
  }

  nextUs(pitch: number, fromUs: number): number | null {
    const atUs = this.#running?.hits.nextUs(pitch, this.#onGrid(fromUs)) ?? null;
    return atUs === null ? null : this.#heard(atUs);
  }

  #onGrid(atUs: number): number {
    return Math.round(atUs - this.#heardFromUs - this.#entryUs);
  }

  #heard(gridUs: number): number {
    return Math.round(gridUs + this.#heardFromUs + this.#entryUs);
  }

  /** Room time of the grid's bar 0. */
  get #entryUs(): number {
    return (this.#running?.entry.atSample ?? 0) * US_PER_SAMPLE;
  }
}

function begun(entry: TimelineEntry, newForecaster: () => Forecaster): Running | null {
  if (!entry.isRunning || entry.beatsPerBar !== BEATS_PER_BAR) return null;
  const usPerBeat = Math.round(60e9 / entry.tempoMilliBpm);
  const grid = gridOf({ tempoMap: [{ beat: 0, usPerBeat }], firstBarOffsetUs: 0 });
  if (!grid.ok) return null;
  return { entry, hits: new ExpectedHits(grid.value, newForecaster()), restUs: REST_BEATS * usPerBeat };
}
