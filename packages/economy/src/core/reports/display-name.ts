import { ok, type Result, refuse } from '@jamnet/base';
import { isPayee } from '../records/payee-id.ts';

export type NameCode = 'payee-malformed' | 'name-malformed';

/** A name that its owner wants to be read under: 1 to 60 visible characters in one direction. */
export function checkDisplayName(payee: string, name: string): Result<string, NameCode> {
  if (!isPayee(payee)) return refuse('payee-malformed', 'A payee is p and 32 lower-case hex digits.');
  const trimmed = name.normalize('NFC').trim();
  if (trimmed === '' || [...trimmed].length > 60)
    return refuse('name-malformed', 'A name has 1 to 60 characters.');
  // Controls, line separators and marks that turn the direction of text could make one name look like another's.
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}]/u.test(trimmed))
    return refuse('name-malformed', 'A name has no invisible or direction-changing characters.');
  // A pseudonym of somebody else must not be worn as a name.
  if (/^p[0-9a-f]{6,}$/i.test(trimmed))
    return refuse('name-malformed', 'A name must not look like a pseudonym.');
  return ok(trimmed);
}
