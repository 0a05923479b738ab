import { type Html, html } from './html.ts';
import { page, table } from './layout.ts';
import type { SuccessEpoch, SuccessFigure, SuccessReport } from './success-report.ts';
import { dollars, jam, percent, short } from './words.ts';

/** What the studio has achieved, each figure with its definition and the place where anybody can check it. */
export function successPage(report: SuccessReport): string {
  const { epochId } = report;
  if (epochId === null) {
    return page({
      title: 'Success, checked',
      path: '/reports/',
      lede: 'No epoch has been closed yet: figures appear with the first close.',
      body: html`<p class="empty">Nothing is shown that cannot be recomputed from a public file, and there is none yet.</p>`,
    });
  }
  return page({
    title: 'Success, checked',
    path: '/reports/',
    lede: html`The latest closed epoch, <a href="/reports/epochs/${epochId}">${epochId}</a>${report.sample ? ', a sample evening' : ''}. Each figure says what it is and where its proof lies.`,
    body: html`<dl class="figures">${report.figures.map(figure)}</dl>
<section><h2>Every epoch</h2>${epochTable(report.epochs)}</section>`,
  });
}

function figure({ label, value, definition, proof }: SuccessFigure): Html {
  return html`<div class="figure-card"><dt>${label}</dt><dd class="value">${value}</dd><dd class="definition">${definition}</dd><dd class="proof-link">Proof: <a href="${proof.href}">${proof.label}</a></dd></div>`;
}

function epochTable(epochs: readonly SuccessEpoch[]): Html {
  const rows = epochs.map(
    (epoch) => html`<tr><th scope="row"><a href="/reports/epochs/${epoch.epochId}">${epoch.epochId}</a></th>
<td class="num">${dollars(epoch.revenueCents)}</td><td class="num">${dollars(epoch.recurringCents)}</td><td class="num">${dollars(epoch.shareCents)}</td>
<td class="num">${percent(epoch.shareCents, epoch.revenueCents)}</td><td class="num">${jam(epoch.issuedMicroJam)}</td>
<td class="num">${epoch.participants}</td><td class="num">${epoch.operators}</td>
<td><a href="${epoch.file}">file</a>, <a href="/api/ledger/entries/${epoch.leaf}/proof">leaf ${epoch.leaf}</a> <span class="hash">${short(epoch.sha256, 12)}</span></td></tr>`,
  );
  const head = [
    'Epoch',
    'Net revenue',
    'Recurring',
    'Share',
    'Returned',
    'JAM issued',
    'Participants',
    'Operators',
    'Proof',
  ];
  return table('Closed epochs, the newest first', head.map(headOf), rows);
}

/** Headings of columns of numbers stand over their numbers. */
function headOf(name: string): Html {
  return name === 'Epoch' || name === 'Proof' ? html`${name}` : html`<span class="over-num">${name}</span>`;
}
