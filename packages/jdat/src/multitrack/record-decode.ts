import { fromHex, ok, type Result, refuse } from '@jamnet/base';
import { isIntegerWithin, isMembers, isOneOf, isTextWithin, type Members } from '../take-members.ts';
import { WAV_RATE_RANGE_HZ } from '../wav-decode.ts';
import {
  type BeatRecord,
  type EndRecord,
  type JmidRecord,
  type LossRecord,
  MULTITRACK_LIMITS,
  type MultitrackHeader,
  PACKET_FATES,
  TRACK_ROLES,
  type TrackRecord,
} from './multitrack.ts';

/** Sound as its line holds it, not yet decoded. */
export interface CodedSound {
  readonly type: 'audio' | 'fill';
  readonly track: number;
  readonly atSample: number;
  readonly frames: number;
  readonly coding: 'flac' | 'pcm';
  /** Base64. */
  readonly text: string;
}

export type ParsedRecord = TrackRecord | CodedSound | LossRecord | JmidRecord | BeatRecord | EndRecord;

type HeaderCode = 'take-version-unknown' | 'take-header-malformed';

const MICROSECONDS = /^\d{1,20}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const { nameLength, tracks, packetFrames, atSample: lastSample, recordFrames } = MULTITRACK_LIMITS;

/** Checks the first line, member by member. */
export function parseMultitrackHeader(value: unknown): Result<MultitrackHeader, HeaderCode> {
  if (!isMembers(value) || value.jdat !== 2)
    return refuse('take-version-unknown', 'The first line is no header of JDAT version 2.');
  const { room, recorder, sampleRateHz, startedAtUs } = value;
  const { least, most } = WAV_RATE_RANGE_HZ;
  if (!isTextWithin(room, nameLength) || !isTextWithin(recorder, nameLength))
    return malformed(`"room" and "recorder" must be texts of at most ${nameLength} characters`);
  if (!isIntegerWithin(sampleRateHz, least, most))
    return malformed(`"sampleRateHz" must be ${least} to ${most}`);
  if (typeof startedAtUs !== 'string' || !MICROSECONDS.test(startedAtUs))
    return malformed('"startedAtUs" must be a decimal string');
  return ok({ jdat: 2, room, recorder, sampleRateHz, startedAtUs: BigInt(startedAtUs) });
}

function malformed(why: string): Result<never, HeaderCode> {
  return refuse('take-header-malformed', `The header of the take cannot be read: ${why}.`);
}

/** The record, `null` for a type of a later version, or a phrase saying what is wrong. */
export function parseMultitrackRecord(value: unknown): ParsedRecord | null | string {
  if (!isMembers(value)) return 'it is no object';
  switch (value.type) {
    case 'track':
      return parseTrack(value);
    case 'audio':
    case 'fill':
      return parseSound(value.type, value);
    case 'span':
      return parseSpan(value);
    case 'midi':
      return parseMidi(value);
    case 'beat':
      return parseBeat(value);
    case 'end':
      return parseEnd(value);
    default:
      return typeof value.type === 'string' ? null : '"type" must be a text';
  }
}

function isTrackNumber(value: unknown): value is number {
  return isIntegerWithin(value, 0, tracks - 1);
}

function parseTrack(members: Members): TrackRecord | string {
  const { track, player, from, role, bits, firstSample, consent } = members;
  // One more than there may be, so that one too many gets the code of its own.
  if (!isIntegerWithin(track, 0, tracks)) return `"track" must be 0 to ${tracks - 1}`;
  if (!isTextWithin(player, nameLength) || !isTextWithin(from, nameLength))
    return `"player" and "from" must be texts of at most ${nameLength} characters`;
  if (!isOneOf(role, TRACK_ROLES)) return `"role" must be one of ${TRACK_ROLES.join(', ')}`;
  if (bits !== 16 && bits !== 24) return '"bits" must be 16 or 24';
  if (!isIntegerWithin(members.packetFrames, 1, packetFrames))
    return `"packetFrames" must be 1 to ${packetFrames}`;
  if (!isIntegerWithin(firstSample, 0, lastSample)) return '"firstSample" must be a place on the timeline';
  if (!isMembers(consent)) return '"consent" must say true or false for record, train and strangers';
  const { record, train, strangers } = consent;
  if (typeof record !== 'boolean' || typeof train !== 'boolean' || typeof strangers !== 'boolean')
    return '"consent" must say true or false for record, train and strangers';
  return {
    type: 'track',
    track,
    player,
    from,
    role,
    bits,
    packetFrames: members.packetFrames,
    firstSample,
    consent: { record, train, strangers },
  };
}

