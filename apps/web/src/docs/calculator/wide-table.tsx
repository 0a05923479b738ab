import type { ReactNode } from 'react';

/** A table that scrolls where it finds no room, by keyboard too. */
export function WideTable({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
    <section className="docs-wide" aria-label={label} tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}
