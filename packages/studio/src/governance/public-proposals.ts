import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson } from '@jamnet/base';
import { PUBLIC } from '../books/public-layout.ts';
import { writeWhole } from '../config/write-whole.ts';
import type { ProposalBook } from './proposal-book.ts';

/** Writes the public file of each proposal and, last, the list that names them. What stands there already stays. */
export async function publishProposals(book: ProposalBook, publicDirectory: string): Promise<void> {
  const logged = await book.logged();
  // A studio that never proposed anything has nothing to show.
  if (logged.length === 0) return;
  for (const { proposal, policy, amended, decisionLeaf } of logged) {
    const { id, record } = proposal;
    const decision = decisionLeaf === null ? null : proposal.decision;
    // Our own JSON, read from the database.
    const file = { proposal: record, policy, decision, amended: decision && amended } as object;
    writeChanged(join(publicDirectory, PUBLIC.proposal(id)), `${canonicalJson(file as never)}\n`);
  }
  const ids = logged.map(({ proposal }) => proposal.id);
  writeChanged(join(publicDirectory, PUBLIC.proposals), JSON.stringify(ids));
}

function writeChanged(path: string, text: string): void {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  writeWhole(path, text);
}
