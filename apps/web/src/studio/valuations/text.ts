import { texts } from '../../language/texts.ts';

/** What is said about valuations. */
export const valuationsText = texts({
  en: {
    lede: 'What the board says the studio is worth. It sets the price at which JAM is issued and redeemed; waiting redemptions are priced by the next one.',
    none: 'There is no valuation yet. Without one nothing can be priced, and no epoch closes.',
    id: 'Name of the valuation',
    idHint: 'Such as 2026-q4; the same name counts once.',
    value: 'Value in dollars',
    valueHint: (example: string) => `Such as ${example}.`,
    units: 'Fully diluted units',
    unitsHint: 'All JAM that may ever be issued, and everything else that shares in the studio.',
    dated: 'Dated (UTC)',
    datedHint: 'The day as of which it holds, such as 2026-10-31; not in the future.',
    approved: 'Approved by',
    approvedHint: 'Who approved it, such as the board’s resolution.',
    document: 'The document',
    documentHint:
      'Its SHA-256 is worked out here and fixed in the public log; the file itself stays on your device.',
    hash: (sha256: string) => `SHA-256 ${sha256}`,
    price: 'Price of a JAM',
    post: 'Post the valuation',
    sure: 'Post this valuation?',
    sureWhy: 'It is fixed in the public log for good and prices whatever is issued or redeemed after it.',
    posted: (id: string) => `${id} is posted.`,
    bad: (example: string) =>
      `Write dollars such as ${example}, whole units, a UTC day, and choose the document.`,
  },
  de: {
    lede: 'Was das Studio nach Beschluss des Vorstands wert ist. Daraus folgt der Preis, zu dem JAM ausgegeben und eingelöst werden; wartende Einlösungen rechnet die nächste Bewertung ab.',
    none: 'Noch keine Bewertung. Ohne sie hat nichts einen Preis, und keine Epoche wird abgeschlossen.',
    id: 'Name der Bewertung',
    idHint: 'Etwa 2026-q4; derselbe Name zählt einmal.',
    value: 'Wert in Dollar',
    valueHint: (example: string) => `Etwa ${example}.`,
    units: 'Voll verwässerte Anteile',
    unitsHint: 'Alle JAM, die es je geben kann, und was sonst am Studio teilhat.',
    dated: 'Stand (UTC)',
    datedHint: 'Der Tag, für den sie gilt, etwa 2026-10-31; nicht in der Zukunft.',
    approved: 'Beschlossen von',
    approvedHint: 'Wer sie gebilligt hat, etwa der Beschluss des Vorstands.',
    document: 'Das Dokument',
    documentHint:
      'Seine SHA-256 wird hier berechnet und im öffentlichen Protokoll festgehalten; die Datei bleibt auf deinem Gerät.',
    hash: (sha256: string) => `SHA-256: ${sha256}`,
    price: 'Preis eines JAM',
    post: 'Bewertung eintragen',
    sure: 'Diese Bewertung eintragen?',
    sureWhy:
      'Sie steht für immer im öffentlichen Protokoll und bestimmt den Preis für alles, was danach ausgegeben oder eingelöst wird.',
    posted: (id: string) => `${id} ist eingetragen.`,
    bad: (example: string) =>
      `Schreib Dollar wie ${example}, ganze Anteile, einen UTC-Tag, und wähle das Dokument.`,
  },
});
