import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '@jamnet/base';
import { appendToJournal, readJournal } from '../journal-lines.ts';
import {
  type IdentityCode,
  type IdentityEntry,
  IdentityJournal,
  type IdentityRequest,
  identityLine,
} from './identity-journal.ts';

/** The identity journal of a studio: `code/identities.jsonl` in its data directory, one entry a line, only ever appended to. */
export function readIdentities(dataDirectory: string): Result<IdentityJournal, IdentityCode> {
  return IdentityJournal.parse(readJournal(fileIn(dataDirectory)));
}

/** Enters a request whose signature was checked by `key`, and writes it down. */
export function enterIdentity(
  dataDirectory: string,
  request: IdentityRequest,
  checked: { readonly atUs: bigint; readonly key: string },
): Result<IdentityEntry, IdentityCode> {
  const journal = readIdentities(dataDirectory);
  if (!journal.ok) return journal;
  const entered = journal.value.enter(request, checked.atUs, checked.key);
  if (entered.ok) appendToJournal(fileIn(dataDirectory), identityLine(entered.value));
  return entered;
}

/** Name of this studio in challenges: drawn once, so that a signature for one studio counts at no other. */
export function studioIdOf(dataDirectory: string): string {
  const file = join(dataDirectory, 'code', 'studio-id');
  if (!existsSync(file)) {
    mkdirSync(join(dataDirectory, 'code'), { recursive: true });
    writeFileSync(file, `${randomUUID()}\n`, { flag: 'wx' });
  }
  return readFileSync(file, 'utf8').trim();
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'code', 'identities.jsonl');
}
