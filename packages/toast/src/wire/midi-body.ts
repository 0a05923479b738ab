import { ok, type Result, refuse } from '@jamnet/base';
import { MIDI_EVENTS_MAX } from '../limits.ts';
import { readUint53, viewOf, writeUint53 } from './bytes53.ts';
import type { WireCode } from './header.ts';

const VERSION = 1;
const FIXED_BYTES = 12;
const EVENT_BYTES = 8;
export const MIDI_BODY_BYTES_MAX = FIXED_BYTES + MIDI_EVENTS_MAX * EVENT_BYTES;

/** One MIDI 1.0 message of 1 to 3 bytes (a JMID event), on the room's timeline. */
export interface MidiEvent {
  readonly atSample: number;
  readonly message: Uint8Array;
}

/** Events in order; the first has number `first`, counted per sender from 0. None: a sign of life. */
export interface MidiBody {
  readonly first: number;
  readonly events: readonly MidiEvent[];
}

/** Writes the body; events lie at most 2³² − 1 samples before `sampleTime`, the header's. */
export function encodeMidiBody(target: Uint8Array, sampleTime: number, body: MidiBody): number {
  const view = viewOf(target);
  target.fill(0, 0, FIXED_BYTES + body.events.length * EVENT_BYTES);
  view.setUint8(0, VERSION);
  view.setUint8(1, body.events.length);
  writeUint53(view, 4, body.first);
  body.events.forEach((event, i) => {
    const at = FIXED_BYTES + i * EVENT_BYTES;
    view.setUint32(at, Math.max(0, Math.min(0xffffffff, sampleTime - event.atSample)));
    view.setUint8(at + 4, event.message.length);
    target.set(event.message, at + 5);
  });
  return FIXED_BYTES + body.events.length * EVENT_BYTES;
}

export function decodeMidiBody(body: Uint8Array, sampleTime: number): Result<MidiBody, WireCode> {
  if (body.length < FIXED_BYTES)
    return refuse('body-truncated', `A MIDI body has at least ${FIXED_BYTES} bytes.`);
  const view = viewOf(body);
  const count = view.getUint8(1);
  const first = readUint53(view, 4);
  if (view.getUint8(0) !== VERSION) return refuse('body-malformed', 'Known MIDI bodies: 1.');
  if (first < 0) return refuse('number-too-large', 'Event numbers stay below 2^53.');
  if (count > MIDI_EVENTS_MAX) return refuse('body-malformed', `At most ${MIDI_EVENTS_MAX} events.`);
  if (FIXED_BYTES + count * EVENT_BYTES > body.length)
    return refuse('body-truncated', 'The events must lie inside the body.');
  const events: MidiEvent[] = [];
  for (let i = 0; i < count; i++) {
    const at = FIXED_BYTES + i * EVENT_BYTES;
    const bytes = view.getUint8(at + 4);
    const atSample = sampleTime - view.getUint32(at);
    const message = Uint8Array.from(body.subarray(at + 5, at + 5 + bytes));
    if (bytes < 1 || bytes > 3 || !isMidiMessage(message) || atSample < 0)
      return refuse('body-malformed', 'An event is a MIDI 1.0 message of 1 to 3 bytes on the timeline.');
    events.push({ atSample, message });
  }
  return ok({ first, events });
}

/** A status byte followed by the data bytes that it asks for (MIDI 1.0, table 1); no system exclusive. */
export function isMidiMessage(message: Uint8Array): boolean {
  const status = message[0] ?? 0;
  if (status < 0x80 || status === 0xf0 || status === 0xf7) return false;
  for (let i = 1; i < message.length; i++) if ((message[i] ?? 0) > 0x7f) return false;
  const kind = status & 0xf0;
  if (kind === 0xf0)
    return message.length === (status === 0xf2 ? 3 : status === 0xf1 || status === 0xf3 ? 2 : 1);
  return message.length === (kind === 0xc0 || kind === 0xd0 ? 2 : 3);
}
