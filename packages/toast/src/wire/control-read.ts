import { isName } from '../crypto/join-token.ts';
import {
  MEMBERS_PER_PAGE,
  MEMBERS_PER_ROOM_MAX,
  OFFER_CHARACTERS_MAX,
  PACKET_FRAMES_MAX,
  PACKET_FRAMES_MIN,
  PLAYERS_PER_ROOM_MAX,
  TOKEN_CHARACTERS_MAX,
} from '../limits.ts';
import { isTimelineEntry, TIMELINE_ENTRIES_MAX, type TimelineEntry } from '../timeline/beat-timeline.ts';
import { type ControlMessage, REFUSAL_CODES, type RoomMember } from './control-message.ts';
import { isHostPort } from './host-port.ts';

type Fields = Record<string, unknown>;

/** X25519 key (32 bytes), Ed25519 key (32), proof by the room key (16). */
const KEYS_TEXT = /^[A-Za-z0-9+/]{107}=$/;
/** An Ed25519 signature, 64 bytes. */
const SIGNATURE_TEXT = /^[A-Za-z0-9+/]{86}==$/;
/** A 32-byte secret and its 16-byte tag. */
const SEALED_SECRET_DIGITS = 96;
const OFFER_TEXT = /^[A-Za-z0-9+/]+={0,2}$/;

/** The message in a JSON object, or `null` where a member it needs has not its type and range. */
export function readMessage(fields: Fields): ControlMessage | null {
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
    case 'timeline': {
      const entry = isFields(fields.entry) ? readTimelineEntry(fields.entry) : null;
      return entry === null ? null : { t: 'timeline', entry, recalled: fields.recalled === true };
    }
    case 'key': {
      const { seat, generation, sealed } = fields;
      return isSeat(seat) && isGeneration(generation) && isHex(sealed, SEALED_SECRET_DIGITS)
        ? { t: 'key', seat, generation, sealed }
        : null;
    }
    case 'key-taken': {
      const { seat, generation } = fields;
      return isSeat(seat) && isGeneration(generation) ? { t: 'key-taken', seat, generation } : null;
    }
    case 'direct': {
      const { version, sealed } = fields;
      return isUint32(version) && isOffer(sealed) ? { t: 'direct', version, sealed } : null;
    }
    case 'address': {
      const { joinId, address, version, sealed } = fields;
      const isFit = isHex(joinId, 32) && typeof address === 'string' && isHostPort(address);
      return isFit && isUint32(version) && isOffer(sealed)
        ? { t: 'address', joinId, address, version, sealed }
        : null;
    }
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
  const { keys = '', proof = '' } = fields;
  if (!isKeys(keys) || !isSignature(proof)) return null;
  if (
    typeof token !== 'string' ||
    token.length > TOKEN_CHARACTERS_MAX ||
    !isHex(joinId, 32) ||
    !isUint32(epoch)
  )
    return null;
  if (
    !isPacketFrames(packetFrames) ||
    !isCount(startWhen) ||
    startWhen > PLAYERS_PER_ROOM_MAX ||
    !isCount(startedAtUs)
  )
    return null;
  if ((cookie !== '' && !isHex(cookie, 32)) || !isConsent(consent)) return null;
  const listens = fields.listens === true;
  const room = { packetFrames, startWhen, listens, startedAtUs, consent, keys, proof };
  return { t: 'join', token, joinId, epoch, cookie, ...room };
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
  if (pages < 1 || pages > MEMBERS_PER_ROOM_MAX || page >= pages || members.length > MEMBERS_PER_PAGE)
    return null;
  const read: RoomMember[] = [];
  for (const each of members) {
    const member = isFields(each) ? readMember(each) : null;
    if (member === null) return null;
    read.push(member);
  }
  const timeline = readTimeline(fields.timeline ?? []);
  return timeline === null ? null : { t: 'room', version, page, pages, startAtUs, members: read, timeline };
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
  const keys = fields.keys ?? '';
  return isKeys(keys) ? { seat, player, joinId, epoch, founder, packets, consent, keys } : null;
}

function readTimeline(value: unknown): TimelineEntry[] | null {
  if (!Array.isArray(value) || value.length > TIMELINE_ENTRIES_MAX) return null;
  const entries: TimelineEntry[] = [];
  for (const each of value) {
    const entry = isFields(each) ? readTimelineEntry(each) : null;
    if (entry === null) return null;
    entries.push(entry);
  }
  return entries;
}

function readTimelineEntry(fields: Fields): TimelineEntry | null {
  const { id, atSample, bar, tempoMilliBpm, beatsPerBar, isRunning } = fields;
  if (!isCount(id) || !isCount(atSample) || !isCount(bar) || !isCount(tempoMilliBpm)) return null;
  if (!isCount(beatsPerBar) || typeof isRunning !== 'boolean') return null;
  const entry = { id, atSample, bar, tempoMilliBpm, beatsPerBar, isRunning };
  return isTimelineEntry(entry) ? entry : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isPacketFrames(value: unknown): value is number {
  return isCount(value) && value >= PACKET_FRAMES_MIN && value <= PACKET_FRAMES_MAX;
}

function isUint32(value: unknown): value is number {
  return isCount(value) && value <= 0xffffffff;
}

function isSeat(value: unknown): value is number {
  return isCount(value) && value < MEMBERS_PER_ROOM_MAX;
}

function isConsent(value: unknown): value is number {
  return isCount(value) && value <= 7;
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value);
}

/** Empty, or base64 of 80 bytes. */
function isKeys(value: unknown): value is string {
  return value === '' || (typeof value === 'string' && KEYS_TEXT.test(value));
}

/** Empty, or base64 of 64 bytes. */
function isSignature(value: unknown): value is string {
  return value === '' || (typeof value === 'string' && SIGNATURE_TEXT.test(value));
}

/** Base64 of sealed addresses: eight of the longest and a tag. */
function isOffer(value: unknown): value is string {
  return typeof value === 'string' && value.length <= OFFER_CHARACTERS_MAX && OFFER_TEXT.test(value);
}

function isGeneration(value: unknown): value is number {
  return isCount(value) && value >= 1 && value <= 0xffff;
}
