import { ok, type Result, refuse } from '@jamnet/base';

interface Placed {
  /** When it is to sound, µs of the receiver's play-out clock; whole, ≥ 0. */
  readonly atUs: number;
  /** 0 … 15. */
  readonly channel: number;
}

/** What a player's keys, pads and wheels say (MIDI 1.0). A note-on of velocity 0 is a note-off and is sent as one. */
export type MidiEvent = Placed &
  (
    | { readonly kind: 'note-on'; readonly note: number; readonly velocity: number }
    | { readonly kind: 'note-off'; readonly note: number }
    | { readonly kind: 'controller'; readonly controller: number; readonly value: number }
    /** 0 … 16,383, centre 8,192. */
    | { readonly kind: 'pitch-bend'; readonly value: number }
  );

export type MidiCode = 'midi-malformed';

/** Passes an event whose numbers lie in MIDI's ranges. */
export function checkMidiEvent(event: MidiEvent): Result<MidiEvent, MidiCode> {
  if (!isWithin(event.atUs, 0, Number.MAX_SAFE_INTEGER)) return malformed('a time of whole µs from 0 on');
  if (!isWithin(event.channel, 0, 15)) return malformed('a channel of 0 to 15');
  return areNumbersInRange(event)
    ? ok(event)
    : malformed('notes, velocities and values inside MIDI’s ranges');
}

function areNumbersInRange(event: MidiEvent): boolean {
  switch (event.kind) {
    case 'note-on':
      return isWithin(event.note, 0, 127) && isWithin(event.velocity, 1, 127);
    case 'note-off':
      return isWithin(event.note, 0, 127);
    case 'controller':
      return isWithin(event.controller, 0, 127) && isWithin(event.value, 0, 127);
    case 'pitch-bend':
      return isWithin(event.value, 0, 16_383);
  }
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function malformed(what: string): Result<never, MidiCode> {
  return refuse('midi-malformed', `A MIDI event needs ${what}.`);
}
