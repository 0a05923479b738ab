/** Languages that every screen has, by their ISO 639-1 codes. */
export const LANGUAGES = ['en', 'de'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name: who cannot read the page finds it in the switch. */
export const LANGUAGE_NAMES: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

/** What was chosen on this device, else the first of the reader's languages (BCP 47 tags) that we have, else English. */
export function chooseLanguage(stored: string | null, wanted: readonly string[]): Language {
  const chosen = LANGUAGES.find((language) => language === stored);
  if (chosen !== undefined) return chosen;
  for (const tag of wanted) {
    const known = LANGUAGES.find((language) => language === languageOf(tag));
    if (known !== undefined) return known;
  }
  return 'en';
}

/** The reader's own form of the language (`de-AT`, `en-GB`), which decides how dates and numbers are written; else the language alone. */
export function localeOf(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => languageOf(tag) === language) ?? language;
}

/** The language of a BCP 47 tag; `null` of anything else. */
function languageOf(tag: string): string | null {
  return /^([a-z]{2,3})(-|$)/i.exec(tag)?.[1]?.toLowerCase() ?? null;
}
