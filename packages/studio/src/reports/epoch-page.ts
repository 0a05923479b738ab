import { byKind, CONTRIBUTION_KINDS, isoTimeOf, type ReportedEpoch, STREAMS } from '@jamnet/economy';
import { type Html, html } from './html.ts';
import { page, table } from './layout.ts';
import { publicFile } from './success-report.ts';
import { dollars, grouped, jam, KIND_WORDS, percent, STREAM_WORDS, short } from './words.ts';

/** Payees listed; the public file has all. */
const PAYEES_MAX = 200;

/** One closed epoch, with nothing but what its public file says. */
export function epochPage(epoch: ReportedEpoch, names: ReadonlyMap<string, string>): string {
  return page({
    title: `Epoch ${epoch.epochId}`,
    lede: html`Closed ${isoTimeOf(epoch.closedAtUs)} under the policy “${epoch.policyName}”${epoch.sample ? ', a sample' : ''}.`,
    body: html`<dl class="facts">
<div><dt>Net revenue</dt><dd>${dollars(epoch.revenueCents)}</dd></div>
<div><dt>Contributors’ share</dt><dd>${dollars(epoch.shareCents)} (${percent(epoch.shareCents, epoch.revenueCents)})</dd></div>
<div><dt>Unit price</dt><dd>${priceText(epoch)}</dd></div>
<div><dt>JAM issued</dt><dd>${jam(epoch.issuedMicroJam)}</dd></div>
<div><dt>Owed in cash instead</dt><dd>${dollars(epoch.cashCents)}</dd></div>
<div><dt>Participants</dt><dd>${grouped(epoch.participants)}</dd></div>
</dl>
<section><h2>Where it came from</h2>${streamTable(epoch)}</section>
<section><h2>Where it went</h2>${kindTable(epoch)}${payeeTable(epoch, names)}</section>
<section><h2>Check it yourself</h2>
<p>The <a href="${publicFile(epoch.epochId)}">public file</a> has every row; its SHA-256 <span class="hash">${epoch.sha256}</span> is <a href="/api/ledger/entries/${epoch.statementLeaf}/proof">leaf ${epoch.statementLeaf}</a> of the log. <code>jamnet audit</code> recomputes all of this page from it.</p></section>`,
  });
}

/** n to four decimals for people, with the exact ratio. */
export function priceText({ price }: Pick<ReportedEpoch, 'price'>): string {
  if (price === null) return 'none';
  const tenThousandths = (price.cents * 100n) / price.units;
  return `$${tenThousandths / 10_000n}.${(tenThousandths % 10_000n).toString().padStart(4, '0')}`;
}

function streamTable({ streamCents, revenueCents }: ReportedEpoch): Html {
  const rows = STREAMS.filter((stream) => streamCents[stream] !== 0n).map(
    (stream) =>
      html`<tr><th scope="row">${STREAM_WORDS[stream] ?? stream}</th><td class="num">${dollars(streamCents[stream])}</td><td class="num">${percent(streamCents[stream], revenueCents)}</td></tr>`,
  );
  return table(
    'Net revenue by stream',
    ['Stream', html`<span class="over-num">Net</span>`, html`<span class="over-num">Part</span>`],
    rows,
  );
}

function kindTable({ paid, issuedMicroJam }: ReportedEpoch): Html {
  const sums = byKind((kind) => paid.reduce((sum, share) => sum + share.byKind[kind], 0n));
  const rows = CONTRIBUTION_KINDS.map(
    (kind) =>
      html`<tr><th scope="row"><span class="tape tape-${kind}">${KIND_WORDS[kind]}</span></th><td class="num">${jam(sums[kind])}</td><td class="num">${percent(sums[kind], issuedMicroJam)}</td></tr>`,
  );
  return table(
    'JAM issued by kind of contribution',
    ['Kind', html`<span class="over-num">JAM</span>`, html`<span class="over-num">Part</span>`],
    rows,
  );
}

function payeeTable({ paid }: ReportedEpoch, names: ReadonlyMap<string, string>): Html {
  const rows = paid.slice(0, PAYEES_MAX).map(({ payee, microJam, cents, escrowed }) => {
    const name = names.get(payee);
    return html`<tr><th scope="row">${name ?? null} <span class="pseudonym" title="${payee}">${short(payee)}</span></th><td class="num">${jam(microJam)}</td><td class="num">${dollars(cents)}</td><td>${escrowed ? 'in escrow' : 'paid'}</td></tr>`;
  });
  return table(
    `The ${rows.length} largest of ${paid.length} payments`,
    ['Who', html`<span class="over-num">JAM</span>`, html`<span class="over-num">Cash claim</span>`, 'State'],
    rows,
  );
}
