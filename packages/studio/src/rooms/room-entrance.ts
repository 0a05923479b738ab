import { randomBytes, timingSafeEqual } from 'node:crypto';
import { ok, type Refusal, type Result, refuse } from '@jamnet/base';
import { TokenBucket } from '@jamnet/toast';
import type { JoinAnswer } from '../http/services.ts';
import type { GatewayProcess } from '../transports/gateway/gateway-process.ts';
import { WEBSOCKET_PATH } from '../transports/websocket/websocket-server.ts';
import { WEBTRANSPORT_PATH } from '../transports/webtransport/webtransport-server.ts';
import { issueInvitation, PACKET_FRAMES_USUAL, readInvitation } from './invitation.ts';
import type { RoomBook } from './room-book.ts';

/** Entries and offers a second, of everybody together who has a link or a ticket: a room fills in one burst. */
const ENTRIES_PER_SECOND = 5;
const ENTRIES_BURST = 40;
/** Names kept so that nobody sits down in another's seat; the oldest is forgotten first. */
export const NAMES_MAX = 4096;
const INVITATION_HOURS_MAX = 24 * 30;

/** All a page needs to play: who it is, the room's keys and numbers, and the ways to the relay. */
export interface EnterAnswer extends JoinAnswer {
  readonly packetFrames: number;
  /** Gives the same page the same name again; to anybody else the name is taken. */
  readonly returnKey: string;
  readonly paths: {
    readonly webtransport: {
      readonly port: number;
      readonly path: string;
      readonly sha256Base64: string;
    } | null;
    readonly websocket: string;
  };
}

export interface EntranceParts {
  readonly invitationKey: Uint8Array;
  readonly nowUs: () => bigint;
  readonly join: (room: string, player: string) => Result<JoinAnswer>;
  /** Checks the travelling part of a join token. */
  readonly readTicket: (ticket: string) => Result<unknown>;
  /** Whose rooms are whose. */
  readonly book: RoomBook;
  /** Null until the studio listens. */
  readonly gateway: () => GatewayProcess | null;
}

/** The door of rooms for pages: links in, join answers out. */
export class RoomEntrance {
  readonly #parts: EntranceParts;
  readonly #allowance = new TokenBucket(ENTRIES_PER_SECOND, ENTRIES_BURST);
  /** By room and player; an empty key belongs to a native peer and opens to no page. */
  readonly #names = new Map<string, string>();

  constructor(parts: EntranceParts) {
    this.#parts = parts;
  }

  /** A link into a member's own room, which is made theirs if it is nobody's yet. */
  inviteAs(owner: string, room: string, hours: number): Result<{ invitation: string; expiresAtUs: number }> {
    const claimed = this.#parts.book.claim(room, owner);
    return claimed.ok ? this.#invite(room, hours, PACKET_FRAMES_USUAL) : claimed;
  }

  /** A member's rooms, the newest first. */
  roomsOf(owner: string): { readonly room: string; readonly madeAtUs: string }[] {
    return this.#parts.book.of(owner).map(({ room, madeAtUs }) => ({ room, madeAtUs }));
  }

  /** A link's fragment for a room, by the operator. `hours` 1 to 720. */
  invite(
    room: string,
    hours: number,
    packetFrames: number,
  ): Result<{ invitation: string; expiresAtUs: number }> {
    this.#parts.book.noteStudio(room);
    return this.#invite(room, hours, packetFrames);
  }

  #invite(
    room: string,
    hours: number,
    packetFrames: number,
  ): Result<{ invitation: string; expiresAtUs: number }> {
    const lifeUs = Math.min(hours, INVITATION_HOURS_MAX) * 3600 * 1e6;
    const expiresAtUs = Number(this.#parts.nowUs()) + lifeUs;
    const invitation = issueInvitation(this.#parts.invitationKey, { room, packetFrames, expiresAtUs });
    return invitation.ok ? ok({ invitation: invitation.value, expiresAtUs }) : invitation;
  }

  /** What a link is for, before anybody gives a name. */
  look(invitation: string): Result<{ room: string; packetFrames: number }> {
    const read = this.#read(invitation);
    return read.ok ? ok({ room: read.value.room, packetFrames: read.value.packetFrames }) : read;
  }

  enter(invitation: string, player: string, returnKey: string): Result<EnterAnswer> {
    const read = this.#read(invitation);
    if (!read.ok) return read;
    const gateway = this.#parts.gateway();
    if (gateway === null)
      return refuse('relay-not-running', 'The studio is still starting: try again in a moment.');
    const { room, packetFrames } = read.value;
    const name = `${room}\n${player}`;
    const kept = this.#names.get(name);
    if (kept !== undefined && !isSame(kept, returnKey))
      return refuse('name-taken', `Somebody is called ${player} here already: choose another name.`);
    const joined = this.#parts.join(room, player);
    if (!joined.ok) return joined;
    const key = kept ?? randomBytes(16).toString('hex');
    this.#keep(name, key);
    const webTransport = gateway.webTransport();
    return ok({
      ...joined.value,
      packetFrames,
      returnKey: key,
      paths: {
        webtransport: webTransport === null ? null : { ...webTransport, path: WEBTRANSPORT_PATH },
        websocket: WEBSOCKET_PATH,
      },
    });
  }

  /** UDP port to which pages open WebTransport; null while there is none. */
  get webTransportPort(): number | null {
    return this.#parts.gateway()?.webTransport()?.port ?? null;
  }

  /** A native peer took this name by the operator's token. */
  reserve(room: string, player: string): void {
    this.#parts.book.noteStudio(room);
    this.#keep(`${room}\n${player}`, '');
  }

  async offer(ticket: string, sdp: string): Promise<{ status: number; body: unknown } | Refusal> {
    const admitted = this.#parts.readTicket(ticket);
    if (!admitted.ok) return admitted;
    if (!this.#mayAsk()) return TOO_MANY;
    const gateway = this.#parts.gateway();
    if (gateway === null)
      return refuse('relay-not-running', 'The studio is still starting: try again in a moment.');
    return await gateway.offer(ticket, sdp);
  }

  #read(invitation: string) {
    // Who has no link waits for nobody and makes nobody wait: a tag costs next to nothing to check and cannot be guessed.
    const read = readInvitation(this.#parts.invitationKey, invitation, Number(this.#parts.nowUs()));
    return !read.ok || this.#mayAsk() ? read : TOO_MANY;
  }

  #mayAsk(): boolean {
    return this.#allowance.take(Number(this.#parts.nowUs()));
  }

  #keep(name: string, key: string): void {
    this.#names.delete(name);
    const oldest = this.#names.keys().next().value;
    if (this.#names.size >= NAMES_MAX && oldest !== undefined) this.#names.delete(oldest);
    this.#names.set(name, key);
  }
}

const TOO_MANY = refuse(
  'too-many-requests',
  'Many people are at the door just now: wait a few seconds and try again.',
);

function isSame(kept: string, given: string): boolean {
  const a = Buffer.from(kept);
  const b = Buffer.from(given);
  return kept !== '' && a.length === b.length && timingSafeEqual(a, b);
}
