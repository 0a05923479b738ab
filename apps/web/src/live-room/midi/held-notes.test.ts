import { expect, test } from 'vitest';
import { HeldNotes } from './held-notes.ts';

const on = (channel: number, note: number, velocity = 100) => Uint8Array.of(0x90 | channel, note, velocity);

test('every note that was begun is ended once, on its channel', () => {
  const held = new HeldNotes();
  held.note(on(0, 60));
  held.note(on(0, 60));
  held.note(on(9, 36));
  expect(held.release()).toEqual([Uint8Array.of(0x80, 60, 0), Uint8Array.of(0x89, 36, 0)]);
  expect(held.release()).toEqual([]);
});

test('a note off, a note on without velocity and all-notes-off leave nothing to end', () => {
  const held = new HeldNotes();
  held.note(on(0, 60));
  held.note(Uint8Array.of(0x80, 60, 0));
  held.note(on(1, 61));
  held.note(on(1, 61, 0));
  held.note(on(2, 62));
  held.note(on(3, 63));
  held.note(Uint8Array.of(0xb2, 123, 0));
  expect(held.release()).toEqual([Uint8Array.of(0x83, 63, 0)]);
});
