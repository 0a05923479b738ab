import { readFileSync } from 'node:fs';
import { Failure } from '@jamnet/base';
import { limits, type MidiEvent } from '@jamnet/toast';
import { type MidiEvent as FileEvent, type MidiHeader, parseMidi } from 'midi-file';

export const EVENTS_MAX = 1_000_000;
/** What comes later than this is left out. */
export const SECONDS_MAX = 1800;
/** Beats of half a second until a file says otherwise (Standard MIDI Files 1.0, Set Tempo). */
const TEMPO_US = 500_000;

/** The notes of a standard MIDI file in order, `atSample` from the file's beginning; tempo changes are followed. */
export function readMidiFile(file: string): MidiEvent[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch (cause) {
    throw new Failure('midi-unreadable', `Cannot read ${file}: give the path of a MIDI file.`, { cause });
  }
  try {
    const { header, tracks } = parseMidi(bytes);
    return timed(header, merged(tracks));
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('midi-malformed', `${file} is no standard MIDI file.`, { cause });
  }
}

interface Ticked {
  readonly tick: number;
  readonly event: FileEvent;
}

function merged(tracks: readonly (readonly FileEvent[])[]): Ticked[] {
  const all: Ticked[] = [];
  for (const track of tracks) {
    let tick = 0;
    for (const event of track) {
      tick += event.deltaTime;
      all.push({ tick, event });
      if (all.length > EVENTS_MAX)
        throw new Failure('midi-too-long', `A MIDI file for a room has at most ${EVENTS_MAX} events.`);
    }
  }
  // Stable: what one track says at one moment keeps its order.
  return all.sort((a, b) => a.tick - b.tick);
}

function timed(header: MidiHeader, ticked: readonly Ticked[]): MidiEvent[] {
  const { ticksPerBeat, ticksPerFrame, framesPerSecond } = header;
  const fixedUs = ticksPerFrame && framesPerSecond ? 1e6 / (ticksPerFrame * framesPerSecond) : 0;
  let usPerTick = fixedUs || TEMPO_US / (ticksPerBeat ?? 480);
  let [atUs, atTick] = [0, 0];
  const events: MidiEvent[] = [];
  for (const { tick, event } of ticked) {
    atUs += (tick - atTick) * usPerTick;
    atTick = tick;
    if (atUs > SECONDS_MAX * 1e6) break;
    if (event.type === 'setTempo' && fixedUs === 0)
      usPerTick = event.microsecondsPerBeat / (ticksPerBeat ?? 480);
    const message = messageOf(event);
    if (message !== null)
      events.push({ atSample: Math.round((atUs * limits.SAMPLE_RATE_HZ) / 1e6), message });
  }
  return events;
}

/** What the wire carries: channel messages; `null` for what only files have. */
function messageOf(event: FileEvent): Uint8Array | null {
  if (!('channel' in event)) return null;
  const channel = event.channel & 15;
  switch (event.type) {
    case 'noteOn':
      return Uint8Array.of(0x90 | channel, event.noteNumber, event.velocity);
    case 'noteOff':
      return Uint8Array.of(0x80 | channel, event.noteNumber, event.velocity);
    case 'noteAftertouch':
      return Uint8Array.of(0xa0 | channel, event.noteNumber, event.amount);
    case 'controller':
      return Uint8Array.of(0xb0 | channel, event.controllerType, event.value);
    case 'programChange':
      return Uint8Array.of(0xc0 | channel, event.programNumber);
    case 'channelAftertouch':
      return Uint8Array.of(0xd0 | channel, event.amount);
    case 'pitchBend': {
      const value = event.value + 0x2000;
      return Uint8Array.of(0xe0 | channel, value & 127, (value >> 7) & 127);
    }
    default:
      return null;
  }
}
