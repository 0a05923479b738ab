import { texts } from '../../language/texts.ts';

export const inviteText = texts({
  en: {
    button: 'Copy the invitation',
    title: 'Play with me on JAMNet',
    copied: 'Copied. Whoever has the link can come in until it expires.',
    failed: 'The browser did not allow it: copy the address of this page instead.',
  },
  de: {
    button: 'Einladung kopieren',
    title: 'Spiel mit mir auf JAMNet',
    copied: 'Kopiert. Wer den Link hat, kommt hinein, bis er abläuft.',
    failed: 'Der Browser hat es nicht erlaubt: Kopiere stattdessen die Adresse dieser Seite.',
  },
});
