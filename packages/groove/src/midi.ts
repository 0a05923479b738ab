import { ok, type Result, refuse } from '@jamnet/base';
import { BARS_MAX, type Hit, loudestPerCell } from './bars.ts';
import { instrumentOfPitch, STEPS_PER_BAR } from './instruments.ts';
import { divideRounding } from './integers.ts';

/** The part of a parsed Standard MIDI file that is read here; the npm package `midi-file` returns this shape. */
export interface ParsedMidi {
  readonly header: { readonly ticksPerBeat?: number | undefined };
  readonly tracks: readonly (readonly ParsedMidiEvent[])[];
}

export interface ParsedMidiEvent {
  /** Ticks since the track's previous event. */
  readonly deltaTime: number;
  readonly type: string;
  readonly noteNumber?: number;
  readonly velocity?: number;
  /** 0..15. */
  readonly channel?: number;
  readonly microsecondsPerBeat?: number;
  readonly numerator?: number;
  readonly denominator?: number;
}

/** A drum performance on its own grid. */
export interface MidiPerformance {
  /** Length of a sixteenth at the first tempo, µs. */
  readonly sixteenthUs: number;
  /** Ordered by sixteenth, then instrument. */
  readonly hits: readonly Hit[];
}

export type MidiCode = 'time-base' | 'meter' | 'no-drums' | 'too-long' | 'too-many';

/** Notes read from one file. */
export const MIDI_NOTES_MAX = 1_000_000;
/** 120 beats a minute until a file says otherwise (Standard MIDI Files 1.0). */
const US_PER_BEAT_DEFAULT = 500_000;

interface Note {
  readonly tick: number;
  readonly pitch: number;
  readonly velocity: number;
}
interface Tempo {
  readonly tick: number;
  readonly usPerBeat: number;
}
interface Read {
  readonly notes: Note[];
  readonly tempos: Tempo[];
  meter: string;
}

/** Hits of a parsed MIDI file: nearest sixteenth of the file's own tempo, loudest stroke per cell. 4/4 only. */
export function performanceOfMidi(midi: ParsedMidi): Result<MidiPerformance, MidiCode> {
  const ticksPerBeat = midi.header.ticksPerBeat;
  if (ticksPerBeat === undefined || !Number.isInteger(ticksPerBeat) || ticksPerBeat < 1)
    return refuse(
      'time-base',
      'The file counts time in frames, not in beats: export it with ticks per quarter note.',
    );
  const read = readTracks(midi);
  if (read.meter !== '4/4') return refuse('meter', `The file is in ${read.meter}; only 4/4 is supported.`);
  if (read.notes.length > MIDI_NOTES_MAX)
    return refuse('too-many', `The file has more than ${MIDI_NOTES_MAX} notes: cut it into parts.`);
  const hits = loudestPerCell(hitsOf(read, ticksPerBeat));
  const last = hits.at(-1);
  if (!last)
    return refuse('no-drums', 'The file has no note of the nine drum classes (General MIDI drum pitches).');
  if (last.sixteenth >= BARS_MAX * STEPS_PER_BAR)
    return refuse('too-long', `The file has more than ${BARS_MAX} bars: cut it into parts.`);
  return ok({ sixteenthUs: divideRounding(read.tempos[0]?.usPerBeat ?? US_PER_BEAT_DEFAULT, 4), hits });
}

function readTracks(midi: ParsedMidi): Read {
  const read: Read = { notes: [], tempos: [], meter: '4/4' };
  for (const track of midi.tracks) {
    let tick = 0;
    for (const event of track) {
      tick += event.deltaTime;
      readEvent(read, tick, event);
    }
  }
  read.notes.sort((a, b) => a.tick - b.tick || a.pitch - b.pitch);
  read.tempos.sort((a, b) => a.tick - b.tick);
  if ((read.tempos[0]?.tick ?? 1) > 0) read.tempos.unshift({ tick: 0, usPerBeat: US_PER_BEAT_DEFAULT });
  return read;
}

function readEvent(read: Read, tick: number, event: ParsedMidiEvent): void {
  const { type, noteNumber = 0, velocity = 0, microsecondsPerBeat, numerator, denominator } = event;
  if (type === 'noteOn' && velocity > 0) read.notes.push({ tick, pitch: noteNumber, velocity });
  if (type === 'setTempo' && microsecondsPerBeat) read.tempos.push({ tick, usPerBeat: microsecondsPerBeat });
  if (type === 'timeSignature' && tick === 0) read.meter = `${numerator}/${denominator}`;
}

function hitsOf({ notes, tempos }: Read, ticksPerBeat: number): Hit[] {
  const hits: Hit[] = [];
  let tempo = 0;
  for (const { tick, pitch, velocity } of notes) {
    while ((tempos[tempo + 1]?.tick ?? Number.POSITIVE_INFINITY) <= tick) tempo++;
    const instrument = instrumentOfPitch(pitch);
    if (instrument === null) continue;
    const sixteenth = divideRounding(tick * 4, ticksPerBeat);
    const usPerBeat = tempos[tempo]?.usPerBeat ?? US_PER_BEAT_DEFAULT;
    const offsetUs = divideRounding((tick * 4 - sixteenth * ticksPerBeat) * usPerBeat, ticksPerBeat * 4);
    hits.push({ sixteenth, instrument, offsetUs, velocity });
  }
  return hits;
}
