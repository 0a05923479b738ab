import { decodeUtf8, encodeUtf8, ok, type Result, refuse } from '@jamnet/base';
import { isName } from '../crypto/join-token.ts';
import { MEMBERS_PER_PAGE, PLAYERS_PER_ROOM_MAX, TOKEN_CHARACTERS_MAX } from '../limits.ts';
import type { WireCode } from './header.ts';

/** One seat of a room as every member sees it. */
export interface RoomMember {
  readonly seat: number;
  readonly player: string;
  /** 32 hex digits that the player drew for this join: names the stream and salts its keys. */
  readonly joinId: string;
  readonly epoch: number;
  /** True when the member was seated before the start: its stream then begins at sample 0. */
  readonly founder: boolean;
  /** Packets of the finished stream, or `null` while it plays. */
  readonly packets: number | null;
  /** What listeners may do with the stream: a sum of {@link CONSENT}. */
  readonly consent: number;
}

/** Bits of a player's consent: keep takes, train on them, show excerpts to strangers. */
export const CONSENT = { record: 1, train: 2, strangers: 4 } as const;

export const REFUSAL_CODES = [
  'token-malformed',
  'token-forged',
  'token-expired',
  'room-full',
  'rooms-full',
  'epoch-taken',
  'packet-frames-differ',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export type ControlMessage =
  | {
      readonly t: 'join';
      readonly token: string;
      readonly joinId: string;
      readonly epoch: number;
      readonly packetFrames: number;
      /** The room starts once it has this many players. */
      readonly startWhen: number;
      /** The relay's challenge sent back; empty at first. */
      readonly cookie: string;
      /** When the room started, for a peer that returns after the relay forgot; 0 before. */
      readonly startedAtUs: number;
      readonly consent: number;
    }
  | { readonly t: 'challenge'; readonly cookie: string }
  | { readonly t: 'welcome'; readonly seat: number }
  | { readonly t: 'refused'; readonly code: RefusalCode }
  | {
      readonly t: 'room';
      readonly version: number;
      readonly page: number;
      readonly pages: number;
      /** Room time at which sample 0 sounds, or 0 while nothing is scheduled. */
      readonly startAtUs: number;
      readonly members: readonly RoomMember[];
    }
  | { readonly t: 'finished'; readonly packets: number }
  | { readonly t: 'leave' }
  | { readonly t: 'goodbye' };

export function encodeControl(message: ControlMessage): Uint8Array {
  return encodeUtf8(JSON.stringify(message));
}

/** Reads a control body; members it does not know are skipped, a member it needs must have its type and range. */
export function decodeControl(body: Uint8Array): Result<ControlMessage, WireCode> {
  const message = readMessage(parse(body));
  return message === null
    ? refuse('body-malformed', 'A control body is one JSON object of SPEC.md §6.')
    : ok(message);
}

type Fields = Record<string, unknown>;

function parse(body: Uint8Array): Fields {
  const text = decodeUtf8(body);
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : {};
  } catch {
    return {};
  }
}

function readMessage(fields: Fields): ControlMessage | null {
  switch (fields.t) {
    case 'join':
      return readJoin(fields);
    case 'challenge':
      return isHex(fields.cookie, 32) ? { t: 'challenge', cookie: fields.cookie } : null;
    case 'welcome':
      return isSeat(fields.seat) ? { t: 'welcome', seat: fields.seat } : null;
    case 'refused': {
      const code = REFUSAL_CODES.find((known) => known === fields.code);
      return code === undefined ? null : { t: 'refused', code };
    }
    case 'room':
      return readRoom(fields);
    case 'finished':
      return isCount(fields.packets) ? { t: 'finished', packets: fields.packets } : null;
    case 'leave':
      return { t: 'leave' };
    case 'goodbye':
      return { t: 'goodbye' };
    default:
      return null;
  }
}

function readJoin(fields: Fields): ControlMessage | null {
  const { token, joinId, epoch, packetFrames, startWhen, cookie, startedAtUs, consent } = fields;
  if (
    typeof token !== 'string' ||
    token.length > TOKEN_CHARACTERS_MAX ||
    !isHex(joinId, 32) ||
    !isUint32(epoch)
  )
    return null;
  if (
    !isCount(packetFrames) ||
    !isCount(startWhen) ||
    startWhen > PLAYERS_PER_ROOM_MAX ||
    !isCount(startedAtUs)
  )
    return null;
  if ((cookie !== '' && !isHex(cookie, 32)) || !isConsent(consent)) return null;
  return { t: 'join', token, joinId, epoch, packetFrames, startWhen, cookie, startedAtUs, consent };
}

function readRoom(fields: Fields): ControlMessage | null {
  const { version, page, pages, startAtUs, members } = fields;
  if (
    !isUint32(version) ||
    !isCount(page) ||
    !isCount(pages) ||
    !isCount(startAtUs) ||
    !Array.isArray(members)
  )
    return null;
  if (pages < 1 || pages > PLAYERS_PER_ROOM_MAX || page >= pages || members.length > MEMBERS_PER_PAGE)
    return null;
  const read: RoomMember[] = [];
  for (const each of members) {
    const member = isFields(each) ? readMember(each) : null;
    if (member === null) return null;
    read.push(member);
  }
  return { t: 'room', version, page, pages, startAtUs, members: read };
}

function readMember(fields: Fields): RoomMember | null {
  const { seat, player, joinId, epoch, founder, packets, consent } = fields;
  if (
    !isSeat(seat) ||
    typeof player !== 'string' ||
    !isName(player) ||
    !isHex(joinId, 32) ||
    !isUint32(epoch)
  )
    return null;
  if (typeof founder !== 'boolean' || (packets !== null && !isCount(packets)) || !isConsent(consent))
    return null;
  return { seat, player, joinId, epoch, founder, packets, consent };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isUint32(value: unknown): value is number {
  return isCount(value) && value <= 0xffffffff;
}

function isSeat(value: unknown): value is number {
  return isCount(value) && value < PLAYERS_PER_ROOM_MAX;
}

function isConsent(value: unknown): value is number {
  return isCount(value) && value <= 7;
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value);
}
