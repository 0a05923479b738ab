/** One German word for one thing, so that nobody looks for a difference between two; beside each the twins that are not written. */
export const GERMAN_WORDS: Readonly<Record<string, RegExp>> = {
  Aufnahme: /\bTakes?\b/,
  Empfänger: /\b(Payees?|Zahlungsempfänger\w*)\b/,
  Extra: /\b(Perks?|Vergünstigung\w*)\b/,
  Geldbeutel: /\b(Geldbörsen?|Brieftaschen?|Wallets?)\b/,
  Hauptbuch: /\b(Ledger|Kassenbuch|Kontobuch)\b/,
  Prämie: /\b(Bount(y|ies)|Kopfgeld\w*)\b/,
  Protokoll: /\b(Logbuch|Logs)\b/,
  Rechner: /\b(Maschinen?|Knoten|Nodes?)\b/,
  Regeln: /\b(Satzung(en)?|Regelwerke?|Policy|Policies)\b/,
  Relais: /\bRelays?\b/,
  Abrechnung: /\b(Kontoausz[uü]ge?|Statements?)\b/,
};

/** Twins in a text, each with the word to write instead. What stands in „…“ is quoted from elsewhere: a command, a name. */
export function twinsIn(text: string): string[] {
  const own = text.replaceAll(/„[^“]*“/g, '');
  return Object.entries(GERMAN_WORDS).flatMap(([word, twins]) => {
    const found = twins.exec(own);
    return found === null ? [] : [`“${found[0]}”: write ${word}`];
  });
}
