import { type Html, type HtmlPart, html } from './html.ts';
import type { ReportLanguage } from './report-language.ts';

const PAGES = ['/reports/', '/reports/leaderboard', '/reports/price', '/reports/code'] as const;
/** Reports that are English only so far; their links say so. */
const ENGLISH_ONLY: ReadonlySet<string> = new Set(PAGES.filter((path) => path !== '/reports/code'));

const FRAME = {
  en: {
    names: ['Success', 'Leaderboard', 'Unit price', 'Code'],
    skip: 'Skip to the report',
    reports: 'Reports',
    made: 'Made by this studio from its own books. Anybody can recompute what is public here:',
    needs: 'needs only the',
    files: 'public files',
  },
  de: {
    names: ['Erfolg', 'Bestenliste', 'Preis je JAM', 'Code'],
    skip: 'Zum Bericht springen',
    reports: 'Berichte',
    made: 'Von diesem Studio aus seinen eigenen Büchern gemacht. Was hier öffentlich ist, kann jeder nachrechnen:',
    needs: 'braucht nur die',
    files: 'öffentlichen Dateien',
  },
} as const;

export interface PageParts {
  /** English unless said otherwise. */
  readonly language?: ReportLanguage;
  readonly title: string;
  /** One or two sentences under the title. */
  readonly lede: HtmlPart;
  /** Which entry of the bar this page is; none for statements and notices. */
  readonly path?: string;
  readonly body: HtmlPart;
}

/** A whole page. It loads one stylesheet and nothing else: no script, no font, no picture. */
export function page({ language = 'en', title, lede, path, body }: PageParts): string {
  const words = FRAME[language];
  const bar = PAGES.map((href, index) => {
    const target = language !== 'en' && ENGLISH_ONLY.has(href) ? IN_ENGLISH : null;
    return html`<li><a href="${href}"${href === path ? CURRENT : null}${target}>${words.names[index] ?? ''}</a></li>`;
  });
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · JAMNet</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/reports/reports.css">
</head>
<body>
<a class="skip" href="#main">${words.skip}</a>
<header class="top">
<p class="brand"><span class="logo" aria-hidden="true"></span><a href="/">JAMNet</a></p>
<nav aria-label="${words.reports}"><ul>${bar}</ul></nav>
</header>
<main id="main" tabindex="-1">
<div class="head"><h1>${title}</h1><p class="lede">${lede}</p></div>
${body}
</main>
<footer><p>${words.made} <code>jamnet audit</code> ${words.needs} <a href="/public/epochs.json">${words.files}</a>.</p></footer>
</body>
</html>
`.text;
}

const CURRENT = html` aria-current="page"`;
const IN_ENGLISH = html` hreflang="en"`;

/** A table that scrolls by itself on narrow screens, by keyboard too. */
export function table(caption: string, head: readonly HtmlPart[], rows: readonly Html[]): Html {
  const width = head.length <= 3 ? 'scroller narrow' : 'scroller';
  const columns = head.map((name) => html`<th scope="col">${name}</th>`);
  return html`<div class="${width}" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption><thead><tr>${columns}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A page that says why there is none. */
export function noticePage(title: string, text: string, language: ReportLanguage = 'en'): string {
  return page({ language, title, lede: text, body: null });
}
