import { type ReactNode, useEffect } from 'react';
import { HomeLine, PageTop } from './page-top.tsx';

interface PageFrameProps {
  readonly title: string;
  readonly lede: string;
  /** The words of the way back to the studio's own page. */
  readonly home: string;
  /** Of the main part. */
  readonly className: string;
  /** What stands between the page's head and its main part: the ways to its parts. */
  readonly nav?: ReactNode;
  readonly children: ReactNode;
}

/** What a page beside the studio's own has around it: its name in the window, the way back, its title and what it is for. */
export function PageFrame({ title, lede, home, className, nav, children }: PageFrameProps) {
  useEffect(() => {
    document.title = `JAMNet: ${title}`;
  }, [title]);
  return (
    <>
      <PageTop>
        <HomeLine>{home}</HomeLine>
      </PageTop>
      {nav}
      <main id="main" tabIndex={-1} className={className}>
        <header>
          <h2>{title}</h2>
          <p className="lede">{lede}</p>
        </header>
        {children}
      </main>
    </>
  );
}
