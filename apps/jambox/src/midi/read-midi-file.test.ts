import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { writeMidi } from 'midi-file';
import { afterAll, expect, test } from 'vitest';
import { readMidiFile } from './read-midi-file.ts';

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
