import { type Formats, formatsOf } from './formats.ts';
import { useLanguage } from './language.ts';
import type { Language } from './languages.ts';

const known = new Map<Language, Formats>();

/** How values are written in the language of the page. */
export function useFormats(): Formats {
  const language = useLanguage();
  const made = known.get(language) ?? formatsOf(language, navigator.languages);
  known.set(language, made);
  return made;
}
