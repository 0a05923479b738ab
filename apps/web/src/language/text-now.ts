import { currentLanguage } from './language.ts';
import type { Texts } from './texts.ts';

/** The texts in the language of this moment, for a sentence that an act ends with. What stays on the screen asks `useText`. */
export function textNow<Words>(text: Texts<Words>): Words {
  return text[currentLanguage()];
}
