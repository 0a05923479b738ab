import type { Economy } from '@jamnet/economy';
import type { Ledger } from '@jamnet/ledger';
import type { Database } from '@jamnet/sql';
import { GovernanceDesk } from './governance-desk.ts';
import { PartnerList } from './partner-list.ts';
import { ProposalBook } from './proposal-book.ts';
import { publishProposals } from './public-proposals.ts';

export interface GovernanceNeeds {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly economy: Economy;
  readonly publicDirectory: string;
  readonly publishBooks: () => Promise<void>;
  /** UTC µs. */
  readonly nowUs: () => bigint;
  /** 16 hex digits of chance. */
  readonly newId: () => string;
}

/** Proposals and partners over the studio's database; the public files of what was proposed are whole again. */
export async function openGovernance(needs: GovernanceNeeds): Promise<{
  readonly governance: GovernanceDesk;
  readonly partners: PartnerList;
  /** Writes the public files of what was proposed, wherever it was. */
  readonly showProposals: () => Promise<void>;
}> {
  const { database, ledger, economy, publicDirectory, nowUs, newId } = needs;
  const book = await ProposalBook.open(database);
  const showProposals = (): Promise<void> => publishProposals(book, publicDirectory);
  const governance = await GovernanceDesk.open({
    book,
    ledger,
    economy,
    nowUs,
    publishBooks: async () => {
      await needs.publishBooks();
      await showProposals();
    },
  });
  await showProposals();
  return { showProposals, governance, partners: new PartnerList({ database, nowUs, newId }) };
}
