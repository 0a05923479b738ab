import { useLanguage } from './language.ts';
import type { Texts } from './texts.ts';

/** The texts of a screen in the language of the page. */
export function useText<Words>(text: Texts<Words>): Words {
  return text[useLanguage()];
}
