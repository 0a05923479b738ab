import { ok, type Result, refuse } from '@jamnet/base';
import { TAKE_LIMITS, TAKE_ROLES, type TakeConsent, type TakeHeader } from './take.ts';
import { isIntegerWithin, isMembers, isOneOf, isTextWithin } from './take-members.ts';
import { WAV_RATE_RANGE_HZ } from './wav-decode.ts';

type HeaderCode = 'take-version-unknown' | 'take-header-malformed';

/** UTC µs fit 20 digits until the year 3 million. */
const MICROSECONDS = /^\d{1,20}$/;

/** Checks the first line of a take, member by member. */
export function parseHeader(value: unknown): Result<TakeHeader, HeaderCode> {
  if (!isMembers(value)) return malformed('it is no object');
  if (value.jdat !== 1)
    return refuse('take-version-unknown', 'The first line is no header of JDAT version 1.');
  const { room, player, from, role, sampleRateHz, packetFrames, startedAtUs } = value;
  for (const [name, text] of Object.entries({ room, player, from })) {
    if (!isTextWithin(text, TAKE_LIMITS.nameLength))
      return malformed(`"${name}" must be a text of at most 128 characters`);
  }
  if (!isOneOf(role, TAKE_ROLES)) return malformed('"role" must be sent, heard or repaired');
  const { least, most } = WAV_RATE_RANGE_HZ;
  if (!isIntegerWithin(sampleRateHz, least, most))
    return malformed(`"sampleRateHz" must be ${least} to ${most}`);
  if (!isIntegerWithin(packetFrames, 1, TAKE_LIMITS.packetFrames))
    return malformed('"packetFrames" must be 1 to 8192');
  if (typeof startedAtUs !== 'string' || !MICROSECONDS.test(startedAtUs)) {
    return malformed('"startedAtUs" must be a decimal string');
  }
  const consent = parseConsent(value.consent);
  if (consent === null) return malformed('"consent" must say true or false for record, train and strangers');
  return ok({
    jdat: 1,
    room: String(room),
    player: String(player),
    from: String(from),
    role,
    sampleRateHz,
    packetFrames,
    startedAtUs: BigInt(startedAtUs),
    consent,
  });
}

function malformed(why: string): Result<never, HeaderCode> {
  return refuse('take-header-malformed', `The header of the take cannot be read: ${why}.`);
}

function parseConsent(value: unknown): TakeConsent | null {
  if (!isMembers(value)) return null;
  const { record, train, strangers } = value;
  if (typeof record !== 'boolean' || typeof train !== 'boolean' || typeof strangers !== 'boolean')
    return null;
  return { record, train, strangers };
}
