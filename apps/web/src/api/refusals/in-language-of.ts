import type { Refusal } from '@jamnet/base';
import type { Language } from '../../language/languages.ts';

/** A refusal in the language of the page; of a code that has no sentence in it, the studio's own. */
export async function inLanguageOf<Code extends string>(
  language: Language,
  refusal: Refusal<Code>,
): Promise<Refusal<Code>> {
  if (language === 'en') return refusal;
  const known = await germanRefusals();
  const message = Object.hasOwn(known, refusal.code) ? known[refusal.code] : undefined;
  return message === undefined ? refusal : { ...refusal, message };
}

/** Apart from the page, which mostly needs none of it; a studio that answers has it, and where it does not come, English is told. */
async function germanRefusals(): Promise<Readonly<Record<string, string>>> {
  return import('./german-refusals.ts').then(
    ({ GERMAN_REFUSALS }) => GERMAN_REFUSALS,
    () => ({}),
  );
}
