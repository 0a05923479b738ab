import { createHmac, timingSafeEqual } from 'node:crypto';
import { ok, type Result, refuse } from '@jamnet/base';
import { isName } from '@jamnet/toast';

/** What a room link promises to whoever has it. */
export interface Invitation {
  readonly room: string;
  /** Frames a packet: the same for all of a room. */
  readonly packetFrames: number;
  /** UTC µs. */
  readonly expiresAtUs: number;
}

export type InvitationCode =
  | 'invitation-malformed'
  | 'invitation-forged'
  | 'invitation-expired'
  | 'name-malformed';

const CHARACTERS_MAX = 512;
const LABEL = 'jamnet/room-invitation/v1';
export const PACKET_SIZES = [64, 128, 256] as const;
/** What bears ordinary lines: 375 packets a second. */
export const PACKET_FRAMES_USUAL = 128;

/** `base64url(claim) . base64url(HMAC-SHA-256)`: stands in the fragment of a link, which browsers send to nobody. */
export function issueInvitation(key: Uint8Array, invitation: Invitation): Result<string, InvitationCode> {
  if (!isName(invitation.room))
    return refuse('name-malformed', "A room has 1 to 32 letters, digits, spaces or . _ ' -");
  const { room, packetFrames, expiresAtUs } = invitation;
  const claim = Buffer.from(JSON.stringify({ room, packetFrames, expiresAtUs })).toString('base64url');
  return ok(`${claim}.${tagOf(key, claim).toString('base64url')}`);
}

export function readInvitation(
  key: Uint8Array,
  text: string,
  nowUs: number,
): Result<Invitation, InvitationCode> {
  const [claim = '', tag = '', ...rest] = text.length > CHARACTERS_MAX ? [] : text.split('.');
  if (claim === '' || tag === '' || rest.length > 0)
    return refuse('invitation-malformed', 'This is no room link: ask for the whole link again.');
  const given = Buffer.from(tag, 'base64url');
  const wanted = tagOf(key, claim);
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
    return refuse(
      'invitation-forged',
      'This link was changed or is of another studio: ask whoever invited you for a new one.',
    );
  const invitation = parse(claim);
  if (invitation === null)
    return refuse('invitation-malformed', 'This link is of another version: ask for a new one.');
  if (nowUs >= invitation.expiresAtUs)
    return refuse('invitation-expired', 'This link has expired: ask whoever invited you for a new one.');
  return ok(invitation);
}

function tagOf(key: Uint8Array, claim: string): Buffer {
  return createHmac('sha256', key).update(LABEL).update('\0').update(claim).digest();
}

/** The claim is ours by its tag; another version of us may have written other fields. */
function parse(claim: string): Invitation | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(claim, 'base64url').toString());
    if (typeof value !== 'object' || value === null) return null;
    const { room, packetFrames, expiresAtUs } = value as Record<string, unknown>; // an object by the line above
    const isWhole =
      typeof room === 'string' &&
      PACKET_SIZES.some((size) => size === packetFrames) &&
      typeof expiresAtUs === 'number';
    return isWhole ? { room, packetFrames: Number(packetFrames), expiresAtUs } : null;
  } catch {
    return null;
  }
}
