import { present } from '@jamnet/base';
import { type ReactElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { offerLanguages } from '../language/language.ts';

/** Shows a page that somebody signs in to. `file` is its document, for our own mistakes. */
export function presentOwn(page: ReactElement, file: string): void {
  // Passkeys are kept under names: the same studio by its name on this machine.
  if (location.hostname === '127.0.0.1') {
    location.hostname = 'localhost';
    return;
  }
  offerLanguages();
  const root = present(document.getElementById('root'), `the root element of ${file}`);
  createRoot(root).render(<StrictMode>{page}</StrictMode>);
}
