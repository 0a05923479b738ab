import MarkdownIt, { type Token } from 'markdown-it';

export interface Heading {
  /** `chapter/slug`, the id of its element and its address. */
  readonly id: string;
  readonly text: string;
}

/** A document as its page shows it. */
export interface RenderedDocument {
  readonly title: string;
  /** Made of Markdown alone: what looks like HTML in the source is text here. */
  readonly html: string;
  /** Of the second level, in order. */
  readonly headings: readonly Heading[];
}

export interface DocumentPlace {
  readonly chapter: string;
  /** Where a link of the source leads on the page; `null` for what the page does not have: its words stay, the link goes. */
  readonly linkTo: (href: string) => string | null;
}

const markdown = new MarkdownIt({ html: false }).disable('image');
markdown.renderer.rules.table_open = () => '<div class="docs-wide" role="group" tabindex="0"><table>';
markdown.renderer.rules.table_close = () => '</table></div>';
const code = (tokens: Token[], index: number): string =>
  `<pre tabindex="0" translate="no"><code>${markdown.utils.escapeHtml(tokens[index]?.content ?? '')}</code></pre>`;
markdown.renderer.rules.fence = code;
markdown.renderer.rules.code_block = code;

/** Markdown (CommonMark with tables) as HTML below a page’s own `h2`: its first heading is the title, the others go one level down. */
export function renderMarkdown(source: string, place: DocumentPlace): RenderedDocument {
  const env = {};
  const tokens = markdown.parse(source, env);
  const title = takeTitle(tokens);
  const headings: Heading[] = [];
  const used = new Map<string, number>();
  tokens.forEach((token, index) => {
    if (token.type === 'inline') token.children = withLinks(token.children ?? [], place);
    if (token.type === 'heading_close') token.tag = lower(token.tag);
    if (token.type !== 'heading_open') return;
    const text = textOf(tokens[index + 1]);
    const id = `${place.chapter}/${freshSlug(text, used)}`;
    if (token.tag === 'h2') headings.push({ id, text });
    token.tag = lower(token.tag);
    token.attrSet('id', id);
    token.attrSet('tabindex', '-1');
  });
  return { title, html: markdown.renderer.render(tokens, markdown.options, env), headings };
}

function takeTitle(tokens: Token[]): string {
  if (tokens[0]?.tag !== 'h1') return '';
  const [, inline] = tokens.splice(0, 3);
  return textOf(inline);
}

function textOf(inline: Token | undefined): string {
  return (inline?.children ?? []).map(({ content }) => content).join('');
}

function lower(tag: string): string {
  return `h${Math.min(6, Number(tag.slice(1)) + 1)}`;
}

/** Letters and digits with hyphens between; a second heading of the same words has a number behind. */
function freshSlug(text: string, used: Map<string, number>): string {
  const slug =
    text
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.join('-') ?? 'part';
  const count = (used.get(slug) ?? 0) + 1;
  used.set(slug, count);
  return count === 1 ? slug : `${slug}-${count}`;
}

function withLinks(children: readonly Token[], { linkTo }: DocumentPlace): Token[] {
  const open: boolean[] = [];
  return children.filter((token) => {
    if (token.type === 'link_close') return open.pop() === true;
    if (token.type !== 'link_open') return true;
    const href = String(token.attrGet('href') ?? '');
    const target = linkTo(href);
    open.push(target !== null);
    if (target !== null) token.attrSet('href', target);
    return target !== null;
  });
}
