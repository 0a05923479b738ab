import { texts } from '../language/texts.ts';

/** What every page says of a question that the studio has not answered, or not well. */
export const apiText = texts({
  en: {
    unreachable: 'The studio did not answer. Check that npm start is still running, then try again.',
    malformed: (what: string) =>
      `The studio answered something this page cannot read (${what}). Reload the page; if it stays, run npm start again.`,
    status: (status: number) =>
      `The studio answered with status ${status}. Try again; its terminal says more.`,
    versionsDiffer: (what: string) =>
      `The studio sent something this page cannot read (${what}). Reload the page; if it stays, studio and page are of different versions: run npm start again.`,
    asking: 'Asking the studio…',
  },
  de: {
    unreachable:
      'Das Studio hat nicht geantwortet. Sieh nach, ob npm start noch läuft, und versuche es noch einmal.',
    malformed: (what: string) =>
      `Das Studio hat etwas geantwortet, das diese Seite nicht lesen kann (${what}). Lade die Seite neu; bleibt es so, starte npm start noch einmal.`,
    status: (status: number) =>
      `Das Studio hat mit Status ${status} geantwortet. Versuche es noch einmal; sein Terminal sagt mehr.`,
    versionsDiffer: (what: string) =>
      `Das Studio hat etwas geschickt, das diese Seite nicht lesen kann (${what}). Lade die Seite neu; bleibt es so, sind Studio und Seite verschieden alt: Starte npm start noch einmal.`,
    asking: 'Wir fragen das Studio…',
  },
});
