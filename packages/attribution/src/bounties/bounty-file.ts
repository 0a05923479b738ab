import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ok, type Result } from '@jamnet/base';
import { type BountyCode, type BountyEntry, BountyQueue, bountyLine } from './bounty-queue.ts';

/** The bounty queue of a studio: `code/bounties.jsonl` in its data directory, one entry a line, only ever appended to. */
export function readBounties(dataDirectory: string): Result<BountyQueue, BountyCode> {
  const file = fileIn(dataDirectory);
  return existsSync(file) ? BountyQueue.parse(readFileSync(file, 'utf8')) : ok(new BountyQueue());
}

/** Writes down an entry that the queue has taken. */
export function writeBounty(dataDirectory: string, entry: BountyEntry): void {
  mkdirSync(join(dataDirectory, 'code'), { recursive: true });
  appendFileSync(fileIn(dataDirectory), bountyLine(entry), { flush: true });
}

function fileIn(dataDirectory: string): string {
  return join(dataDirectory, 'code', 'bounties.jsonl');
}
