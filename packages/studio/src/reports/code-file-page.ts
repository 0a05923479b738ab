import type { CodeMark, CodeSummary, FilePicture } from '@jamnet/attribution';
import { backTo, counted, namesOf, percent, personAddress } from './code-page.ts';
import { CODE_TEXTS, type CodeTexts } from './code-texts.ts';
import { type Html, type HtmlPart, html } from './html.ts';
import { page } from './layout.ts';
import type { ReportLanguage } from './report-language.ts';

/** Lines of a file that are shown; generated ones may have more. */
const LINES_SHOWN = 5000;
const LINE_LENGTH_SHOWN = 300;
/** Steps of heat, each twice the share of the one before; the hottest statement of the file has the last. */
const HEAT_STEPS = 5;

/** A file with who owns each line and how hot it is. */
export function codeFilePage(
  slug: string,
  summary: CodeSummary,
  file: FilePicture,
  language: ReportLanguage = 'en',
): string {
  const words = CODE_TEXTS[language];
  const marks = innermost(file.marks, Math.min(file.lines.length, LINES_SHOWN));
  const hottest = file.marks.reduce((most, mark) => Math.max(most, mark.share), 0);
  const names = namesOf(summary.people);
  let owners = '';
  const rows = file.lines.slice(0, LINES_SHOWN).map((text, index) => {
    const mark = marks[index] ?? null;
    const isFirst = mark?.startLine === index + 1;
    const isNew = isFirst && owners !== mark.people.join();
    if (isFirst) owners = mark.people.join();
    return lineRow(
      words,
      { line: index + 1, text, heat: heatOf(mark, hottest) },
      isFirst ? mark : null,
      (one) => (isNew ? ownersOf(words, slug, one, names) : null),
    );
  });
  const rest = file.lines.length - rows.length;
  return page({
    language,
    title: file.path,
    lede: html`${backTo(slug, summary.repository)} · ${words.fileEarns(percent(words, file.share), counted(words, file.statements, 'statement'))}`,
    body: html`<div class="scroller code" role="region" aria-label="${file.path}" tabindex="0"><table>
<caption>${words.fileCaption}</caption>
<thead><tr><th scope="col">${words.line}</th><th scope="col"><span class="over-num">${words.share}</span></th><th scope="col">${words.code}</th><th scope="col"><span class="over-num">${words.ran}</span></th><th scope="col">${words.owner}</th></tr></thead>
<tbody>${rows}</tbody></table></div>${rest > 0 ? html`<p class="quiet">${words.moreLines(rest)}</p>` : null}`,
  });
}

/** `mark`: the statement that begins on this line. Owners are named where they change. */
function lineRow(
  words: CodeTexts,
  { line, text, heat }: { line: number; text: string; heat: number },
  mark: CodeMark | null,
  ownersIn: (mark: CodeMark) => HtmlPart,
): Html {
  return html`<tr id="L${line}" class="heat-${heat}"><td class="num quiet">${line}</td><td class="num">${mark === null ? '' : shareOf(words, mark)}</td><td class="source"><code>${text.slice(0, LINE_LENGTH_SHOWN)}</code></td><td class="num">${mark === null ? '' : mark.uses}</td><td>${mark === null ? null : ownersIn(mark)}</td></tr>`;
}

function ownersOf(words: CodeTexts, slug: string, mark: CodeMark, names: ReadonlyMap<string, string>): Html {
  if (mark.people.length === 0) return html`<span class="quiet">${words.bot}</span>`;
  return html`${mark.people.map((id) => html`<a href="${personAddress(slug, id)}">${names.get(id) ?? id}</a> `)}`;
}

function shareOf(words: CodeTexts, mark: CodeMark): string {
  if (mark.isGated) return words.gated;
  return mark.share === 0 ? '' : percent(words, mark.share);
}

function heatOf(mark: CodeMark | null, hottest: number): number {
  if (mark === null || mark.share === 0) return 0;
  return Math.max(1, HEAT_STEPS - Math.floor(Math.log2(hottest / mark.share)));
}

/** For each line the innermost statement that covers it: of those that begin before it, the one that begins last. */
function innermost(marks: readonly CodeMark[], lines: number): (CodeMark | undefined)[] {
  const found: (CodeMark | undefined)[] = new Array(lines);
  for (const mark of marks) {
    for (let line = mark.startLine; line <= Math.min(mark.endLine, lines); line++) found[line - 1] = mark;
  }
  return found;
}
