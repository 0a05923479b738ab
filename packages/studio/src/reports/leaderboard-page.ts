import { CONTRIBUTION_KINDS } from '@jamnet/economy';
import { type Html, html } from './html.ts';
import { page, table } from './layout.ts';
import type { Leaderboard, LeaderboardRow } from './leaderboard.ts';
import { jam, KIND_WORDS, short } from './words.ts';

/** Who earned most, under the names that members agreed to, else under their pseudonyms. */
export function leaderboardPage(
  board: Leaderboard,
  epochId: string | null,
  knownEpochs: readonly string[],
): string {
  const where = epochId === null ? 'all closed epochs' : `epoch ${epochId}`;
  return page({
    title: 'Leaderboard',
    path: '/reports/leaderboard',
    lede: html`JAM issued for ${board.kind === null ? 'every kind of contribution' : KIND_WORDS[board.kind].toLowerCase()} in ${where}. Names appear only where a member agreed to it, and go when the member withdraws.`,
    body: html`<nav class="filters" aria-label="Kind"><ul>${[null, ...CONTRIBUTION_KINDS].map((kind) =>
      choice(address(kind, epochId), kind === null ? 'All kinds' : KIND_WORDS[kind], kind === board.kind),
    )}</ul></nav>
<nav class="filters" aria-label="Epoch"><ul>${[null, ...knownEpochs].map((id) =>
      choice(address(board.kind, id), id ?? 'All epochs', id === epochId),
    )}</ul></nav>
${board.rows.length === 0 ? html`<p class="empty">Nobody has earned here yet.</p>` : boardTable(board)}`,
  });
}

function address(kind: string | null, epochId: string | null): string {
  const query = new URLSearchParams();
  if (kind !== null) query.set('kind', kind);
  if (epochId !== null) query.set('epoch', epochId);
  return query.size === 0 ? '/reports/leaderboard' : `/reports/leaderboard?${query}`;
}

function choice(href: string, name: string, isCurrent: boolean): Html {
  return html`<li><a href="${href}"${isCurrent ? html` aria-current="true"` : null}>${name}</a></li>`;
}

function boardTable(board: Leaderboard): Html {
  const most = board.rows[0]?.microJam ?? 1n;
  const rows = board.rows.map((row) => rowOf(row, most));
  const caption = `The first ${board.rows.length} of ${board.payees} pseudonyms, by JAM issued`;
  return table(
    caption,
    ['Place', 'Who', html`<span class="over-num">JAM</span>`, 'Part of the first', 'From'],
    rows,
  );
}

function rowOf({ place, payee, name, microJam, byKind }: LeaderboardRow, most: bigint): Html {
  const width = Number((microJam * 100n) / most);
  const kinds = CONTRIBUTION_KINDS.filter((kind) => byKind[kind] > 0n);
  return html`<tr><td>${place}</td>
<th scope="row">${name === null ? html`<span class="pseudonym" title="${payee}">${short(payee)}</span>` : html`${name} <span class="pseudonym" title="${payee}">${short(payee)}</span>`}</th>
<td class="num">${jam(microJam)}</td>
<td><svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="8"/></svg></td>
<td>${kinds.map((kind) => html`<span class="tape tape-${kind}">${KIND_WORDS[kind]}</span> `)}</td></tr>`;
}
