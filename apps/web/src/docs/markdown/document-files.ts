import { CHAPTERS, SPECIFICATIONS } from '../chapters.ts';
import { type RenderedDocument, renderMarkdown } from './render-markdown.ts';

const CHAPTER_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(SPECIFICATIONS).map(([chapter, path]) => [path, chapter]),
);

/** A Markdown file of the repository as the documentation shows it. `path` is from the root, with slashes. */
export function renderFile(path: string, source: string): RenderedDocument {
  const chapter = CHAPTER_OF.get(path) ?? guideOf(path);
  return renderMarkdown(source, { chapter, linkTo: (href) => linkTo(href, path, chapter) });
}

/** `…/guides/host.de.md` is the chapter `host`. */
function guideOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\..*$/, '');
}

/** Addresses of the web, of the studio and of chapters stay; files that are chapters lead there; others are not on this page. */
function linkTo(href: string, from: string, chapter: string): string | null {
  if (/^(?:https:\/\/|\/)/.test(href)) return href;
  if (href.startsWith('#')) {
    const isChapter = CHAPTERS.some((one) => href === `#${one}` || href.startsWith(`#${one}/`));
    return isChapter ? href : `#${chapter}/${href.slice(1)}`;
  }
  const [file = '', heading] = href.split('#');
  const folder = from.slice(0, from.lastIndexOf('/') + 1);
  const path = decodeURIComponent(new URL(file, `file:///${folder}`).pathname).slice(1);
  const other = CHAPTER_OF.get(path);
  if (other === undefined) return null;
  return heading === undefined ? `#${other}` : `#${other}/${heading}`;
}
