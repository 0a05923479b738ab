import type { CodeSummary, PersonPicture } from '@jamnet/attribution';
import { backTo, bar, counted, fileAddress, over, percent } from './code-page.ts';
import { html } from './html.ts';
import { page, table } from './layout.ts';

/** Which statements earn for a person, the largest first. */
export function codePersonPage(slug: string, summary: CodeSummary, person: PersonPicture): string {
  const most = person.earning[0]?.share ?? 0;
  const rows = person.earning.map(
    ({ path, startLine, text, uses, share, commit, people }) =>
      html`<tr><td class="said"><code>${text}</code></td><td><a href="${fileAddress(slug, path)}#L${startLine}"><span class="hash path">${path}:${startLine}</span></a></td><td class="num">${uses}</td><td class="num">${percent(share)}</td><td>${bar(share, most)}</td><td><span class="hash">${commit.slice(0, 9)}</span>${people.length > 1 ? html` <span class="quiet">shared by ${people.length}</span>` : null}</td></tr>`,
  );
  const head = ['Statement', 'Where', over('Ran'), over('Share'), 'Heat', 'First commit'];
  return page({
    title: person.name,
    lede: html`${backTo(slug, summary.repository)} · ${percent(person.share)} of what this repository’s code earns, by ${counted(person.statements, 'statement')} written first.`,
    body:
      rows.length === 0
        ? html`<p class="empty">No statement of theirs ran in the workload, or none is measured yet.</p>`
        : table(`The ${rows.length} statements that earn most`, head, rows),
  });
}
