import { texts } from '../../language/texts.ts';

/** What is said about the cap table. */
export const capTableText = texts({
  en: {
    lede: 'Who holds how much, as files of Open Cap Format 1.2.0, which cap-table programs and lawyers read. They follow from the books: the same books give the same files to the byte.',
    issuer: 'The company',
    legalName: 'Legal name',
    legalNameHint: 'Left empty, the files say that it is assumed.',
    formedOn: 'Formed on',
    formedOnHint: 'Such as 2026-01-31.',
    country: 'Country',
    countryHint: 'Two capital letters, such as DE.',
    names: 'Real names of payees (JSON)',
    namesHint:
      'Left away, people stand there under their pseudonyms. {"p…": {"legalName": "…", "type": "INDIVIDUAL"}}; used for this export only and kept nowhere.',
    withNames: (names: number) => `${names} real names will stand in the files.`,
    badNames: 'This file is no JSON of names by payee.',
    make: 'Make the files',
    made: 'Made from the books as they are now. The manifest lists the others.',
    save: (name: string) => `Save ${name}`,
    saveAll: 'Save all',
  },
  de: {
    lede: 'Wer wie viel hält, als Dateien nach Open Cap Format 1.2.0, die Programme für Beteiligungen und Anwälte lesen. Sie folgen aus den Büchern: dieselben Bücher geben dieselben Dateien, bis aufs Byte.',
    issuer: 'Die Gesellschaft',
    legalName: 'Voller Name',
    legalNameHint: 'Leer gelassen, sagen die Dateien, dass er angenommen ist.',
    formedOn: 'Gegründet am',
    formedOnHint: 'Etwa 2026-01-31.',
    country: 'Land',
    countryHint: 'Zwei Großbuchstaben, etwa DE.',
    names: 'Echte Namen der Empfänger (JSON)',
    namesHint:
      'Weggelassen, stehen die Leute unter ihren Pseudonymen da. {"p…": {"legalName": "…", "type": "INDIVIDUAL"}}; nur für diese Ausgabe gebraucht und nirgends behalten.',
    withNames: (names: number) => `${names} echte Namen werden in den Dateien stehen.`,
    badNames: 'Diese Datei ist kein JSON mit Namen je Empfänger.',
    make: 'Dateien erstellen',
    made: 'Aus den Büchern, wie sie jetzt sind. Das Manifest führt die anderen auf.',
    save: (name: string) => `${name} sichern`,
    saveAll: 'Alle sichern',
  },
});
