import type { CodeSummary, FileSummary, PersonSummary } from '@jamnet/attribution';
import { CODE_TEXTS, type CodeTexts } from './code-texts.ts';
import { type Html, type HtmlPart, html } from './html.ts';
import { page, table } from './layout.ts';
import type { ReportLanguage } from './report-language.ts';

/** Files listed on the first page of a repository; the rest is told as a count. */
const FILES_SHOWN = 200;
const PEOPLE_SHOWN = 100;

const CODE_PATH = '/reports/code';

/** Repositories whose code is read here. */
export function codeIndexPage(
  known: readonly { slug: string; summary: CodeSummary }[],
  language: ReportLanguage = 'en',
): string {
  const words = CODE_TEXTS[language];
  const rows = known.map(
    ({ slug, summary }) =>
      html`<tr><th scope="row"><a href="${addressOf(slug)}">${summary.repository}</a></th><td class="num">${summary.people.length}</td><td class="num">${summary.files.length}</td><td class="num">${summary.statements}</td></tr>`,
  );
  const head = [words.repository, over(words.people), over(words.files), over(words.statements)];
  return page({
    language,
    title: words.code,
    path: CODE_PATH,
    lede: words.indexLede,
    body:
      rows.length === 0
        ? html`<p class="empty">${words.noRepository} <code>code/repositories.json</code>.</p>`
        : table(words.repositories, head, rows),
  });
}

/** One repository: who owns what earns, in which files, and what it depends on. */
export function codePage(slug: string, summary: CodeSummary, language: ReportLanguage = 'en'): string {
  const words = CODE_TEXTS[language];
  const names = namesOf(summary.people);
  const { gated, gate: state } = summary;
  const gate =
    state === 'not-run' ? words.gateNotRun : words.heldBack(counted(words, gated.length, 'commit'));
  return page({
    language,
    title: summary.repository,
    lede: html`${counted(words, summary.statements, 'statement')}, ${counted(words, summary.people.length, 'person')}, ${counted(words, summary.commits, 'commit')}, ${words.at} <span class="hash">${summary.head.slice(0, 12)}</span>. ${words.gate(gate)}`,
    path: CODE_PATH,
    body: html`${summary.problem === null ? null : html`<p class="empty">${words.nothingEarns} <span lang="en">${summary.problem}</span></p>`}
<section><h2>${words.people}</h2>${peopleTable(words, slug, summary.people)}</section>
<section><h2>${words.files}</h2>${filesTable(words, slug, summary.files, names)}</section>
<section><h2>${words.dependencies}</h2>${dependenciesPart(words, summary)}</section>
<p class="quiet">${words.madeBy} <code>${summary.toolVersion}</code> ${words.fromInputs} <span class="hash">${summary.inputHash}</span>. ${words.sameInputs}</p>`,
  });
}

function peopleTable(words: CodeTexts, slug: string, people: readonly PersonSummary[]): Html {
  const most = people[0]?.share ?? 0;
  const rows = people
    .slice(0, PEOPLE_SHOWN)
    .map(
      ({ id, name, share, statements }) =>
        html`<tr><th scope="row"><a href="${personAddress(slug, id)}">${name}</a></th><td class="num">${percent(words, share)}</td><td>${bar(share, most)}</td><td class="num">${statements}</td></tr>`,
    );
  return table(
    countCaption(words, rows.length, people.length, words.people),
    [words.who, over(words.share), words.partOfFirst, over(words.statements)],
    rows,
  );
}

function filesTable(
  words: CodeTexts,
  slug: string,
  files: readonly FileSummary[],
  names: ReadonlyMap<string, string>,
): Html {
  const most = files[0]?.share ?? 0;
  const rows = files
    .slice(0, FILES_SHOWN)
    .map(
      ({ path, share, statements, owner }) =>
        html`<tr><th scope="row"><a href="${fileAddress(slug, path)}"><span class="hash path">${path}</span></a></th><td class="num">${percent(words, share)}</td><td>${bar(share, most)}</td><td class="num">${statements}</td><td>${owner === null ? '' : (names.get(owner) ?? '')}</td></tr>`,
    );
  return table(
    countCaption(words, rows.length, files.length, words.files),
    [words.file, over(words.share), words.heat, over(words.statements), words.mostBy],
    rows,
  );
}

function dependenciesPart(words: CodeTexts, { dependencies, dependencyUse }: CodeSummary): Html {
  if (dependencyUse === 'not-run') return html`<p class="quiet">${words.useUnknown}</p>`;
  const rows = dependencies.map(
    ({ repository, share, isDirect, funding }) =>
      html`<tr><th scope="row"><span class="hash path">${repository}</span></th><td class="num">${percent(words, share)}</td><td>${isDirect ? words.direct : words.throughOthers}</td><td>${funding[0] === undefined ? html`<span class="quiet">${words.noAddress}</span>` : html`<span class="hash">${funding[0]}</span>`}</td></tr>`,
  );
  return rows.length === 0
    ? html`<p class="quiet">${words.nonePackage}</p>`
    : table(words.ofBudget, [words.repository, over(words.share), words.askedFor, words.paidTo], rows);
}

function countCaption(words: CodeTexts, shown: number, all: number, what: string): string {
  return shown === all ? words.byShare(what) : words.firstOf(what, shown, all);
}

export function counted(words: CodeTexts, count: number, what: keyof CodeTexts['counted']): string {
  const [one = '', several = ''] = words.counted[what];
  return `${count} ${count === 1 ? one : several}`;
}

export function bar(share: number, most: number): Html {
  const width = most === 0 ? 0 : Math.round((100 * share) / most);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="8"/></svg>`;
}

/** Of 10⁹ parts, as percent with as many places as a small share needs. */
export function percent({ locale }: CodeTexts, share: number): string {
  if (share === 0) return '0';
  const value = share / 1e7;
  if (value < 0.001) return `< ${fixed(locale, 0.001, 3)} %`;
  return `${fixed(locale, value, value < 0.1 ? 3 : value < 10 ? 2 : 1)} %`;
}

function fixed(locale: string, value: number, places: number): string {
  return value.toLocaleString(locale, { minimumFractionDigits: places, maximumFractionDigits: places });
}

export function over(name: string): Html {
  return html`<span class="over-num">${name}</span>`;
}

export function namesOf(people: readonly PersonSummary[]): ReadonlyMap<string, string> {
  return new Map(people.map(({ id, name }) => [id, name]));
}

export function addressOf(slug: string): string {
  return `${CODE_PATH}/${slug}`;
}

export function fileAddress(slug: string, path: string): string {
  return `${addressOf(slug)}/file?${new URLSearchParams({ path })}`;
}

export function personAddress(slug: string, id: string): string {
  return `${addressOf(slug)}/people/${id}`;
}

/** The way back, above a page that lies below a repository's. */
export function backTo(slug: string, repository: string): HtmlPart {
  return html`<a href="${addressOf(slug)}">${repository}</a>`;
}
