import { texts } from '../language/texts.ts';

/** Every text of the page. */
export const text = texts({
  en: {
    title: 'Lend this tab',
    lede: 'While this page is open and switched on, one worker of your browser computes small tasks for this studio: repairs of lost sound, fingerprints of takes, and checks. It starts only when you press the button, and ends with the tab.',
    start: 'Start computing',
    stop: 'Stop',
    off: 'Off. Nothing is computed and nothing is connected.',
    states: {
      starting: 'Connecting…',
      working: 'Computing',
      idle: 'Connected, waiting for a task',
      paused: 'Paused',
      offline: 'Connection lost; trying again',
      draining: 'Finishing',
    },
    running: 'Now:',
    takes: 'Takes:',
    sent: 'results sent',
    accepted: 'accepted',
    refused: 'refused',
    units: 'work units accepted',
    paid: 'Paid to',
    paidHint:
      'a pseudonym made from a key that this browser keeps. Clear the site’s data, and the key is gone with what it earned.',
    last: 'The studio said last:',
    fault: 'Stopped:',
    home: 'Back to the evening',
  },
  de: {
    title: 'Diesen Tab leihen',
    lede: 'Solange diese Seite offen und eingeschaltet ist, rechnet ein Worker deines Browsers kleine Aufgaben für dieses Studio: Er repariert verlorenen Klang, nimmt Fingerabdrücke von Aufnahmen und prüft. Er beginnt erst, wenn du den Knopf drückst, und endet mit dem Tab.',
    start: 'Rechnen beginnen',
    stop: 'Anhalten',
    off: 'Aus. Nichts wird gerechnet, und nichts ist verbunden.',
    states: {
      starting: 'Wir verbinden…',
      working: 'Rechnet',
      idle: 'Verbunden, wartet auf eine Aufgabe',
      paused: 'Pausiert',
      offline: 'Verbindung verloren; wir versuchen es weiter',
      draining: 'Rechnet noch zu Ende',
    },
    running: 'Gerade:',
    takes: 'Nimmt an:',
    sent: 'Ergebnisse geschickt',
    accepted: 'angenommen',
    refused: 'abgelehnt',
    units: 'Arbeitseinheiten angenommen',
    paid: 'Bezahlt wird',
    paidHint:
      'ein Deckname aus einem Schlüssel, den dieser Browser behält. Löschst du die Daten der Seite, ist der Schlüssel weg und mit ihm, was er verdient hat.',
    last: 'Das Studio sagte zuletzt:',
    fault: 'Angehalten:',
    home: 'Zurück zum Abend',
  },
});
