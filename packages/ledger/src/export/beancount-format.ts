import { amountText, dayOf, type JournalFormat, type Posting } from './journal-format.ts';

/** Accounts begin to exist here; beancount wants a day for each. */
const FIRST_DAY = '1970-01-01';

/**
 * Beancount. Its account names have a fixed root and capitalised parts, so `payee:p1:JAM` becomes
 * `Equity:Payee:P1:JAM`; the ledger's code stands beside it as metadata. Zero tolerance, or it would pass ±0.5 µJAM.
 */
export const beancountFormat: JournalFormat = {
  header({ from, to, comment }) {
    const lines = [`JAMBucks Ledger, leaves ${from} to ${to - 1n}`, ...comment].map((line) => `; ${line}\n`);
    const options = 'option "inferred_tolerance_default" "*:0"\noption "tolerance_multiplier" "0"\n';
    return `${lines.join('')}${options}\n${FIRST_DAY} open Equity:Opening\n`;
  },
  account: ({ code, asset }) => `${FIRST_DAY} open ${nameOf(code)} ${asset}\n  code: "${code}"\n`,
  opening(date, balances) {
    if (balances.length === 0) return '';
    const rows = balances.flatMap((posting) => [
      row(posting),
      `  Equity:Opening  ${amountText({ ...posting, amount: -posting.amount })}\n`,
    ]);
    return `\n${date} * "opening balances"\n${rows.join('')}`;
  },
  movement({ index, acceptedAtUs, entry, postings }) {
    const evidence = entry.evidence === null ? '' : `  evidence: "${entry.evidence}"\n`;
    const key = entry.key.replace(/["\\]/g, '_');
    const meta = `  leaf: "${index}"\n  key: "${key}"\n${evidence}`;
    return `\n${dayOf(acceptedAtUs)} * "${entry.kind}"\n${meta}${postings.map(row).join('')}`;
  },
  /** A beancount assertion holds at the beginning of its day. */
  closing(date, balances) {
    const next = new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10);
    const rows = balances.map(
      (posting) => `${next} balance ${nameOf(posting.account)} ${amountText(posting)}\n`,
    );
    return `\n${rows.join('')}`;
  },
};

function row(posting: Posting): string {
  return `  ${nameOf(posting.account)}  ${amountText(posting)}\n`;
}

/** Parts begin with a capital or digit and hold letters, digits and dashes; others become `-XX` in hexadecimal. */
function nameOf(code: string): string {
  const parts = code.split(':').map((part) => {
    const safe = part.replace(/[^A-Za-z0-9]/g, (character) => `-${character.charCodeAt(0).toString(16)}`);
    return /^[A-Z0-9]/.test(safe) ? safe : `X-${safe}`;
  });
  return `Equity:${parts.join(':')}`;
}
