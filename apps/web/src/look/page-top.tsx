import type { ReactNode } from 'react';
import { languagesAreOffered } from '../language/language.ts';
import { LanguageSwitch } from '../language/language-switch.tsx';
import { useText } from '../language/use-text.ts';
import { text } from './text.ts';
import { ThemeToggle } from './theme-toggle.tsx';

/** What every page begins with: the way past it, its name, a line of its own, and the theme. `#main` is the page's main part. */
export function PageTop({
  title = 'JAMNet',
  children,
}: {
  readonly title?: string;
  readonly children?: ReactNode;
}) {
  return (
    <>
      <a className="skip" href="#main">
        {useText(text).skip}
      </a>
      <header className="top">
        <h1>
          <span className="logo" aria-hidden="true" />
          {title}
        </h1>
        {children}
        {languagesAreOffered() && <LanguageSwitch />}
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
