import type { ReactNode } from 'react';
import { LanguageSwitch } from '../language/language-switch.tsx';
import { text } from '../text/text.ts';
import { ThemeToggle } from './theme-toggle.tsx';

/** What every page begins with: the way past it, its name, a line of its own, and the theme. `#main` is the page's main part. */
export function PageTop({
  title = text.app.name,
  languages = false,
  children,
}: {
  readonly title?: string;
  /** The page is there in every language, and offers them. */
  readonly languages?: boolean;
  readonly children?: ReactNode;
}) {
  return (
    <>
      <a className="skip" href="#main">
        {text.app.skip}
      </a>
      <header className="top">
        <h1>
          <span className="logo" aria-hidden="true" />
          {title}
        </h1>
        {children}
        {languages && <LanguageSwitch />}
        <ThemeToggle />
      </header>
    </>
  );
}

/** The line of a page beside the studio's own. */
export function HomeLine({ children }: { readonly children: string }) {
  return (
    <p className="line">
      <a href="/">{children}</a>
    </p>
  );
}
