import type { Language } from './languages.ts';

/** The forms that English and German tell apart (CLDR plural rules, cardinal: both have `one` and `other`). */
export interface Forms {
  readonly one: string;
  readonly other: string;
}

const RULES: Readonly<Record<Language, Intl.PluralRules>> = {
  en: new Intl.PluralRules('en'),
  de: new Intl.PluralRules('de'),
};
const COUNTS: Readonly<Record<Language, Intl.NumberFormat>> = {
  en: new Intl.NumberFormat('en'),
  de: new Intl.NumberFormat('de'),
};

/** The form of a word for so many. */
export function pluralOf(language: Language, count: number, forms: Forms): string {
  return RULES[language].select(count) === 'one' ? forms.one : forms.other;
}

/** So many of something: `1 packet`, `1.200 Pakete`. */
export function countOf(language: Language, count: number, forms: Forms): string {
  return `${COUNTS[language].format(count)} ${pluralOf(language, count, forms)}`;
}