function parseSound(type: CodedSound['type'], members: Members): CodedSound | string {
  const { track, atSample, frames, flac, pcm } = members;
  if (!isTrackNumber(track)) return `"track" must be 0 to ${tracks - 1}`;
  if (!isIntegerWithin(atSample, 0, lastSample)) return '"atSample" must be a place on the timeline';
  if (!isIntegerWithin(frames, 1, recordFrames)) return `"frames" must be 1 to ${recordFrames}`;
  if (typeof flac === 'string') return { type, track, atSample, frames, coding: 'flac', text: flac };
  if (typeof pcm === 'string') return { type, track, atSample, frames, coding: 'pcm', text: pcm };
  return '"flac" or "pcm" must hold the sound';
}

function parseSpan(members: Members): LossRecord | string {
  const { track, fromPacket, packets, fate } = members;
  if (!isTrackNumber(track)) return `"track" must be 0 to ${tracks - 1}`;
  if (!isIntegerWithin(fromPacket, 0, lastSample)) return '"fromPacket" must count packets from 0';
  if (!isIntegerWithin(packets, 1, lastSample)) return '"packets" must be 1 or more';
  if (!isOneOf(fate, PACKET_FATES)) return `"fate" must be one of ${PACKET_FATES.join(', ')}`;
  return { type: 'span', track, fromPacket, packets, fate };
}

function parseMidi(members: Members): JmidRecord | string {
  const { track, atSample, message } = members;
  if (!isTrackNumber(track)) return `"track" must be 0 to ${tracks - 1}`;
  if (!isIntegerWithin(atSample, 0, lastSample)) return '"atSample" must be a place on the timeline';
  const bytes = typeof message === 'string' && /^([0-9a-f]{2}){1,3}$/.test(message) ? fromHex(message) : null;
  if (bytes === null) return '"message" must be 1 to 3 bytes in lower-case hex';
  return { type: 'midi', track, atSample, message: bytes };
}

/** Ranges as TOAST has them: tempo 20 to 400 beats a minute, at most 32 beats in a bar. */
function parseBeat(members: Members): BeatRecord | string {
  const { id, atSample, bar, tempoMilliBpm, beatsPerBar, isRunning } = members;
  if (!isIntegerWithin(id, 0, 2 ** 53 - 1)) return '"id" must be a whole number from 0 on';
  if (!isIntegerWithin(atSample, 0, lastSample)) return '"atSample" must be a place on the timeline';
  if (!isIntegerWithin(bar, 0, 2 ** 31)) return '"bar" must be a whole number from 0 on';
  if (!isIntegerWithin(tempoMilliBpm, 20_000, 400_000)) return '"tempoMilliBpm" must be 20000 to 400000';
  if (!isIntegerWithin(beatsPerBar, 1, 32)) return '"beatsPerBar" must be 1 to 32';
  if (typeof isRunning !== 'boolean') return '"isRunning" must be true or false';
  return { type: 'beat', id, atSample, bar, tempoMilliBpm, beatsPerBar, isRunning };
}

function parseEnd(members: Members): EndRecord | string {
  const { sha256, contents } = members;
  if (typeof sha256 !== 'string' || !SHA256.test(sha256)) return '"sha256" must be 64 hex digits';
  if (!Array.isArray(contents) || contents.length > tracks)
    return '"contents" must list a hash for each track';
  const hashes: string[] = [];
  for (const each of contents) {
    if (typeof each !== 'string' || !SHA256.test(each)) return '"contents" must hold hashes of 64 hex digits';
    hashes.push(each);
  }
  return { type: 'end', sha256, contents: hashes };
}
