import { amountText, dayOf, type JournalFormat, type Posting } from './journal-format.ts';

/**
 * hledger's journal, fit for `hledger check -s`: commodities with all their decimals (with fewer, hledger's balancing
 * tolerance would hide µJAM), every account declared, opening balances, and a closing assertion per account.
 */
export const hledgerFormat: JournalFormat = {
  header({ from, to, comment }) {
    const lines = [`JAMBucks Ledger, leaves ${from} to ${to - 1n}`, ...comment].map((line) => `; ${line}\n`);
    return `${lines.join('')}\ncommodity 1.000000 JAM\ncommodity 1.00 USD\ncommodity 1.00 EUR\n\naccount opening\n`;
  },
  account: ({ code }) => `account ${code}\n`,
  opening(date, balances) {
    if (balances.length === 0) return '';
    const rows = balances.flatMap((posting) => [
      row(posting),
      row({ ...posting, account: 'opening', amount: -posting.amount }),
    ]);
    return `\n${date} * opening balances\n${rows.join('')}`;
  },
  movement({ index, acceptedAtUs, entry, postings }) {
    const evidence = entry.evidence === null ? '' : `, evidence:${entry.evidence}`;
    // The code in parentheses ends at ')', and a tag's value at a comma: keys may hold both, so they are left out there.
    const key = entry.key.replace(/[(),;]/g, '_');
    return `\n${dayOf(acceptedAtUs)} * (${key}) ${entry.kind}  ; leaf:${index}${evidence}\n${postings.map(row).join('')}`;
  },
  closing(date, balances) {
    if (balances.length === 0) return '';
    const rows = balances.map(
      ({ account, asset, amount }) => `  ${account}  0 ${asset} = ${amountText({ amount, asset })}\n`,
    );
    return `\n${date} * assert\n${rows.join('')}`;
  },
};

function row(posting: Posting): string {
  return `  ${posting.account}  ${amountText(posting)}\n`;
}
