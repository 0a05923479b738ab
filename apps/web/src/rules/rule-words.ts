import { useLanguage } from '../language/language.ts';
import type { Language } from '../language/languages.ts';
import { extraText } from './extras/text.ts';
import { moneyText } from './money/text.ts';
import type { RulePath } from './rule-path.ts';
import { shareText } from './shares/text.ts';
import { rulesText } from './text.ts';

export interface RuleWords {
  /** What a member is called; the last name of its path where there is no better. */
  name(path: RulePath): string;
  /** The same among others of its sort: a meter, product or document by its own key. */
  called(path: RulePath): string;
  /** The way down to it, as {@link called}. */
  place(path: RulePath): string;
  /** What it is for. */
  why(path: RulePath): string;
  /** What one of several is called. */
  option(name: string): string;
}

type Named = Readonly<Record<string, { readonly name: string; readonly why: string }>>;

/** Words of the members, of every part of the rules, in one language. */
export function namedRules(language: Language): Named {
  return { ...shareText[language], ...moneyText[language], ...extraText[language] };
}

/** The key of a path's words: itself, or the one that says `*` for one of its names. */
export function keyOf(path: RulePath, named: Named): string | null {
  const exact = path.join('/');
  if (Object.hasOwn(named, exact)) return exact;
  const keys = path.map((_, index) => path.with(index, '*').join('/'));
  return keys.find((key) => Object.hasOwn(named, key)) ?? null;
}

export function ruleWordsOf(language: Language): RuleWords {
  const named = namedRules(language);
  const options: Readonly<Record<string, string>> = rulesText[language].options;
  const at = (path: RulePath) => {
    const key = keyOf(path, named);
    return key === null ? undefined : named[key];
  };
  const name = (path: RulePath): string => at(path)?.name ?? path.at(-1) ?? '';
  const called = (path: RulePath): string => {
    const isEntry = keyOf(path, named)?.endsWith('*') ?? true;
    return isEntry ? (path.at(-1) ?? '') : name(path);
  };
  return {
    name,
    called,
    place: (path) => path.map((_, index) => called(path.slice(0, index + 1))).join(' › '),
    why: (path) => at(path)?.why ?? '',
    option: (name) => (Object.hasOwn(options, name) ? options[name] : undefined) ?? name,
  };
}

const known = new Map<Language, RuleWords>();

/** Words of the rules in the language of the page. */
export function useRuleWords(): RuleWords {
  const language = useLanguage();
  const made = known.get(language) ?? ruleWordsOf(language);
  known.set(language, made);
  return made;
}
