import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { writeMidi } from 'midi-file';
import { afterAll, expect, test } from 'vitest';
import { EVENTS_MAX, readMidiFile, SECONDS_MAX } from './read-midi-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'jamnet-midi-'));
afterAll(() => rmSync(directory, { recursive: true }));

test('tempo changes of one track place the notes of another, and only channel messages are left', () => {
  const file = join(directory, 'two-tempos.mid');
  const bytes = writeMidi({
    header: { format: 1, numTracks: 2, ticksPerBeat: 480 },
    tracks: [
      [
        { deltaTime: 0, meta: true, type: 'setTempo', microsecondsPerBeat: 500_000 },
        { deltaTime: 960, meta: true, type: 'setTempo', microsecondsPerBeat: 1_000_000 },
        { deltaTime: 0, meta: true, type: 'endOfTrack' },
      ],
      [
        { deltaTime: 480, channel: 2, type: 'noteOn', noteNumber: 60, velocity: 90 },
        { deltaTime: 960, channel: 2, type: 'noteOff', noteNumber: 60, velocity: 0 },
        { deltaTime: 0, channel: 2, type: 'pitchBend', value: 0 },
        { deltaTime: 0, meta: true, type: 'endOfTrack' },
      ],
    ],
  });
  writeFileSync(file, Uint8Array.from(bytes));
  expect(readMidiFile(file).map(({ atSample, message }) => [atSample, ...message])).toEqual([
    // One beat of half a second; then another one, and one of a whole second.
    [24_000, 0x92, 60, 90],
    [96_000, 0x82, 60, 0],
    [96_000, 0xe2, 0, 64],
  ]);
});

test.each([
  ['is not there', null, 'midi-unreadable'],
  ['is no MIDI', 'RIFF', 'midi-malformed'],
])('a file that %s is refused', (name, text, code) => {
  const file = join(directory, `${name}.mid`);
  if (text !== null) writeFileSync(file, text);
  expect(() => readMidiFile(file)).toThrow(expect.objectContaining({ code }));
  expect(() => readMidiFile(file)).toThrow(Failure);
});

/** A file of one track: `status`, then of each event its time since the one before and its two bytes. */
function fileOf(name: string, ticksPerBeat: number, events: Uint8Array): string {
  const head = Buffer.alloc(22);
  head.write('MThd', 0);
  head.writeUInt32BE(6, 4);
  head.writeUInt16BE(1, 10);
  head.writeUInt16BE(ticksPerBeat, 12);
  head.write('MTrk', 14);
  head.writeUInt32BE(events.length, 18);
  const file = join(directory, name);
  writeFileSync(file, Buffer.concat([head, events]));
  return file;
}

test('a file of more events than a room takes is refused', () => {
  // Running status: each event is its time and two bytes.
  const events = new Uint8Array(1 + 3 * (EVENTS_MAX + 1)).fill(1);
  events[0] = 0;
  events[1] = 0x90;
  for (let at = 4; at < events.length; at += 3) events[at] = 0;
  const file = fileOf('endless.mid', 480, events);
  expect(() => readMidiFile(file)).toThrow(expect.objectContaining({ code: 'midi-too-long' }));
}, 120_000);

test('what a file has after half an hour is left out', () => {
  // One tick to a beat of half a second; times as numbers of seven bits, highest first.
  const beats = 2 * SECONDS_MAX;
  const later = [0x80 | (beats >> 7), beats & 127];
  const events = Uint8Array.of(...later, 0x90, 60, 90, 1, 0x90, 61, 90, 0, 0xff, 0x2f, 0);
  const [last, ...rest] = readMidiFile(fileOf('long.mid', 1, events));
  expect(last).toEqual({ atSample: SECONDS_MAX * 48_000, message: Uint8Array.of(0x90, 60, 90) });
  expect(rest).toEqual([]);
});
