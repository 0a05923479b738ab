import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CHAPTERS, isSpecification, placeOf } from './chapters.ts';
import { renderFile } from './markdown/document-files.ts';

const FOLDER = new URL('guides/', import.meta.url);
const guides = CHAPTERS.filter((chapter) => !isSpecification(chapter));
const read = (name: string): string => readFileSync(new URL(name, FOLDER), 'utf8');

test('each guide is there in both languages, and nothing else', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(
    guides.flatMap((guide) => [`${guide}.de.md`, `${guide}.en.md`]).sort(),
  );
});

test.each(guides)('%s has the same parts, commands and links in both languages', (guide) => {
  const [en, de] = ['en', 'de'].map((language) => {
    const source = read(`${guide}.${language}.md`);
    const links = [...source.matchAll(/\]\(([^)#]*#?[a-z]*)/g)].map(([, link]) => link).sort();
    return {
      shape: source.split('\n').map((line) => /^(?:#+|\d+\.|-|\||```)/.exec(line)?.[0] ?? ''),
      commands: [...source.matchAll(/```\n([^`]*)```/g)].map(([, command]) => command),
      links,
    };
  });
  expect(de).toEqual(en);
});

test.each(guides)('links of %s lead to chapters and headings that are there', (guide) => {
  for (const language of ['en', 'de']) {
    const { html } = renderFile(`guides/${guide}.${language}.md`, read(`${guide}.${language}.md`));
    for (const [, hash = ''] of html.matchAll(/href="(#[^"]*)"/g)) {
      const { chapter, heading } = placeOf(hash);
      expect(hash).toBe(`#${heading ?? chapter}`);
      if (heading === null || isSpecification(chapter)) continue;
      const name = `${chapter}.${language}.md`;
      expect(renderFile(name, read(name)).headings.map(({ id }) => id)).toContain(heading);
    }
  }
});

test('an address names a chapter and a heading in it; any other is the first chapter', () => {
  expect(placeOf('#toast/3-keys')).toEqual({ chapter: 'toast', heading: 'toast/3-keys' });
  expect(placeOf('#toast')).toEqual({ chapter: 'toast', heading: null });
  for (const hash of ['', '#', '#elsewhere', '#TOAST', '#toast-3'])
    expect(placeOf(hash)).toEqual({ chapter: 'start', heading: null });
});
