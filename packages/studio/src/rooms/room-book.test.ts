import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOM_BOOK_LIMITS, RoomBook } from './room-book.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'jamnet-rooms-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = (isUsed: (room: string) => boolean = () => false): RoomBook =>
  new RoomBook(join(directory, 'rooms.json'), isUsed, () => 5n);

test('a room is its first member’s, after a restart too, and nobody else’s', () => {
  expect(open().claim('attic', 'ada')).toMatchObject({ ok: true, value: { room: 'attic', madeAtUs: '5' } });
  const book = open();
  expect(book.claim('attic', 'ada').ok).toBe(true);
  expect(book.claim('attic', 'bo')).toMatchObject({ code: 'room-taken' });
  expect(book.of('ada').map(({ room }) => room)).toEqual(['attic']);
  expect(book.of('bo')).toEqual([]);
});

test('rooms that the operator uses, and those with recordings from before, are no member’s', () => {
  const book = open((room) => room === 'old');
  book.noteStudio('hall');
  expect(book.claim('hall', 'ada')).toMatchObject({ code: 'room-taken' });
  expect(book.claim('old', 'ada')).toMatchObject({ code: 'room-taken' });
  expect(book.claim('attic', 'ada').ok).toBe(true);
  book.noteStudio('attic');
  expect(open().of('ada')).toHaveLength(1);
});

test.each(['', '../x', 'a'.repeat(33), '<b>'])('"%s" is no name of a room', (room) => {
  const book = open();
  expect(book.claim(room, 'ada')).toMatchObject({ code: 'name-malformed' });
  book.noteStudio(room);
  expect(open().claim('attic', 'ada').ok).toBe(true);
});

test('a member has so many rooms and the studio so many in all', () => {
  const mine = Array.from({ length: ROOM_BOOK_LIMITS.roomsPerMember }, (_, i) => ({
    room: `r${i}`,
    owner: 'ada',
    madeAtUs: '1',
  }));
  const others = Array.from({ length: ROOM_BOOK_LIMITS.rooms - mine.length - 1 }, (_, i) => ({
    room: `o${i}`,
    owner: null,
    madeAtUs: '1',
  }));
  writeFileSync(join(directory, 'rooms.json'), JSON.stringify([...mine, ...others]));
  const book = open();
  expect(book.claim('one more', 'ada')).toMatchObject({ code: 'rooms-too-many' });
  expect(book.claim('r1', 'ada').ok).toBe(true);
  expect(book.claim('last', 'bo').ok).toBe(true);
  expect(book.claim('beyond', 'bo')).toMatchObject({ code: 'rooms-too-many' });
  book.noteStudio('beyond');
  expect(book.of('bo').map(({ room }) => room)).toEqual(['last']);
});
