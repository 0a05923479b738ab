import { existsSync, readFileSync } from 'node:fs';
import { ok, type Result, refuse } from '@jamnet/base';
import { isName } from '@jamnet/toast';
import { writeWhole } from '../config/write-whole.ts';

export const ROOM_BOOK_LIMITS = {
  /** Rooms that belong to somebody. */
  rooms: 10_000,
  roomsPerMember: 32,
} as const;

/** A room and whose it is: only its owner, and the operator, let others in. */
export interface RoomRow {
  readonly room: string;
  /** Member's id; `null` for rooms of the studio, made by its operator. */
  readonly owner: string | null;
  /** UTC µs, decimal. */
  readonly madeAtUs: string;
}

export type RoomBookCode = 'name-malformed' | 'room-taken' | 'rooms-too-many';

/** Whose rooms are whose, in one small file of the data directory. */
export class RoomBook {
  readonly #file: string;
  readonly #isUsed: (room: string) => boolean;
  readonly #nowUs: () => bigint;
  readonly #rows = new Map<string, RoomRow>();

  /** `isUsed`: rooms that had guests before this book was kept are the studio's. */
  constructor(file: string, isUsed: (room: string) => boolean, nowUs: () => bigint) {
    this.#file = file;
    this.#isUsed = isUsed;
    this.#nowUs = nowUs;
    if (!existsSync(file)) return;
    // Written by #add of this or an earlier run of the same program.
    for (const row of JSON.parse(readFileSync(file, 'utf8')) as RoomRow[]) this.#rows.set(row.room, row);
  }

  /** Makes the room this member's, or finds that it is. */
  claim(room: string, owner: string): Result<RoomRow, RoomBookCode> {
    if (!isName(room))
      return refuse('name-malformed', "A room has 1 to 32 letters, digits, spaces or . _ ' -");
    const known = this.#rows.get(room);
    if (known?.owner === owner) return ok(known);
    if (known !== undefined || this.#isUsed(room))
      return refuse('room-taken', `Somebody else has a room called ${room}: choose another name.`);
    if (this.of(owner).length >= ROOM_BOOK_LIMITS.roomsPerMember)
      return refuse(
        'rooms-too-many',
        `You have ${ROOM_BOOK_LIMITS.roomsPerMember} rooms: invite people to one of these.`,
      );
    if (this.#rows.size >= ROOM_BOOK_LIMITS.rooms)
      return refuse('rooms-too-many', 'The studio has no place for more rooms: ask its operator.');
    return ok(this.#add(room, owner));
  }

  /** The operator uses a room: nobody's becomes the studio's, somebody's stays theirs. */
  noteStudio(room: string): void {
    if (!this.#rows.has(room) && isName(room) && this.#rows.size < ROOM_BOOK_LIMITS.rooms)
      this.#add(room, null);
  }

  /** A member's rooms, the newest first. */
  of(owner: string): RoomRow[] {
    return [...this.#rows.values()].filter((row) => row.owner === owner).reverse();
  }

  #add(room: string, owner: string | null): RoomRow {
    const row = { room, owner, madeAtUs: this.#nowUs().toString() };
    writeWhole(this.#file, JSON.stringify([...this.#rows.values(), row]));
    this.#rows.set(room, row);
    return row;
  }
}
