import { describe, expect, test } from 'vitest';
import { MIDI_NOTES_MAX, type ParsedMidi, type ParsedMidiEvent, performanceOfMidi } from './midi.ts';

const note = (deltaTime: number, noteNumber: number, velocity = 100): ParsedMidiEvent => ({
  deltaTime,
  type: 'noteOn',
  noteNumber,
  velocity,
});
const tempo = (deltaTime: number, microsecondsPerBeat: number): ParsedMidiEvent => ({
  deltaTime,
  type: 'setTempo',
  microsecondsPerBeat,
});
const file = (...tracks: ParsedMidiEvent[][]): ParsedMidi => ({ header: { ticksPerBeat: 480 }, tracks });

describe('a performance from MIDI events', () => {
  test('reads hits on the grid of the tempo in force, all tracks together', () => {
    const read = performanceOfMidi(
      file([tempo(0, 600_000), tempo(1920, 400_000)], [note(10, 36), note(1900, 38, 90)]),
    );
    expect(read).toEqual({
      ok: true,
      value: {
        sixteenthUs: 150_000,
        hits: [
          { sixteenth: 0, instrument: 0, offsetUs: 12_500, velocity: 100 },
          { sixteenth: 16, instrument: 1, offsetUs: -12_500, velocity: 90 },
        ],
      },
    });
  });

  test('without a tempo it is 120 beats a minute', () => {
    expect(performanceOfMidi(file([note(0, 36)]))).toMatchObject({ value: { sixteenthUs: 125_000 } });
  });

  test('the loudest of a roll stays; pitches outside the nine classes and note-offs fall away', () => {
    const read = performanceOfMidi(
      file([note(0, 38, 50), note(5, 40, 80), note(5, 37, 60), note(0, 99), note(0, 36, 0)]),
    );
    expect(read).toMatchObject({ value: { hits: [{ instrument: 1, velocity: 80 }] } });
  });

  const meter = (numerator: number): ParsedMidiEvent => ({
    deltaTime: 0,
    type: 'timeSignature',
    numerator,
    denominator: 4,
  });
  const crowd = Array.from({ length: MIDI_NOTES_MAX + 1 }, () => note(0, 36));
  test.each([
    ['frames instead of beats', { header: {}, tracks: [] }, 'time-base'],
    ['3/4', file([meter(3), note(0, 36)]), 'meter'],
    ['no drum note', file([note(0, 99)]), 'no-drums'],
    ['a note after the longest performance', file([note(2_000_000_000, 36)]), 'too-long'],
    ['more notes than the limit', file(crowd), 'too-many'],
  ])('%s is refused', (_case, midi, code) => {
    expect(performanceOfMidi(midi)).toMatchObject({ ok: false, code });
  });
});
