import { texts } from '../language/texts.ts';

/** What the documentation’s page says around its chapters. */
export const text = texts({
  en: {
    title: 'Documentation',
    lede: 'How to begin, how the money is divided, how to check us, and what is exactly on the wire.',
    home: 'To the studio’s page',
    chapters: 'Chapters',
    groups: { start: 'Start here', understand: 'Understand', specifications: 'Specifications' },
    names: {
      start: 'What this is',
      musician: 'For musicians',
      host: 'For hosts',
      developer: 'For developers',
      curator: 'For curators',
      formulas: 'Formulas and calculator',
      verify: 'Verify us',
      toast: 'TOAST: packets',
      jdat: 'JDAT: takes',
      log: 'Log: the ledger’s leaves',
      groove: 'Groove: forecasts',
      validation: 'Validation of hosts',
    },
    contents: 'On this page',
    loading: 'Fetching the chapter…',
    failed: 'The studio did not send this chapter. Check that it is still running, then try again.',
    english: 'Specifications are written in English only: one text, so that two programs mean the same.',
    source: (path: string) => `The file itself, as the program has it: ${path}`,
  },
  de: {
    title: 'Dokumentation',
    lede: 'Wie du anfängst, wie das Geld geteilt wird, wie du uns prüfst und was genau über die Leitung geht.',
    home: 'Zur Seite des Studios',
    chapters: 'Kapitel',
    groups: { start: 'Hier anfangen', understand: 'Verstehen', specifications: 'Spezifikationen' },
    names: {
      start: 'Worum es geht',
      musician: 'Wer Musik macht',
      host: 'Wer Rechner leiht',
      developer: 'Wer Code schreibt',
      curator: 'Wer kuratiert',
      formulas: 'Formeln und Rechner',
      verify: 'Uns prüfen',
      toast: 'TOAST: die Pakete',
      jdat: 'JDAT: die Aufnahmen',
      log: 'Log: die Blätter des Hauptbuchs',
      groove: 'Groove: Vorhersagen',
      validation: 'Prüfung der Rechner',
    },
    contents: 'Auf dieser Seite',
    loading: 'Das Kapitel wird geholt…',
    failed:
      'Das Studio hat dieses Kapitel nicht geschickt. Sieh nach, ob es noch läuft, und versuche es noch einmal.',
    english:
      'Spezifikationen gibt es nur auf Englisch: ein Text, damit zwei Programme dasselbe darunter verstehen.',
    source: (path: string) => `Die Datei selbst, so wie das Programm sie hat: ${path}`,
  },
});
