import { limits, type PeerSession, samplesPerBeat, type TimelineEntry } from '@jamnet/toast';

/** A tempo for a room that has none. */
export interface Beat {
  /** Beats per minute times 1,000, 20,000 … 400,000. */
  readonly tempoMilliBpm: number;
  /** 1 … 32; drums are foretold in bars of 4 only. */
  readonly beatsPerBar: number;
}

/** A relay lets a beat hold 250 ms after it heard of it at the earliest; as much again for a slow way to it, and one try that is lost. */
const LEAD_SAMPLES = limits.SAMPLE_RATE_HZ / 2;

/**
 * The room's beat from a player who brings one. Its bar 0 lies on the first sample that this player sends, so that notes of a file
 * fall on its bars; it is heard from the first bar line on that every peer learns of in time. A room that has a beat keeps it.
 */
export class FirstBeat {
  readonly #beat: Beat;
  readonly #id: number;

  /** `id`: drawn anew, 32 bits, tells this wish from others. */
  constructor(beat: Beat, id: number) {
    this.#beat = beat;
    this.#id = id;
  }

  static of(beat: Beat | undefined, id: number): FirstBeat | undefined {
    return beat === undefined ? undefined : new FirstBeat(beat, id);
  }

  /** To be called once, when the room has started. `firstSample`: of the room, the first that this player sends. */
  ask(session: PeerSession, nowUs: number, firstSample: number): void {
    if (session.timeline.entries.length > 0) return;
    session.setTimeline(nowUs, this.#entry(session.sampleAt(nowUs), firstSample));
  }

  #entry(nowSample: number, firstSample: number): TimelineEntry {
    const entry = { id: this.#id, atSample: firstSample, bar: 0, isRunning: true, ...this.#beat };
    const barSamples = samplesPerBeat(entry) * entry.beatsPerBar;
    const bar = Math.ceil(Math.max(0, Math.max(0, nowSample) + LEAD_SAMPLES - firstSample) / barSamples);
    return { ...entry, bar, atSample: Math.round(firstSample + bar * barSamples) };
  }
}
