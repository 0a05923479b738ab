import {
  CONTRIBUTION_KINDS,
  dateOf,
  isoTimeOf,
  type PayeeStatement,
  type PriceHistory,
  type WalletLine,
} from '@jamnet/economy';
import { priceText } from './epoch-page.ts';
import { type Html, html } from './html.ts';
import { page, table } from './layout.ts';
import { priceCharts } from './price-chart.ts';
import { priceTable } from './price-page.ts';
import { publicFile } from './success-report.ts';
import { dollars, jam, KIND_WORDS, short } from './words.ts';

/** Lines on paper; the CSV has all that are at hand. */
const LINES_SHOWN_MAX = 500;
const RULES = { use: 'by the payer’s own use', merit: 'by verified merit' } as const;

/** One payee's statement of one epoch, made to be printed (the browser makes the PDF). */
export function statementPage(statement: PayeeStatement, history: PriceHistory, csvAddress: string): string {
  const { epoch, payee, name, paid } = statement;
  return page({
    title: `Statement, epoch ${epoch.epochId}`,
    lede: html`For ${name === null ? null : html`${name}, `}<span class="pseudonym">${payee}</span>. Closed ${isoTimeOf(epoch.closedAtUs)}. Private: it is shown to its owner and to the operator only.`,
    body: html`<dl class="facts">
<div><dt>JAM issued to you</dt><dd>${jam(paid.microJam)}</dd></div>
<div><dt>Worth at issue</dt><dd>${worth(statement)}</dd></div>
<div><dt>Owed to you in cash</dt><dd>${dollars(paid.cents)}</dd></div>
<div><dt>Unit price</dt><dd>${priceText(epoch)}</dd></div>
<div><dt>State</dt><dd>${paid.escrowed ? 'in escrow until your key is verified' : 'in your wallet'}</dd></div>
</dl>
<p class="no-print"><a class="button" href="${csvAddress}">All lines as CSV</a> <span class="quiet">Print this page (Ctrl or ⌘ + P) to make a PDF.</span></p>
<section><h2>By kind</h2>${kindTable(statement)}</section>
<section><h2>Line by line</h2>${lineTable(statement)}</section>
${redemptionSection(statement)}
<section class="price-section"><h2>Unit price over time</h2>${priceCharts(history)}${priceTable(history)}</section>
<section><h2>How to check this</h2><p>The epoch’s <a href="${publicFile(epoch.epochId)}">public file</a> has SHA-256 <span class="hash">${epoch.sha256}</span>, fixed in <a href="/api/ledger/entries/${epoch.statementLeaf}/proof">leaf ${epoch.statementLeaf}</a> of the log. Look for <span class="pseudonym">${payee}</span> in its rows; <code>jamnet audit</code> recomputes every payment from them.</p></section>`,
  });
}

function worth({ epoch, paid }: PayeeStatement): string {
  return epoch.price === null
    ? '–'
    : dollars((paid.microJam * epoch.price.cents) / (epoch.price.units * 1_000_000n));
}

function kindTable({ paid }: PayeeStatement): Html {
  const rows = CONTRIBUTION_KINDS.filter((kind) => paid.byKind[kind] > 0n).map(
    (kind) =>
      html`<tr><th scope="row"><span class="tape tape-${kind}">${KIND_WORDS[kind]}</span></th><td class="num">${jam(paid.byKind[kind])}</td></tr>`,
  );
  return table('JAM by kind of contribution', ['Kind', html`<span class="over-num">JAM</span>`], rows);
}

function lineTable({ lines, paid }: PayeeStatement): Html {
  const shown = lines.slice(0, LINES_SHOWN_MAX);
  const sum = lines.reduce((total, { microJam }) => total + microJam, 0n);
  const rest =
    sum === paid.microJam
      ? `${lines.length} lines, which sum to ${jam(sum)} JAM.`
      : `${lines.length} lines are at hand, which sum to ${jam(sum)} of ${jam(paid.microJam)} JAM.`;
  const head = ['Kind', 'Rule', 'Contribution', 'Paid for by', html`<span class="over-num">JAM</span>`];
  return html`${table(`The ${shown.length === lines.length ? '' : `first ${shown.length} `}lines of this statement`, head, shown.map(lineRow))}<p class="quiet">${rest}</p>`;
}

function lineRow({ kind, rule, subject, contribution, evidence, receipts, microJam }: WalletLine): Html {
  return html`<tr><td><span class="tape tape-${kind}">${KIND_WORDS[kind]}</span></td><td>${RULES[rule]}</td>
<td>${subject} <span class="hash" title="${contribution}">${short(contribution, 12)}</span> <span class="quiet">evidence <span class="hash" title="${evidence}">${short(evidence, 12)}</span></span></td>
<td>${receipts.length === 0 ? 'payers without use of their own' : receipts.join(', ')}</td><td class="num">${jam(microJam)}</td></tr>`;
}

function redemptionSection({ wallet }: PayeeStatement): Html | null {
  if (wallet.redemptions.length === 0) return null;
  const rows = wallet.redemptions.map(
    ({ requestedAtUs, askedMicroJam, paidMicroJam, paidCents, sentence }) =>
      html`<tr><th scope="row" class="date">${dateOf(requestedAtUs)}</th><td class="num">${jam(askedMicroJam)}</td><td class="num">${jam(paidMicroJam)}</td><td class="num">${dollars(paidCents)}</td><td>${sentence}</td></tr>`,
  );
  const over = (name: string): Html => html`<span class="over-num">${name}</span>`;
  return html`<section><h2>Redemptions</h2>${table('Redemptions of this wallet, the newest first', ['Asked on', over('JAM asked'), over('JAM redeemed'), over('Cash'), 'What it is now'], rows)}</section>`;
}
