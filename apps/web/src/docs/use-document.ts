import { useCallback, useEffect, useState } from 'react';
import type { Language } from '../language/languages.ts';
import type { Chapter } from './chapters.ts';
import { loadDocument } from './load-document.ts';
import type { RenderedDocument } from './markdown/render-markdown.ts';

type Asked =
  | { readonly state: 'loading' | 'failed'; readonly document: null }
  | { readonly state: 'there'; readonly document: RenderedDocument };

/** A chapter as it comes; the one before is gone at once, so that nobody reads it under the new name. */
export function useDocument(chapter: Chapter, language: Language): Asked & { readonly again: () => void } {
  const [asked, setAsked] = useState<Asked & { readonly of: string }>({
    state: 'loading',
    document: null,
    of: '',
  });
  const [tries, setTries] = useState(0);
  const of = `${chapter} ${language} ${tries}`;
  useEffect(() => {
    let isGone = false;
    loadDocument(chapter, language).then(
      (document) => !isGone && setAsked({ state: 'there', document, of }),
      () => !isGone && setAsked({ state: 'failed', document: null, of }),
    );
    return () => {
      isGone = true;
    };
  }, [chapter, language, of]);
  const again = useCallback(() => setTries((count) => count + 1), []);
  return asked.of === of ? { ...asked, again } : { state: 'loading', document: null, again };
}
