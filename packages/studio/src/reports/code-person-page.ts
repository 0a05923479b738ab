import type { CodeSummary, PersonPicture } from '@jamnet/attribution';
import { backTo, bar, counted, fileAddress, over, percent } from './code-page.ts';
import { CODE_TEXTS } from './code-texts.ts';
import { html } from './html.ts';
import { page, table } from './layout.ts';
import type { ReportLanguage } from './report-language.ts';

/** Which statements earn for a person, the largest first. */
export function codePersonPage(
  slug: string,
  summary: CodeSummary,
  person: PersonPicture,
  language: ReportLanguage = 'en',
): string {
  const words = CODE_TEXTS[language];
  const most = person.earning[0]?.share ?? 0;
  const rows = person.earning.map(
    ({ path, startLine, text, uses, share, commit, people }) =>
      html`<tr><td class="said"><code>${text}</code></td><td><a href="${fileAddress(slug, path)}#L${startLine}"><span class="hash path">${path}:${startLine}</span></a></td><td class="num">${uses}</td><td class="num">${percent(words, share)}</td><td>${bar(share, most)}</td><td><span class="hash">${commit.slice(0, 9)}</span>${people.length > 1 ? html` <span class="quiet">${words.sharedBy(people.length)}</span>` : null}</td></tr>`,
  );
  const head = [
    words.statement,
    words.where,
    over(words.ran),
    over(words.share),
    words.heat,
    words.firstCommit,
  ];
  return page({
    language,
    title: person.name,
    lede: html`${backTo(slug, summary.repository)} · ${words.personEarns(percent(words, person.share), counted(words, person.statements, 'statement'))}`,
    body:
      rows.length === 0
        ? html`<p class="empty">${words.personNothing}</p>`
        : table(words.mostEarning(rows.length), head, rows),
  });
}
