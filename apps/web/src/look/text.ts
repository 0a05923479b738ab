import { texts } from '../language/texts.ts';

/** What every page says. */
export const text = texts({
  en: {
    skip: 'Skip to the page',
    docs: 'Docs',
    theme: 'Colours',
    themeChoices: { system: 'Auto', light: 'Light', dark: 'Dark' },
    again: 'Try again',
    leave: 'Not now',
    kinds: { music: 'Music', code: 'Code', compute: 'Compute', curation: 'Curation' },
  },
  de: {
    skip: 'Zum Inhalt springen',
    docs: 'Doku',
    theme: 'Farben',
    themeChoices: { system: 'Auto', light: 'Hell', dark: 'Dunkel' },
    again: 'Noch einmal versuchen',
    leave: 'Jetzt nicht',
    kinds: { music: 'Musik', code: 'Code', compute: 'Rechenzeit', curation: 'Auswahl' },
  },
});
