import { countOf } from '../language/plural.ts';
import { texts } from '../language/texts.ts';

export const text = texts({
  en: {
    title: 'Status',
    home: 'Back to the studio',
    lede: 'How this studio is: what works, what waits, and how fresh its public books are.',
    looking: 'Looking…',
    unreachable:
      'The studio does not answer. What stands here is what it said last; this page asks again every five seconds.',
    health: 'Health',
    states: {
      ready: 'Everything works.',
      degraded: 'The studio works, with less than it should have.',
      'not-ready': 'The studio is not ready: something it needs does not work.',
    },
    seen: (moment: string) => `Looked at ${moment}. Asked again every five seconds while you watch.`,
    checks: {
      store: 'Database',
      log: 'Public log',
      relays: 'Relays for rooms',
      mesh: 'Desk for hosts',
      gateway: 'Bridge for browsers',
      disk: 'Free disk space',
    },
    checkStates: { ok: 'works', degraded: 'limited', failed: 'fails' },
    faults: {
      'store-silent':
        'It does not answer. Operator: look at its server and its disk, then start the studio again.',
      'log-unreadable':
        'The checkpoint cannot be read or was not signed by this studio. Operator: stop the studio and bring public/log back from a backup.',
      'log-unwritable':
        'Nothing new can be published. Operator: give the studio’s user the right to write to public/log.',
      'relays-gone': 'None runs, so rooms are closed. It is tried again by itself.',
      'relays-some-gone': 'Some do not run. Their rooms go on at the others.',
      'mesh-closed': 'Hosts cannot connect yet: the studio is still starting.',
      'mesh-silent': 'It does not answer. Operator: look at the database, then start the studio again.',
      'gateway-gone': 'It does not answer and is started again by itself. Players without a browser go on.',
      'disk-full': 'Less than 1 GB is left. Operator: make room.',
      'disk-unreadable': 'It cannot be told. Operator: look whether the disk is there.',
      'check-too-slow': 'No answer within two seconds: the machine is overloaded, or this part hangs.',
    },
    queues: 'Queues',
    noFigures: 'The figures come from the database: they are back when it answers.',
    queued: 'Tasks waiting for hosts',
    running: 'Tasks at work',
    checking: 'Results in re-check',
    failed: 'Tasks given up',
    playing: 'Rounds being played',
    unsettled: 'Rounds not settled yet',
    unfiled: (epoch: string) => `Repositories not filed for ${epoch}`,
    relays: 'Relays',
    noRelays: 'No relay runs: rooms open again when one does.',
    load: (rooms: number, players: number) =>
      `${countOf('en', rooms, { one: 'room', other: 'rooms' })}, ${countOf('en', players, { one: 'player', other: 'players' })}`,
    books: 'Books',
    lastEpoch: 'Epoch closed last',
    noEpoch: 'none yet',
    checkpoint: 'Newest checkpoint',
    entries: (count: number) => countOf('en', count, { one: 'entry', other: 'entries' }),
    witness: (name: string) => `Cosigned by ${name}`,
    notCosigned: 'not this one yet',
    noWitnesses:
      'This studio names no witness: nobody else vouches yet that everybody is shown the same log.',
    versions: 'Versions',
    database: 'Database',
    up: 'Running for',
    hours: (hours: string) => `${hours} hours`,
    minutes: (minutes: number) => countOf('en', minutes, { one: 'minute', other: 'minutes' }),
    schemas: 'Tables of each store',
  },
  de: {
    title: 'Status',
    home: 'Zurück zum Studio',
    lede: 'Wie es diesem Studio geht: was läuft, was wartet und wie frisch seine öffentlichen Bücher sind.',
    looking: 'Ich sehe nach …',
    unreachable:
      'Das Studio antwortet nicht. Hier steht, was es zuletzt gesagt hat; die Seite fragt alle fünf Sekunden wieder.',
    health: 'Befinden',
    states: {
      ready: 'Alles läuft.',
      degraded: 'Das Studio läuft, aber mit weniger, als es haben sollte.',
      'not-ready': 'Das Studio ist nicht bereit: Etwas, das es braucht, läuft nicht.',
    },
    seen: (moment: string) => `Nachgesehen: ${moment}. Solange du zusiehst, alle fünf Sekunden wieder.`,
    checks: {
      store: 'Datenbank',
      log: 'Öffentliches Protokoll',
      relays: 'Relais für Räume',
      mesh: 'Schalter für Rechner',
      gateway: 'Brücke für Browser',
      disk: 'Freier Speicherplatz',
    },
    checkStates: { ok: 'läuft', degraded: 'eingeschränkt', failed: 'gestört' },
    faults: {
      'store-silent':
        'Sie antwortet nicht. Für den Betreiber: Sieh nach Server und Platte, dann starte das Studio neu.',
      'log-unreadable':
        'Der Stand ist nicht lesbar oder nicht von diesem Studio. Für den Betreiber: Halte das Studio an und hole public/log aus einer Sicherung.',
      'log-unwritable':
        'Nichts Neues kann veröffentlicht werden. Für den Betreiber: Gib dem Studio Schreibrecht auf public/log.',
      'relays-gone': 'Keines läuft, die Räume sind zu. Es wird von selbst wieder versucht.',
      'relays-some-gone': 'Einige laufen nicht. Ihre Räume gehen auf den anderen weiter.',
      'mesh-closed': 'Rechner können sich noch nicht verbinden: Das Studio startet gerade.',
      'mesh-silent':
        'Er antwortet nicht. Für den Betreiber: Sieh nach der Datenbank, dann starte das Studio neu.',
      'gateway-gone':
        'Sie antwortet nicht und wird von selbst neu gestartet. Wer ohne Browser spielt, spielt weiter.',
      'disk-full': 'Weniger als 1 GB ist frei. Für den Betreiber: Schaffe Platz.',
      'disk-unreadable':
        'Er lässt sich nicht feststellen. Für den Betreiber: Sieh nach, ob die Platte da ist.',
      'check-too-slow': 'Keine Antwort in zwei Sekunden: Der Rechner ist überlastet, oder dieser Teil hängt.',
    },
    queues: 'Warteschlangen',
    noFigures: 'Die Zahlen kommen aus der Datenbank: Sie sind wieder da, wenn sie antwortet.',
    queued: 'Aufgaben, die auf Rechner warten',
    running: 'Aufgaben in Arbeit',
    checking: 'Ergebnisse in Nachprüfung',
    failed: 'Aufgegebene Aufgaben',
    playing: 'Runden, die gespielt werden',
    unsettled: 'Runden, noch nicht abgerechnet',
    unfiled: (epoch: string) => `Code-Archive, für ${epoch} nicht eingereicht`,
    relays: 'Relais',
    noRelays: 'Kein Relais läuft: Sobald eines läuft, öffnen die Räume wieder.',
    load: (rooms: number, players: number) =>
      `${countOf('de', rooms, { one: 'Raum', other: 'Räume' })}, ${countOf('de', players, { one: 'spielt', other: 'spielen' })}`,
    books: 'Bücher',
    lastEpoch: 'Zuletzt geschlossene Epoche',
    noEpoch: 'noch keine',
    checkpoint: 'Neuester Stand',
    entries: (count: number) => countOf('de', count, { one: 'Eintrag', other: 'Einträge' }),
    witness: (name: string) => `Mitgezeichnet von ${name}`,
    notCosigned: 'diesen noch nicht',
    noWitnesses:
      'Dieses Studio nennt keine Zeugen: Noch bürgt niemand sonst dafür, dass alle dasselbe Protokoll sehen.',
    versions: 'Versionen',
    database: 'Datenbank',
    up: 'Läuft seit',
    hours: (hours: string) => `${hours} Stunden`,
    minutes: (minutes: number) => countOf('de', minutes, { one: 'Minute', other: 'Minuten' }),
    schemas: 'Tabellen der Speicher',
  },
});
