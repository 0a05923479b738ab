import type { CodeSummary, FileSummary, PersonSummary } from '@jamnet/attribution';
import { type Html, type HtmlPart, html } from './html.ts';
import { page, table } from './layout.ts';

/** Files listed on the first page of a repository; the rest is told as a count. */
const FILES_SHOWN = 200;
const PEOPLE_SHOWN = 100;

const CODE_PATH = '/reports/code';

/** Repositories whose code is read here. */
export function codeIndexPage(known: readonly { slug: string; summary: CodeSummary }[]): string {
  const rows = known.map(
    ({ slug, summary }) =>
      html`<tr><th scope="row"><a href="${addressOf(slug)}">${summary.repository}</a></th><td class="num">${summary.people.length}</td><td class="num">${summary.files.length}</td><td class="num">${summary.statements}</td></tr>`,
  );
  const head = ['Repository', over('People'), over('Files'), over('Statements')];
  return page({
    title: 'Code',
    path: CODE_PATH,
    lede: 'Each statement belongs to whoever wrote it first, and earns by how often it runs in a public workload.',
    body:
      rows.length === 0
        ? html`<p class="empty">No repository has been read yet. A sample evening reads this one; others are named in <code>code/repositories.json</code>.</p>`
        : table('Repositories', head, rows),
  });
}

/** One repository: who owns what earns, in which files, and what it depends on. */
export function codePage(slug: string, summary: CodeSummary): string {
  const names = namesOf(summary.people);
  const { gated, gate: state } = summary;
  const gate = state === 'not-run' ? 'not run' : `${counted(gated.length, 'commit')} held back`;
  return page({
    title: summary.repository,
    lede: html`${counted(summary.statements, 'statement')}, ${counted(summary.people.length, 'person', 'people')}, ${counted(summary.commits, 'commit')}, at <span class="hash">${summary.head.slice(0, 12)}</span>. Gate against noise: ${gate}.`,
    path: CODE_PATH,
    body: html`${summary.problem === null ? null : html`<p class="empty">Nothing earns: ${summary.problem}</p>`}
<section><h2>People</h2>${peopleTable(slug, summary.people)}</section>
<section><h2>Files</h2>${filesTable(slug, summary.files, names)}</section>
<section><h2>Dependencies</h2>${dependenciesPart(summary)}</section>
<p class="quiet">Made by <code>${summary.toolVersion}</code> from inputs with hash <span class="hash">${summary.inputHash}</span>. The same inputs give the same shares on any machine.</p>`,
  });
}

function peopleTable(slug: string, people: readonly PersonSummary[]): Html {
  const most = people[0]?.share ?? 0;
  const rows = people
    .slice(0, PEOPLE_SHOWN)
    .map(
      ({ id, name, share, statements }) =>
        html`<tr><th scope="row"><a href="${personAddress(slug, id)}">${name}</a></th><td class="num">${percent(share)}</td><td>${bar(share, most)}</td><td class="num">${statements}</td></tr>`,
    );
  return table(
    countCaption(rows.length, people.length, 'People'),
    ['Who', over('Share'), 'Part of the first', over('Statements')],
    rows,
  );
}

function filesTable(slug: string, files: readonly FileSummary[], names: ReadonlyMap<string, string>): Html {
  const most = files[0]?.share ?? 0;
  const rows = files
    .slice(0, FILES_SHOWN)
    .map(
      ({ path, share, statements, owner }) =>
        html`<tr><th scope="row"><a href="${fileAddress(slug, path)}"><span class="hash path">${path}</span></a></th><td class="num">${percent(share)}</td><td>${bar(share, most)}</td><td class="num">${statements}</td><td>${owner === null ? '' : (names.get(owner) ?? '')}</td></tr>`,
    );
  return table(
    countCaption(rows.length, files.length, 'Files'),
    ['File', over('Share'), 'Heat', over('Statements'), 'Most of it by'],
    rows,
  );
}

function dependenciesPart({ dependencies, dependencyUse }: CodeSummary): Html {
  if (dependencyUse === 'not-run')
    return html`<p class="quiet">Not known: there was no replay or no readable lock file.</p>`;
  const rows = dependencies.map(
    ({ repository, share, isDirect, funding }) =>
      html`<tr><th scope="row"><span class="hash path">${repository}</span></th><td class="num">${percent(share)}</td><td>${isDirect ? 'direct' : 'through others'}</td><td>${funding[0] === undefined ? html`<span class="quiet">no address: waits in escrow</span>` : html`<span class="hash">${funding[0]}</span>`}</td></tr>`,
  );
  return rows.length === 0
    ? html`<p class="quiet">No third-party package ran.</p>`
    : table(
        'Of the budget kept for dependencies',
        ['Repository', over('Share'), 'Asked for', 'Paid to'],
        rows,
      );
}

function countCaption(shown: number, all: number, what: string): string {
  return shown === all ? `${what}, by share` : `${what}, by share: the first ${shown} of ${all}`;
}

export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

export function bar(share: number, most: number): Html {
  const width = most === 0 ? 0 : Math.round((100 * share) / most);
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect width="${width}" height="8"/></svg>`;
}

/** Of 10⁹ parts, as percent with as many places as a small share needs. */
export function percent(share: number): string {
  if (share === 0) return '0';
  const value = share / 1e7;
  if (value < 0.001) return '< 0.001 %';
  return `${value.toFixed(value < 0.1 ? 3 : value < 10 ? 2 : 1)} %`;
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
