import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react';
import { useLanguage } from '../language/language.ts';
import { useText } from '../language/use-text.ts';
import { Complaint } from '../look/complaint.tsx';
import { HomeLine, PageTop } from '../look/page-top.tsx';
import { GROUPS, isSpecification, type Place, placeOf, SPECIFICATIONS } from './chapters.ts';
import type { RenderedDocument } from './markdown/render-markdown.ts';
import { text } from './text.ts';
import { useDocument } from './use-document.ts';

/** Brings the economy’s own functions along: loaded with its chapter only. */
const Calculator = lazy(async () => ({ default: (await import('./calculator/calculator.tsx')).Calculator }));

/** Guides in the reader’s language, specifications as the packages have them; the address names chapter and heading. */
export function DocsPage() {
  const words = useText(text);
  const place = usePlace();
  const name = words.names[place.chapter];
  useEffect(() => {
    document.title = `${name} · JAMNet: ${words.title}`;
  }, [words, name]);
  return (
    <>
      <PageTop>
        <HomeLine>{words.home}</HomeLine>
      </PageTop>
      <div className="docs">
        <nav aria-label={words.chapters} className="docs-nav">
          {GROUPS.map(({ group, chapters }) => (
            <div key={group}>
              <p>{words.groups[group]}</p>
              <ul>
                {chapters.map((chapter) => (
                  <li key={chapter}>
                    <a href={`#${chapter}`} aria-current={chapter === place.chapter ? 'page' : undefined}>
                      {words.names[chapter]}
                    </a>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <main id="main" tabIndex={-1}>
          <ChapterView place={place} />
        </main>
      </div>
    </>
  );
}

function ChapterView({ place }: { readonly place: Place }) {
  const words = useText(text);
  const language = useLanguage();
  const { state, document, again } = useDocument(place.chapter, language);
  useEffect(() => {
    if (document !== null) show(place);
  }, [document, place]);
  if (state === 'failed') return <Complaint message={words.failed} again={again} />;
  if (document === null) return <p role="status">{words.loading}</p>;
  const isEnglish = isSpecification(place.chapter);
  return (
    <article lang={isEnglish && language !== 'en' ? 'en' : undefined}>
      <h2>{document.title}</h2>
      {isSpecification(place.chapter) && (
        <p className="quiet" lang={language}>
          {words.source(SPECIFICATIONS[place.chapter])} {language !== 'en' && words.english}
        </p>
      )}
      <Contents document={document} />
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: made of our own Markdown when the page was built, where HTML is text. */}
      <div className="docs-text" dangerouslySetInnerHTML={{ __html: document.html }} />
      {place.chapter === 'formulas' && (
        <Suspense fallback={<p role="status">{words.loading}</p>}>
          <Calculator />
        </Suspense>
      )}
    </article>
  );
}

function Contents({ document }: { readonly document: RenderedDocument }) {
  const words = useText(text);
  const language = useLanguage();
  if (document.headings.length < 2) return null;
  return (
    <nav aria-labelledby="docs-contents" className="docs-contents">
      <p id="docs-contents" lang={language}>
        {words.contents}
      </p>
      <ol>
        {document.headings.map(({ id, text: heading }) => (
          <li key={id}>
            <a href={`#${id}`}>{heading}</a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The browser itself scrolls to what is there already; a chapter that came later is scrolled here. */
function show({ heading }: Place): void {
  const element = heading === null ? null : document.getElementById(heading);
  if (element === null) window.scrollTo(0, 0);
  else {
    element.scrollIntoView();
    element.focus({ preventScroll: true });
  }
}

let place = placeOf('');

function currentPlace(): Place {
  const { chapter, heading } = placeOf(decoded(location.hash));
  if (chapter !== place.chapter || heading !== place.heading) place = { chapter, heading };
  return place;
}

/** An address cut off in the middle of an escape is taken as it stands. */
function decoded(hash: string): string {
  try {
    return decodeURIComponent(hash);
  } catch {
    return hash;
  }
}

function usePlace(): Place {
  return useSyncExternalStore(watchAddress, currentPlace);
}

function watchAddress(changed: () => void): () => void {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
}
