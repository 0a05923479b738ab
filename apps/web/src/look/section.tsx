import type { ReactNode } from 'react';

export interface SectionProps {
  /** Anchor of the section in the page's address. */
  readonly id: string;
  /** Rehearsal mark: the boxed letter by which players find a place in a score. */
  readonly mark: string;
  readonly title: string;
  readonly lede: string;
  readonly children: ReactNode;
}

export function Section({ id, mark, title, lede, children }: SectionProps) {
  return (
    <section id={id} className="section" aria-labelledby={`${id}-title`}>
      <header className="section-head">
        <span className="mark" aria-hidden="true">
          {mark}
        </span>
        <h2 id={`${id}-title`}>{title}</h2>
        <p className="lede">{lede}</p>
      </header>
      {children}
    </section>
  );
}

/** What stands where nothing is yet: a bar of rest, and what would fill it. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return (
    <div className="empty">
      <span className="rest" aria-hidden="true" />
      <p>{children}</p>
    </div>
  );
}
