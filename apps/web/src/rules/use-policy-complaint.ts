import { malformedAt } from '@jamnet/economy/page';
import { useEffect, useState } from 'react';
import { inLanguageOf } from '../api/refusals/in-language-of.ts';
import { useLanguage } from '../language/language.ts';
import { useFormats } from '../language/use-formats.ts';
import { documentOf, readPolicy } from './read-policy.ts';
import { pathOf } from './rule-path.ts';
import { useRuleWords } from './rule-words.ts';
import { rulesText } from './text.ts';

/** Members named in one sentence: a policy with more faults is mended some at a time. */
const NAMED_MAX = 5;

/** Why a draft (JSON, or empty) is no policy yet, in the language of the page; null where it is one, or nothing is written. */
export function usePolicyComplaint(text: string): string | null {
  const language = useLanguage();
  const { place } = useRuleWords();
  const { list } = useFormats();
  const [said, setSaid] = useState<string | null>(null);
  useEffect(() => {
    const read = text === '' ? null : readPolicy(text);
    if (read === null || read.ok) return setSaid(null);
    const document = documentOf(text);
    const faults = document === null ? [] : malformedAt(document);
    if (document === null) return setSaid(rulesText[language].noJson);
    if (faults.length > 0) {
      const places = faults.slice(0, NAMED_MAX).map((fault) => place(pathOf(fault)) || '/');
      return setSaid(rulesText[language].faults(list(places)));
    }
    let isCurrent = true;
    void inLanguageOf(language, read).then(({ message }) => isCurrent && setSaid(message));
    return () => {
      isCurrent = false;
    };
  }, [text, language, place, list]);
  return said;
}
