import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  EMPTY_JOURNAL,
  enterUses,
  type PaidJournal,
  readPaidJournal,
  writePaidJournal,
} from '@jamnet/attribution';
import { Failure, type Result } from '@jamnet/base';
import { writeWhole } from '../config/write-whole.ts';

/** The journal of statements that were paid, `code/paid.json`. One that cannot be read ends the work: paying on could pay twice. */
export function readPaid(dataDirectory: string): PaidJournal {
  const file = fileIn(dataDirectory);
  return existsSync(file) ? journalOf(readPaidJournal(readFileSync(file, 'utf8'))) : EMPTY_JOURNAL;
}

/** Writes down that this epoch paid the use of these statements. */
export function enterPaid(dataDirectory: string, epochId: string, keys: Iterable<string>): void {
  const journal = journalOf(enterUses(readPaid(dataDirectory), epochId, keys));
  writeWhole(fileIn(dataDirectory), writePaidJournal(journal));
}

function journalOf(result: Result<PaidJournal>): PaidJournal {
  if (!result.ok) throw new Failure(result.code, result.message);
  return result.value;
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'code', 'paid.json');
}
