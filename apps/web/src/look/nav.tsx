import { useEffect, useState } from 'react';
import { useText } from '../language/use-text.ts';
import { text } from '../text/text.ts';

/** Sections of the page in order, with their rehearsal marks and the parts of its texts that name them. */
export const PLACES = [
  { id: 'evening', mark: 'A', part: 'evening' },
  { id: 'room', mark: 'B', part: 'room' },
  { id: 'takes', mark: 'C', part: 'takes' },
  { id: 'machines', mark: 'D', part: 'machines' },
  { id: 'contributions', mark: 'E', part: 'earnings' },
  { id: 'epoch', mark: 'F', part: 'epoch' },
  { id: 'books', mark: 'G', part: 'books' },
] as const;

export function Nav() {
  const words = useText(text);
  const here = usePlace();
  return (
    <nav aria-label={words.app.sections} className="nav">
      <ol>
        {PLACES.map(({ id, mark, part }) => (
          <li key={id}>
            <a href={`#${id}`} aria-current={here === id ? 'location' : undefined}>
              <span className="mark" aria-hidden="true">
                {mark}
              </span>
              <span className="nav-name">{words[part].nav}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The section that crosses the upper third of the window. */
function usePlace(): string {
  const [here, setHere] = useState<string>(PLACES[0].id);
  useEffect(() => {
    const watcher = new IntersectionObserver(
      (seen) => {
        for (const { isIntersecting, target } of seen) if (isIntersecting) setHere(target.id);
      },
      { rootMargin: '-30% 0px -69% 0px' },
    );
    for (const { id } of PLACES) {
      const section = document.getElementById(id);
      if (section !== null) watcher.observe(section);
    }
    return () => watcher.disconnect();
  }, []);
  return here;
}
