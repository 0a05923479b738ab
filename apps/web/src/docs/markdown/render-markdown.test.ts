import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SPECIFICATIONS } from '../chapters.ts';
import { renderFile } from './document-files.ts';
import { renderMarkdown } from './render-markdown.ts';

const here = { chapter: 'toast', linkTo: (href: string) => (/^[#/]/.test(href) ? href : null) };
const html = (source: string): string => renderMarkdown(source, here).html;

describe('a document', () => {
  test('has its first heading as title and its second level as table of contents, one level down', () => {
    const made = renderMarkdown('# TOAST\n\nText.\n\n## 3. Keys `k`\n\n### Deep\n\n## 3. Keys k', here);
    expect(made.title).toBe('TOAST');
    expect(made.headings).toEqual([
      { id: 'toast/3-keys-k', text: '3. Keys k' },
      { id: 'toast/3-keys-k-2', text: '3. Keys k' },
    ]);
    expect(made.html).toContain('<h3 id="toast/3-keys-k" tabindex="-1">3. Keys <code>k</code></h3>');
    expect(made.html).toContain('<h4 id="toast/deep"');
  });

  test('leads on to what the page has, and keeps the words of links to what it has not', () => {
    expect(html('[a](/books/) [b](vectors/wire.json) [c](#3-keys)')).toBe(
      '<p><a href="/books/">a</a> b <a href="#3-keys">c</a></p>\n',
    );
  });

  test.each([
    ['an element', '<script>alert(1)</script>'],
    ['an element in a line', 'a <img src=x onerror=alert(1)> b'],
    ['an address that runs', '[a](javascript:alert(1))'],
    ['an address with data', '[a](data:text/html;base64,AAAA)'],
    ['an element in code', '```\n<script>alert(1)</script>\n```'],
    ['an element in a heading', '## <b onclick=alert(1)>x</b>'],
    ['an image', '![a](https://elsewhere/x.png)'],
  ])('shows %s as text', (_, source) => {
    expect(html(source)).not.toMatch(/<(?:script|img|b )|href="(?:javascript|data):/i);
  });

  test('is made of the elements of Markdown alone, whatever the source', () => {
    const piece = fc.constantFrom(
      ...['<', '>', '"', "'", '&', '`', '[', ']', '(', ')', '!', '#', '\n', '|', '-', ' ', '*', '\\', '='],
      ...['script', 'on', 'javascript:', 'a', 'x', 'svg', '/'],
    );
    const known =
      /^<\/?(?:p|h[2-6]|em|strong|code|pre|ul|ol|li|blockquote|hr|br|a|table|thead|tbody|tr|th|td|div)(?: (?:id|tabindex|href|title|class|role|translate|style|start)="[^"<>]*")*\/?>$/;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        for (const element of html(pieces.join('')).match(/<[^>]*>/g) ?? []) expect(element).toMatch(known);
      }),
      { numRuns: 500 },
    );
  });
});

test.each(Object.entries(SPECIFICATIONS))('the specification %s has a title and parts', (chapter, path) => {
  const source = readFileSync(new URL(`../../../../../${path}`, import.meta.url), 'utf8');
  const made = renderFile(path, source);
  expect(made.title).not.toBe('');
  expect(made.html.length).toBeGreaterThan(2_000);
  for (const { id } of made.headings) expect(id).toMatch(new RegExp(`^${chapter}/`));
  // The page is built anew when one of them changes.
  const launcher = new URL('../../../../../scripts/launch/build-web.mjs', import.meta.url);
  expect(readFileSync(launcher, 'utf8')).toContain(`'${path}'`);
});
