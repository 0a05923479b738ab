import { countOf } from '../language/plural.ts';
import { texts } from '../language/texts.ts';

/** What the page about the network says but for its proposals. */
export const text = texts({
  en: {
    title: 'Network',
    home: 'To the studio’s page',
    lede: 'How the network does, with whom, under which licences, and how its rules come about.',
    asking: 'Asking the studio…',
    parts: 'Parts of this page',
    places: { figures: 'Figures', proposals: 'Proposals', partners: 'Partners', licences: 'Licences' },
    figures: {
      lede: 'Everything here follows from public files: each figure says what exactly it counts and where you can check it.',
      none: 'No epoch has been closed yet. When one is, its figures stand here: who took part, what came in, and how much of it went back.',
      of: (epoch: string) => `Epoch ${epoch}`,
      sample: 'A sample epoch: it shows how everything works, with payments that were made up.',
      proof: 'Check it',
      undefined: 'not defined',
      names: {
        operators: 'Operators',
        participants: 'Participants',
        'recurring-revenue': 'Recurring revenue',
        'share-returned': 'Share returned',
        'share-returned-ever': 'Returned in all epochs shown',
        correlation: 'Correlation of contribution and earnings',
      },
      definitions: {
        operators:
          'Pseudonyms with a part in at least one compute row of the epoch: their machines did work that was verified or used. One person with two pseudonyms counts twice.',
        participants:
          'Pseudonyms with a part in at least one row of the epoch, of any kind: music, code, compute or curation.',
        'recurring-revenue':
          'Net revenue of the streams that come again by themselves and counted in the epoch, after refunds: a payment counts when its refund window has ended.',
        'share-returned':
          'The contributors’ share divided by the net revenue of the epoch. The rules say at least one half.',
        'share-returned-ever': 'The same over all closed epochs listed below.',
        correlation:
          'Spearman’s rank correlation, over pairs of kind and pseudonym where some money followed use and some followed merit: the part of the kind’s verified merit against the part of its money. +1: who contributed more earned more, throughout. With fewer than three pairs it is not defined.',
      },
      shareOf: (share: string, revenue: string) => `${share} of ${revenue}`,
      epochs: 'Closed epochs',
      epoch: 'Epoch',
      revenue: 'Revenue',
      share: 'Returned',
      more: 'All figures with their proofs',
    },
    partners: {
      lede: 'Who works with this network, as its operator says.',
      none: 'No partner is named here yet. The operator of this studio enters who lends rooms, machines, music or money, what they do and where to find them; nobody stands here who was not entered.',
      add: 'Name a partner',
      name: 'Who',
      nameHint: 'As they call themselves.',
      what: 'What they do for the network',
      whatHint: 'One sentence.',
      url: 'Their own page',
      urlHint: 'Begins with https://',
      remove: (name: string) => `Take ${name} off`,
      removing: (name: string) => `Take ${name} off the list?`,
      removingWhy: 'The entry is gone for everybody. It can be entered anew.',
      act: 'Take it off',
    },
    licences: {
      lede: 'What comes with this studio belongs to those who made it. This is what they let you do with it, read from the files themselves.',
      part: 'What',
      author: 'By',
      licence: 'Licence',
      parts: {
        program: () => 'The program',
        sounds: (count: number) => countOf('en', count, { one: 'sound', other: 'sounds' }),
        packages: (count: number) =>
          countOf('en', count, { one: 'package of npm', other: 'packages of npm' }),
      },
      contributors: 'the JAMNet contributors',
      each: 'each its own',
      undeclared: 'none declared',
    },
  },
  de: {
    title: 'Netz',
    home: 'Zur Seite des Studios',
    lede: 'Wie es dem Netz geht, mit wem, unter welchen Lizenzen, und wie seine Regeln entstehen.',
    asking: 'Ich frage das Studio …',
    parts: 'Teile dieser Seite',
    places: { figures: 'Zahlen', proposals: 'Vorschläge', partners: 'Partner', licences: 'Lizenzen' },
    figures: {
      lede: 'Alles hier folgt aus öffentlichen Dateien: Jede Zahl sagt, was genau sie zählt und wo du sie nachprüfst.',
      none: 'Noch ist keine Epoche abgeschlossen. Dann stehen hier ihre Zahlen: wer mitgemacht hat, was hereinkam und wie viel davon zurückging.',
      of: (epoch: string) => `Epoche ${epoch}`,
      sample: 'Eine Beispielepoche: Sie zeigt, wie alles geht, mit ausgedachten Zahlungen.',
      proof: 'Nachprüfen',
      undefined: 'nicht bestimmt',
      names: {
        operators: 'Gastgeber',
        participants: 'Beteiligte',
        'recurring-revenue': 'Wiederkehrende Einnahmen',
        'share-returned': 'Zurückgegebener Teil',
        'share-returned-ever': 'Zurückgegeben in allen gezeigten Epochen',
        correlation: 'Zusammenhang von Beitrag und Verdienst',
      },
      definitions: {
        operators:
          'Pseudonyme, die an mindestens einer Zeile der Epoche für Rechenzeit beteiligt sind: Ihre Rechner haben Arbeit getan, die geprüft oder gebraucht wurde. Wer zwei Pseudonyme hat, zählt zweimal.',
        participants:
          'Pseudonyme, die an mindestens einer Zeile der Epoche beteiligt sind, gleich welcher Art: Musik, Code, Rechenzeit oder Auswahl.',
        'recurring-revenue':
          'Einnahmen, die von selbst wiederkommen und in der Epoche zählten, ohne Erstattetes: Eine Zahlung zählt, wenn ihre Frist zur Erstattung vorbei ist.',
        'share-returned':
          'Der Teil der Beitragenden geteilt durch die Einnahmen der Epoche. Die Regeln sagen: mindestens die Hälfte.',
        'share-returned-ever': 'Dasselbe über alle abgeschlossenen Epochen, die unten stehen.',
        correlation:
          'Rangkorrelation nach Spearman, über Paare aus Art und Pseudonym, bei denen ein Teil des Geldes dem Gebrauch folgte und ein Teil dem Verdienst: der Anteil am geprüften Verdienst der Art gegen den Anteil an ihrem Geld. +1: Wer mehr beitrug, verdiente durchweg mehr. Mit weniger als drei Paaren ist sie nicht bestimmt.',
      },
      shareOf: (share: string, revenue: string) => `${share} von ${revenue}`,
      epochs: 'Abgeschlossene Epochen',
      epoch: 'Epoche',
      revenue: 'Einnahmen',
      share: 'Zurück',
      more: 'Alle Zahlen mit ihren Belegen',
    },
    partners: {
      lede: 'Wer mit diesem Netz zusammenarbeitet, wie sein Betreiber sagt.',
      none: 'Noch ist kein Partner genannt. Der Betreiber dieses Studios trägt ein, wer Räume, Rechner, Musik oder Geld gibt, was sie tun und wo sie zu finden sind; hier steht niemand, der nicht eingetragen wurde.',
      add: 'Einen Partner nennen',
      name: 'Wer',
      nameHint: 'Wie sie sich selbst nennen.',
      what: 'Was sie für das Netz tun',
      whatHint: 'Ein Satz.',
      url: 'Ihre eigene Seite',
      urlHint: 'Beginnt mit https://',
      remove: (name: string) => `${name} streichen`,
      removing: (name: string) => `${name} von der Liste streichen?`,
      removingWhy: 'Der Eintrag ist dann für alle weg. Er kann neu gemacht werden.',
      act: 'Streichen',
    },
    licences: {
      lede: 'Was mit diesem Studio kommt, gehört denen, die es gemacht haben. Das erlauben sie dir damit, gelesen aus den Dateien selbst.',
      part: 'Was',
      author: 'Von',
      licence: 'Lizenz',
      parts: {
        program: () => 'Das Programm',
        sounds: (count: number) => countOf('de', count, { one: 'Klang', other: 'Klänge' }),
        packages: (count: number) => countOf('de', count, { one: 'Paket von npm', other: 'Pakete von npm' }),
      },
      contributors: 'die Mitwirkenden von JAMNet',
      each: 'jedes seine eigenen',
      undeclared: 'keine angegeben',
    },
  },
});
