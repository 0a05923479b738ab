import { ok, type Result, refuse } from '@jamnet/base';
import { MEMBER_NAME_LENGTH_MAX } from './limits.ts';

/** Letters, digits and marks that names are written with; no control characters, nothing that turns the line around, no markup. */
const NAME_PATTERN = /^[\p{L}\p{M}\p{N} .,'’_-]+$/u;

/** A name that somebody gave to themselves or to a thing of theirs, without the space around it. */
export function readName(typed: string): Result<string, 'name-malformed'> {
  const name = typed.trim().normalize('NFC');
  if (name.length <= MEMBER_NAME_LENGTH_MAX && NAME_PATTERN.test(name)) return ok(name);
  const message = `A name is 1 to ${MEMBER_NAME_LENGTH_MAX} letters, digits, spaces or . , ' _ -`;
  return refuse('name-malformed', message);
}
