import { ok, type Result, refuse } from '@jamnet/base';
import {
  BARS_MAX,
  type Hit,
  instrumentOfPitch,
  loudestPerCell,
  type MidiPerformance,
  STEPS_PER_BAR,
} from '@jamnet/groove';
import type { BeatRecord, JmidRecord } from '@jamnet/jdat';

export type TrackPerformanceCode = 'no-beat' | 'meter' | 'no-drums' | 'too-long';

/** Channel of drums in General MIDI, counted from 0. */
const DRUM_CHANNEL = 9;
const NOTE_ON = 0x90;

/**
 * Drum notes of a track on the room's beat: nearest sixteenth of the entry that runs at the note (or is less than half a sixteenth
 * away), offset in whole µs. Strokes while no beat runs fall away.
 */
export function performanceOfTrack(
  midi: readonly JmidRecord[],
  beats: readonly BeatRecord[],
  sampleRateHz: number,
): Result<MidiPerformance, TrackPerformanceCode> {
  const ordered = [...beats].sort((a, b) => a.atSample - b.atSample);
  const first = ordered.find(({ isRunning }) => isRunning);
  if (!first) return refuse('no-beat', 'No beat ran in the room: start the metronome before you play.');
  if (ordered.some(({ isRunning, beatsPerBar }) => isRunning && beatsPerBar !== 4))
    return refuse('meter', 'Only takes in 4/4 are learnt from.');
  const hits = midi.flatMap((event) => hitOf(event, ordered, first.bar, sampleRateHz) ?? []);
  const kept = loudestPerCell(hits);
  const last = kept.at(-1);
  if (!last) return refuse('no-drums', 'The track has no drum note on channel 10 while the beat ran.');
  if (last.sixteenth >= BARS_MAX * STEPS_PER_BAR)
    return refuse('too-long', `A performance has at most ${BARS_MAX} bars: cut the take.`);
  return ok({
    sixteenthUs: Math.round(sixteenthSamples(first, sampleRateHz) * (1e6 / sampleRateHz)),
    hits: kept,
  });
}

function hitOf(
  { message, atSample }: JmidRecord,
  beats: readonly BeatRecord[],
  firstBar: number,
  sampleRateHz: number,
): Hit | null {
  const [status = 0, pitch = 0, velocity = 0] = message;
  if (status !== (NOTE_ON | DRUM_CHANNEL) || velocity === 0) return null;
  const instrument = instrumentOfPitch(pitch);
  const beat = beats.findLast(
    (entry) => entry.atSample - sixteenthSamples(entry, sampleRateHz) / 2 <= atSample,
  );
  if (instrument === null || !beat?.isRunning) return null;
  const length = sixteenthSamples(beat, sampleRateHz);
  const place = (atSample - beat.atSample) / length;
  const step = Math.round(place);
  const sixteenth = STEPS_PER_BAR * (beat.bar - firstBar) + step;
  if (sixteenth < 0) return null;
  return {
    sixteenth,
    instrument,
    offsetUs: Math.round((place - step) * length * (1e6 / sampleRateHz)),
    velocity,
  };
}

function sixteenthSamples({ tempoMilliBpm }: BeatRecord, sampleRateHz: number): number {
  return (sampleRateHz * 60_000) / (4 * tempoMilliBpm);
}
