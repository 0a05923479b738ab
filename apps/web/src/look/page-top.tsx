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
  const words = useText(text);
  return (
    <>
      <a className="skip" href="#main">
        {words.skip}
      </a>
      <header className="top">
        <h1>
          <span className="logo" aria-hidden="true" />
          {title}
        </h1>
        {children}
        <a className="top-docs" href="/docs/">
          {words.docs}
        </a>
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
