import { type Html, type HtmlPart, html } from './html.ts';

const PAGES = [
  ['/reports/', 'Success'],
  ['/reports/leaderboard', 'Leaderboard'],
  ['/reports/price', 'Unit price'],
  ['/reports/code', 'Code'],
] as const;

export interface PageParts {
  readonly title: string;
  /** One or two sentences under the title. */
  readonly lede: HtmlPart;
  /** Which entry of the bar this page is; none for statements and notices. */
  readonly path?: string;
  readonly body: HtmlPart;
}

/** A whole page. It loads one stylesheet and nothing else: no script, no font, no picture. */
export function page({ title, lede, path, body }: PageParts): string {
  const bar = PAGES.map(
    ([href, name]) => html`<li><a href="${href}"${href === path ? CURRENT : null}>${name}</a></li>`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · JAMNet</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/reports/reports.css">
</head>
<body>
<a class="skip" href="#main">Skip to the report</a>
<header class="top">
<p class="brand"><span class="logo" aria-hidden="true"></span><a href="/">JAMNet</a></p>
<nav aria-label="Reports"><ul>${bar}</ul></nav>
</header>
<main id="main" tabindex="-1">
<div class="head"><h1>${title}</h1><p class="lede">${lede}</p></div>
${body}
</main>
<footer><p>Made by this studio from its own books. Anybody can recompute what is public here: <code>jamnet audit</code> needs only the <a href="/public/epochs.json">public files</a>.</p></footer>
</body>
</html>
`.text;
}

const CURRENT = html` aria-current="page"`;

/** A table that scrolls by itself on narrow screens, by keyboard too. */
export function table(caption: string, head: readonly HtmlPart[], rows: readonly Html[]): Html {
  const width = head.length <= 3 ? 'scroller narrow' : 'scroller';
  const columns = head.map((name) => html`<th scope="col">${name}</th>`);
  return html`<div class="${width}" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption><thead><tr>${columns}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** A page that says why there is none. */
export function noticePage(title: string, text: string): string {
  return page({ title, lede: text, body: null });
}
