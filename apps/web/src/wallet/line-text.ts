import { texts } from '../language/texts.ts';

/** Why a line of a wallet was paid: for what, and by which rule. Names are hashes, and no part of the sentence. */
export const lineText = texts({
  en: {
    by: {
      use: (work: string) => `by use of ${work}`,
      merit: (work: string) => `by merit of ${work}`,
    },
    works: {
      take: 'take',
      model: 'what takes are worth to model',
      code: 'code at',
      package: 'package',
      bounty: 'bounty',
      work: 'work on take',
      votes: 'votes',
    },
  },
  de: {
    by: {
      use: (work: string) => `weil benutzt wurde: ${work}`,
      merit: (work: string) => `nach geprüfter Leistung: ${work}`,
    },
    works: {
      take: 'Aufnahme',
      model: 'Nutzen von Aufnahmen für das Modell',
      code: 'Code an der Stelle',
      package: 'Paket',
      bounty: 'Prämie',
      work: 'Arbeit an der Aufnahme',
      votes: 'Stimmen',
    },
  },
});
