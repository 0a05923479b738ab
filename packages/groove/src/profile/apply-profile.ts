import { cellOf, instrumentOfPitch, STEPS_PER_BAR } from '../instruments.ts';
import { clamp, divideRounding } from '../integers.ts';
import type { ParsedMidiEvent } from '../midi.ts';
import { type GrooveProfile, type PlayedStroke, strokesOf } from './groove-profile.ts';

/** A file's tracks; events of other kinds pass through as they are. */
export interface MidiTracks<Event extends ParsedMidiEvent> {
  readonly ticksPerBeat: number;
  readonly tracks: readonly (readonly Event[])[];
}

interface Placed<Event> {
  readonly event: Event;
  readonly tick: number;
  /** Place among the track's events: what falls on one tick keeps its order. */
  readonly order: number;
}

/** Counted from 0: channel 10, the drums (General MIDI 1). */
const DRUM_CHANNEL = 9;
/** 120 beats a minute until a file says otherwise (Standard MIDI Files 1.0). */
const US_PER_BEAT_DEFAULT = 500_000;

/**
 * Plays the drums of a part as a profile's drummer does: each stroke is moved by his push or pull on its step and brought to his
 * velocity there, its end with it. `strengthPercent`, 0..100: how far. Distances stay the same in µs at any tempo; a stroke moves
 * at most half a sixteenth, and none before the beginning. Where channel 10 has notes only they are drums; else all channels are.
 */
export function applyProfile<Event extends ParsedMidiEvent>(
  { ticksPerBeat, tracks }: MidiTracks<Event>,
  profile: GrooveProfile,
  strengthPercent: number,
): { readonly tracks: Event[][]; readonly strokes: number } {
  const strokes = strokesOf(profile);
  const usPerBeatAt = tempoOf(tracks);
  const isDrums = drumChannels(tracks);
  let moved = 0;
  const played = tracks.map((track) => {
    const sounding = new Map<number, number[]>();
    const placed = placedOf(track).map((one): Placed<Event> => {
      const { event, tick } = one;
      const channel = event.channel ?? DRUM_CHANNEL;
      if (!isDrums(channel)) return one;
      const pitch = event.noteNumber ?? -1;
      const note = channel * 128 + pitch;
      const isStroke = event.type === 'noteOn' && (event.velocity ?? 0) > 0;
      const isEnd = event.type === 'noteOff' || (event.type === 'noteOn' && !isStroke);
      if (isEnd) return { ...one, tick: Math.max(0, tick + (sounding.get(note)?.shift() ?? 0)) };
      const instrument = instrumentOfPitch(pitch);
      if (!isStroke || instrument === null) return one;
      moved++;
      const step = divideRounding(tick * 4, ticksPerBeat) % STEPS_PER_BAR;
      const stroke = strokes[cellOf(instrument, step)] ?? SILENT;
      const shift = shiftTicks(stroke, { ticksPerBeat, usPerBeat: usPerBeatAt(tick), strengthPercent });
      sounding.set(note, [...(sounding.get(note) ?? []), Math.max(-tick, shift)]);
      return {
        ...one,
        event: { ...event, velocity: blend(event.velocity ?? 0, stroke.velocity, strengthPercent) },
        tick: Math.max(0, tick + shift),
      };
    });
    return deltas(placed);
  });
  return { tracks: played, strokes: moved };
}

const SILENT: PlayedStroke = { offsetUs: 0, velocity: 1 };

function shiftTicks(
  { offsetUs }: PlayedStroke,
  at: { ticksPerBeat: number; usPerBeat: number; strengthPercent: number },
): number {
  const half = at.ticksPerBeat / 8;
  const ticks = (offsetUs * at.strengthPercent * at.ticksPerBeat) / (100 * at.usPerBeat);
  return Math.round(clamp(ticks, -half, half));
}

/** A bass has the pitches of drums: a file that keeps its drums apart is taken at its word. */
function drumChannels(tracks: readonly (readonly ParsedMidiEvent[])[]): (channel: number) => boolean {
  const keepsApart = tracks.some((track) =>
    track.some(({ type, channel }) => type === 'noteOn' && channel === DRUM_CHANNEL),
  );
  return (channel) => !keepsApart || channel === DRUM_CHANNEL;
}

function blend(own: number, profiles: number, strengthPercent: number): number {
  return clamp(divideRounding(own * (100 - strengthPercent) + profiles * strengthPercent, 100), 1, 127);
}

/** µs of a quarter note at a tick: tempo changes of all tracks count for all. */
function tempoOf(tracks: readonly (readonly ParsedMidiEvent[])[]): (tick: number) => number {
  const changes = tracks
    .flatMap((track) => placedOf(track))
    .filter(({ event }) => event.type === 'setTempo' && (event.microsecondsPerBeat ?? 0) > 0)
    .sort((a, b) => a.tick - b.tick);
  return (tick) =>
    changes.findLast((change) => change.tick <= tick)?.event.microsecondsPerBeat ?? US_PER_BEAT_DEFAULT;
}

function placedOf<Event extends ParsedMidiEvent>(track: readonly Event[]): Placed<Event>[] {
  let tick = 0;
  return track.map((event, order) => {
    tick += event.deltaTime;
    return { event, tick, order };
  });
}

/** In order of time again; the end of the track stays its last event. */
function deltas<Event extends ParsedMidiEvent>(placed: readonly Placed<Event>[]): Event[] {
  const rank = ({ event }: Placed<Event>): number => (event.type === 'endOfTrack' ? 1 : 0);
  const sorted = [...placed].sort((a, b) => rank(a) - rank(b) || a.tick - b.tick || a.order - b.order);
  let before = 0;
  return sorted.map(({ event, tick }) => {
    const deltaTime = Math.max(0, tick - before);
    before = Math.max(before, tick);
    return { ...event, deltaTime };
  });
}
