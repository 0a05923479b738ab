import type { MidiEvent } from './midi-event.ts';

/** Statuses of MIDI 1.0, channel in the lower half of the byte. */
const NOTE_OFF = 0x80;
const NOTE_ON = 0x90;
const CONTROLLER = 0xb0;
const PITCH_BEND = 0xe0;

/** A whole MIDI message, status first, as an event; `null` for what needs no concealment (clock, program, pressure, system). */
export function eventOfMessage(message: Uint8Array, atUs: number): MidiEvent | null {
  const [status = 0, first = 0, second = 0] = message;
  if (message.length !== 3) return null;
  const placed = { atUs, channel: status & 15 };
  switch (status & 0xf0) {
    case NOTE_ON:
      if (second > 0) return { ...placed, kind: 'note-on', note: first, velocity: second };
      return { ...placed, kind: 'note-off', note: first };
    case NOTE_OFF:
      return { ...placed, kind: 'note-off', note: first };
    case CONTROLLER:
      return { ...placed, kind: 'controller', controller: first, value: second };
    case PITCH_BEND:
      return { ...placed, kind: 'pitch-bend', value: first | (second << 7) };
    default:
      return null;
  }
}

export function messageOfEvent(event: MidiEvent): Uint8Array {
  switch (event.kind) {
    case 'note-on':
      return Uint8Array.of(NOTE_ON | event.channel, event.note, event.velocity);
    case 'note-off':
      return Uint8Array.of(NOTE_OFF | event.channel, event.note, 0);
    case 'controller':
      return Uint8Array.of(CONTROLLER | event.channel, event.controller, event.value);
    case 'pitch-bend':
      return Uint8Array.of(PITCH_BEND | event.channel, event.value & 127, event.value >> 7);
  }
}
