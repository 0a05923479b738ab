import { ok, type Result, refuse } from '@jamnet/base';
import { type JoinClaim, TokenBucket } from '@jamnet/toast';
import type { ArchivedTake, Recorder } from '../takes/take-archive.ts';

/** Limits of what pages in rooms may ask about recordings. */
export const ROOM_TAKE_LIMITS = {
  /** Chunks that a room may send in one go: two hours of sixteen pages that each recorded sixteen players would be four times that. */
  chunksBurst: 4_096,
  chunksPerSecond: 4,
  /** Rooms whose recordings and allowances are kept in mind; the oldest is forgotten first. */
  rooms: 1_024,
  /** Whoever began a recording and has not asked about it for so long is gone: it ends. Pages that nobody looks at may ask once a minute only. */
  silentUs: 90_000_000,
} as const;

/** A recording that runs in a room: each page whose player agreed records while it stands. */
export interface RoomRecording {
  readonly by: string;
  /** UTC µs. */
  readonly sinceUs: number;
}

export interface RoomTakesParts {
  readonly readTicket: (ticket: string) => Result<JoinClaim>;
  readonly ofRoom: (room: string) => readonly ArchivedTake[];
  /** UTC µs. */
  readonly nowUs: () => number;
}

interface RoomState {
  readonly allowance: TokenBucket;
  recording: RoomRecording | null;
  heardUs: number;
}

/** Recordings as the guests of rooms see them: whether one runs, what there is, who may send. Remembers nothing beyond a restart. */
export class RoomTakes {
  readonly #parts: RoomTakesParts;
  readonly #rooms = new Map<string, RoomState>();

  constructor(parts: RoomTakesParts) {
    this.#parts = parts;
  }

  /** Who holds a join token of which this is the travelling part. */
  guest(ticket: string): Result<Recorder> {
    const claim = this.#parts.readTicket(ticket);
    return claim.ok ? ok({ room: claim.value.room, player: claim.value.player }) : claim;
  }

  /** What a page in the room shows; asking tells that whoever began a recording is still there. */
  look({ room, player }: Recorder): {
    readonly takes: readonly ArchivedTake[];
    readonly recording: RoomRecording | null;
  } {
    const state = this.#rooms.get(room);
    if (state?.recording?.by === player) state.heardUs = this.#parts.nowUs();
    return { takes: this.#parts.ofRoom(room), recording: this.recording(room) };
  }

  recording(room: string): RoomRecording | null {
    const state = this.#rooms.get(room);
    if (state === undefined || state.recording === null) return null;
    if (this.#parts.nowUs() - state.heardUs > ROOM_TAKE_LIMITS.silentUs) state.recording = null;
    return state.recording;
  }

  /** Begins or ends the room's recording; anybody in the room may do either, and what is already so stays. */
  record({ room, player }: Recorder, isOn: boolean): RoomRecording | null {
    const running = this.recording(room);
    if (isOn === (running !== null)) return running;
    const state = this.#state(room);
    const nowUs = this.#parts.nowUs();
    state.recording = isOn ? { by: player, sinceUs: nowUs } : null;
    state.heardUs = nowUs;
    return state.recording;
  }

  /** Asked before each chunk is taken in. */
  maySend({ room }: Recorder): Result<null> {
    if (this.#state(room).allowance.take(this.#parts.nowUs())) return ok(null);
    return refuse(
      'room-sends-too-much',
      'This room has sent a great deal of sound: wait a minute, then send the rest.',
    );
  }

  #state(room: string): RoomState {
    const known = this.#rooms.get(room);
    if (known !== undefined) return known;
    const oldest = this.#rooms.keys().next().value;
    if (this.#rooms.size >= ROOM_TAKE_LIMITS.rooms && oldest !== undefined) this.#rooms.delete(oldest);
    const { chunksBurst, chunksPerSecond } = ROOM_TAKE_LIMITS;
    const state = { allowance: new TokenBucket(chunksPerSecond, chunksBurst), recording: null, heardUs: 0 };
    this.#rooms.set(room, state);
    return state;
  }
}
