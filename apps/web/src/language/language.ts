import { useSyncExternalStore } from 'react';
import { chooseLanguage, type Language } from './languages.ts';

const STORAGE_KEY = 'jamnet-language';
const listeners = new Set<() => void>();

/** Pages that are not translated yet stay as they are. */
let isOffered = false;
let language: Language = chooseLanguage(storedChoice(), wantedLanguages());

/** None where there is no browser, as in Node 20, which runs what the pages compute in tests. */
function wantedLanguages(): readonly string[] {
  return typeof navigator === 'undefined' ? [] : (navigator.languages ?? []);
}

function storedChoice(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
    return null;
  }
}

/** Screen readers choose their voice by it, browsers hyphenate by it. */
function tellDocument(): void {
  document.documentElement.lang = language;
}

/** For pages that have all their texts in every language: from now on they are said in the reader's. Call before anything is drawn. */
export function offerLanguages(): void {
  isOffered = true;
  tellDocument();
}

export function languagesAreOffered(): boolean {
  return isOffered;
}

/** The language of the page from now on, on this device. */
export function setLanguage(next: Language): void {
  language = next;
  tellDocument();
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    // As above.
  }
  for (const listener of listeners) listener();
}

/** The language of the page; a component that asks is drawn again when it changes. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, currentLanguage);
}

/** The language of the page at this moment. */
export function currentLanguage(): Language {
  return isOffered ? language : 'en';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
