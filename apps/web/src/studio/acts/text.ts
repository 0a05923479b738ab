import { texts } from '../../language/texts.ts';

/** What is said about the trail of acts. */
export const actsText = texts({
  en: {
    lede: 'What those did who may change others’ money or rights: written down before it is done, and in the public log as a salted hash before it is answered. Nobody can change or leave out a line later without the log telling.',
    none: 'No act yet: what operators and curators change stands here.',
    roles: {
      operator: 'Operator',
      curator: 'Curator',
      member: 'Member',
      auditor: 'Auditor',
    } as Readonly<Record<string, string>>,
    who: (role: string) => `${role}:`,
    account: 'Account',
    token: 'by the token of the data directory',
    fates: {
      done: 'done',
      refused: 'refused',
      failed: 'failed on the way',
      unanswered: 'no answer known',
    },
    nothingDone: 'Refused: nothing was changed, and no entry tells of it.',
    onTheWay: 'On its way into the log: it is there at the next start at the latest.',
    entry: (index: string) => `Entry ${index} of the log`,
    check: 'Check it against the log',
    number: (number: string) => `(act ${number})`,
    proven: 'As logged: this browser hashed the act as it stands here and found it in the signed log.',
    differs: 'This is not what the log says. Tell whoever audits the studio.',
    keyChanged:
      'The log is signed by another key than this browser saw before, so nothing follows from it. The books tell more.',
  },
  de: {
    lede: 'Was die getan haben, die über anderer Leute Geld oder Rechte bestimmen: aufgeschrieben, bevor es geschieht, und als gesalzener Hash im öffentlichen Protokoll, bevor es beantwortet wird. Niemand kann später eine Zeile ändern oder weglassen, ohne dass das Protokoll es zeigt.',
    none: 'Noch keine Handlung: hier steht, was von denen geändert wird, die betreiben und kuratieren.',
    roles: {
      operator: 'Betreibt',
      curator: 'Kuratiert',
      member: 'Mitglied',
      auditor: 'Prüft',
    } as Readonly<Record<string, string>>,
    who: (role: string) => `${role}:`,
    account: 'Konto',
    token: 'mit dem Token des Datenverzeichnisses',
    fates: {
      done: 'getan',
      refused: 'abgelehnt',
      failed: 'unterwegs gescheitert',
      unanswered: 'keine Antwort bekannt',
    },
    nothingDone: 'Abgelehnt: nichts wurde geändert, und kein Eintrag berichtet davon.',
    onTheWay: 'Auf dem Weg ins Protokoll: spätestens beim nächsten Start ist sie dort.',
    entry: (index: string) => `Eintrag ${index} des Protokolls`,
    check: 'Mit dem Protokoll vergleichen',
    number: (number: string) => `(Handlung ${number})`,
    proven:
      'Wie im Protokoll: dieser Browser hat die Handlung gehasht, wie sie hier steht, und sie im unterschriebenen Protokoll gefunden.',
    differs: 'Das sagt das Protokoll nicht. Gib denen Bescheid, die das Studio prüfen.',
    keyChanged:
      'Das Protokoll ist mit einem anderen Schlüssel unterschrieben, als dieser Browser vorher sah; daraus folgt nichts. In den Büchern steht mehr.',
  },
});
