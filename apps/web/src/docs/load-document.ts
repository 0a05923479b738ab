import type { Language } from '../language/languages.ts';
import { type Chapter, type Guide, isSpecification, type Specification } from './chapters.ts';
import type { RenderedDocument } from './markdown/render-markdown.ts';

type Load = () => Promise<{ readonly default: RenderedDocument }>;

const SPECIFICATION_FILES: Readonly<Record<Specification, Load>> = {
  toast: () => import('virtual:specification/toast'),
  jdat: () => import('virtual:specification/jdat'),
  log: () => import('virtual:specification/log'),
  groove: () => import('virtual:specification/groove'),
  validation: () => import('virtual:specification/validation'),
};
const GUIDE_FILES: Readonly<Record<Guide, Readonly<Record<Language, Load>>>> = {
  start: { en: () => import('./guides/start.en.md'), de: () => import('./guides/start.de.md') },
  musician: { en: () => import('./guides/musician.en.md'), de: () => import('./guides/musician.de.md') },
  host: { en: () => import('./guides/host.en.md'), de: () => import('./guides/host.de.md') },
  developer: { en: () => import('./guides/developer.en.md'), de: () => import('./guides/developer.de.md') },
  curator: { en: () => import('./guides/curator.en.md'), de: () => import('./guides/curator.de.md') },
  formulas: { en: () => import('./guides/formulas.en.md'), de: () => import('./guides/formulas.de.md') },
  verify: { en: () => import('./guides/verify.en.md'), de: () => import('./guides/verify.de.md') },
};

/** A chapter’s document, fetched when it is asked for; rejects when the studio does not answer. */
export async function loadDocument(chapter: Chapter, language: Language): Promise<RenderedDocument> {
  const load = isSpecification(chapter) ? SPECIFICATION_FILES[chapter] : GUIDE_FILES[chapter][language];
  return (await load()).default;
}
