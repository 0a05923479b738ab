import { useEffect, useState } from 'react';
import { text } from '../text/text.ts';

/** Sections of the page in order, with their rehearsal marks. */
export const PLACES = [
  { id: 'evening', mark: 'A', name: text.evening.nav },
  { id: 'room', mark: 'B', name: text.room.nav },
  { id: 'takes', mark: 'C', name: text.takes.nav },
  { id: 'machines', mark: 'D', name: text.machines.nav },
  { id: 'contributions', mark: 'E', name: text.earnings.nav },
  { id: 'epoch', mark: 'F', name: text.epoch.nav },
  { id: 'books', mark: 'G', name: text.books.nav },
] as const;

export function Nav() {
  const here = usePlace();
  return (
    <nav aria-label={text.app.sections} className="nav">
      <ol>
        {PLACES.map(({ id, mark, name }) => (
          <li key={id}>
            <a href={`#${id}`} aria-current={here === id ? 'location' : undefined}>
              <span className="mark" aria-hidden="true">
                {mark}
              </span>
              <span className="nav-name">{name}</span>
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
