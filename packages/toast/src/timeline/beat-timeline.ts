import { SAMPLE_RATE_HZ } from '../limits.ts';

/** From `atSample` on the room's timeline: which bar begins there, how fast it goes, and whether it runs. */
export interface TimelineEntry {
  /** Drawn by whoever asked for it: tells one command from another. */
  readonly id: number;
  readonly atSample: number;
  /** Bar that begins at `atSample`, from 0. */
  readonly bar: number;
  /** Beats per minute times 1,000. */
  readonly tempoMilliBpm: number;
  readonly beatsPerBar: number;
  readonly isRunning: boolean;
}

const TEMPO_MILLI_BPM = { least: 20_000, most: 400_000 } as const;
const BEATS_PER_BAR_MAX = 32;
const UINT32_MAX = 0xffffffff;
/** What holds and what comes next: a room keeps so many entries. */
export const TIMELINE_ENTRIES_MAX = 2;

/** Whether every field lies in its range: what the wire and a player's wish are held against. */
export function isTimelineEntry(entry: TimelineEntry): boolean {
  const { id, atSample, bar, tempoMilliBpm, beatsPerBar } = entry;
  const isWhole = [id, atSample, bar, tempoMilliBpm, beatsPerBar].every(
    (value) => Number.isSafeInteger(value) && value >= 0,
  );
  return (
    isWhole &&
    id <= UINT32_MAX &&
    bar <= UINT32_MAX &&
    tempoMilliBpm >= TEMPO_MILLI_BPM.least &&
    tempoMilliBpm <= TEMPO_MILLI_BPM.most &&
    beatsPerBar >= 1 &&
    beatsPerBar <= BEATS_PER_BAR_MAX
  );
}

export interface Position {
  readonly bar: number;
  /** [0, beats per bar), fractions included. */
  readonly beat: number;
  readonly isRunning: boolean;
}

/** The room's shared beat: pure arithmetic on the timeline's samples, the same at every peer. */
export class BeatTimeline {
  #entries: readonly TimelineEntry[] = [];

  /** Entries in the order of their samples. */
  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  replace(entries: readonly TimelineEntry[]): void {
    this.#entries = [...entries].sort((a, b) => a.atSample - b.atSample);
  }

  /** The entry that holds at a sample; `null` before the first. */
  entryAt(sample: number): TimelineEntry | null {
    let found: TimelineEntry | null = null;
    for (const entry of this.#entries) if (entry.atSample <= sample) found = entry;
    return found;
  }

  /** Where in the music a sample lies; `null` before anything was set. A stopped timeline stays where it stopped. */
  positionAt(sample: number): Position | null {
    const entry = this.entryAt(sample);
    if (entry === null) return null;
    if (!entry.isRunning) return { bar: entry.bar, beat: 0, isRunning: false };
    const beats = (sample - entry.atSample) / samplesPerBeat(entry);
    const bar = Math.floor(beats / entry.beatsPerBar);
    return { bar: entry.bar + bar, beat: beats - bar * entry.beatsPerBar, isRunning: true };
  }

  /** The first sample at or after `sample` on which a bar begins; `null` while nothing runs. */
  nextBarSample(sample: number): number | null {
    const entry = this.entryAt(sample);
    if (entry === null || !entry.isRunning) return null;
    const length = samplesPerBeat(entry) * entry.beatsPerBar;
    const bars = Math.ceil((sample - entry.atSample) / length - 1e-9);
    return Math.round(entry.atSample + bars * length);
  }
}

export function samplesPerBeat(entry: TimelineEntry): number {
  return (60_000 * SAMPLE_RATE_HZ) / entry.tempoMilliBpm;
}

/**
 * The entries after a command: the one that holds at `nowSample`, and the command, which never takes effect before
 * `nowSample + leadSamples` so that every peer knows of it first. A known id changes nothing (`null`).
 */
export function withCommand(
  entries: readonly TimelineEntry[],
  command: TimelineEntry,
  nowSample: number,
  leadSamples: number,
): readonly TimelineEntry[] | null {
  if (entries.some((entry) => entry.id === command.id)) return null;
  const timeline = new BeatTimeline();
  timeline.replace(entries);
  const holding = timeline.entryAt(nowSample);
  const atSample = Math.max(command.atSample, Math.ceil(nowSample + leadSamples));
  return [...(holding === null ? [] : [holding]), { ...command, atSample }].slice(-TIMELINE_ENTRIES_MAX);
}

/**
 * The entries of a room whose relay had forgotten them, after a member has told one: as it was agreed on, those that
 * begin last kept. A known id changes nothing (`null`).
 */
export function withRecalled(
  entries: readonly TimelineEntry[],
  recalled: TimelineEntry,
): readonly TimelineEntry[] | null {
  if (entries.some((entry) => entry.id === recalled.id)) return null;
  const all = [...entries, recalled].sort((a, b) => a.atSample - b.atSample || a.id - b.id);
  const kept = all.slice(-TIMELINE_ENTRIES_MAX);
  return kept.includes(recalled) ? kept : null;
}
