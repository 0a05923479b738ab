import type { Language } from './languages.ts';

/** A screen's texts: the same tree of sentences, and of functions that make sentences, in each language. */
export type Texts<Words> = Readonly<Record<Language, Words>>;

/** The texts of a screen. English gives the type: German lacks no key, has no other, and takes the same values. */
export function texts<Words extends object>(both: {
  readonly en: Words;
  readonly de: NoInfer<Words>;
}): Texts<Words> {
  return both;
}
