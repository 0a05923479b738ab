import { join } from 'node:path';
import type { Result } from '@jamnet/base';
import { appendToJournal, readJournal } from '../journal-lines.ts';
import { type BountyCode, type BountyEntry, BountyQueue, bountyLine } from './bounty-queue.ts';

/** The bounty queue of a studio: `code/bounties.jsonl` in its data directory, one entry a line, only ever appended to. */
export function readBounties(dataDirectory: string): Result<BountyQueue, BountyCode> {
  return BountyQueue.parse(readJournal(fileIn(dataDirectory)));
}

/** Writes down an entry that the queue has taken. */
export function writeBounty(dataDirectory: string, entry: BountyEntry): void {
  appendToJournal(fileIn(dataDirectory), bountyLine(entry));
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'code', 'bounties.jsonl');
}
