import type { PacketFate } from '@jamnet/jdat';
import { countOf } from '../../language/plural.ts';
import { texts } from '../../language/texts.ts';

type Fates = Readonly<Record<PacketFate, string>>;

/** What the room says about recordings. */
export const recordingText = texts({
  en: {
    title: 'Recordings',
    lede: 'One recording for the whole room: each page keeps its player’s sound without loss, and what it heard of the others. Only who agreed at the door is recorded.',
    record: 'Record',
    stop: 'Stop recording',
    starting: 'The recording begins…',
    ending: 'Closing the recording…',
    runs: (by: string) => `${by} is recording this room.`,
    yours: (time: string) => `Recording, ${time}.`,
    on: (names: string) => `On it: ${names}.`,
    you: 'you',
    notYou:
      'Your own sound stays out, because you have not agreed to be recorded. Leave and join again to change that.',
    without: (names: string) => `Not on it, because they have not agreed: ${names}.`,
    dropped: (blocks: number) =>
      `This machine’s storage was too slow ${countOf('en', blocks, { one: 'time', other: 'times' })}: some of the sound is missing from the recording.`,
    nobody: 'Nothing is on the recording yet: nobody who plays has agreed to be recorded.',
    kept: (bytes: string) => `A recording of ${bytes} waits in this browser.`,
    keptElsewhere: (room: string, recorder: string) =>
      `It belongs to room ${room}: join there as ${recorder} to send it.`,
    keptDamaged: 'It is damaged and cannot be sent.',
    send: 'Send it now',
    discard: 'Delete it here',
    sending: 'Sending the recording to the studio',
    empty:
      'No recordings yet. Press Record while you play: the take stands here as soon as it has been sent.',
    take: (recorder: string) => `Recorded by ${recorder}`,
    repaired: (holes: number) =>
      `Machines of the network have since repaired ${countOf('en', holes, { one: 'hole', other: 'holes' })} where nothing had come; all that came is as it was.`,
    play: 'Play',
    pause: 'Pause',
    unpacking: 'Getting the sound ready…',
    place: (track: string) => `Place in the take: ${track}`,
    placeText: (at: string, of: string, gap: string) =>
      gap === '' ? `${at} of ${of}` : `${at} of ${of}, here: ${gap}`,
    nextGap: 'Next hole',
    previousGap: 'Previous hole',
    gap: (nth: number, of: number, track: string, at: string, how: string) =>
      `Hole ${nth} of ${of}, ${track}, at ${at}: ${how}.`,
    muteTrack: (track: string) => `Mute ${track}`,
    muted: 'muted',
    keys: 'Keys: space plays and pauses, ← → move, N and P go from hole to hole, 1 to 9 mute a track.',
    inaudible:
      'The take’s sound could not be read. Press Play again, or free some of this browser’s storage first.',
    player: (recorder: string) => `Take recorded by ${recorder}`,
    open: 'Show',
    close: 'Hide',
    opening: 'Fetching the take',
    saveJdat: 'JDAT, all tracks',
    jdatHint: 'The recording as it is: every track without loss, with its losses.',
    track: { sent: 'as played', heard: 'as heard', repaired: 'repaired', imported: 'imported' },
    trackName: (from: string, how: string) => `${from}, ${how}`,
    wave: (name: string, gaps: number) =>
      `Waveform of ${name}; ${countOf('en', gaps, { one: 'stretch was', other: 'stretches were' })} not received whole`,
    fates: {
      recovered: 'brought back exactly by redundancy',
      concealed: 'lost and filled by PNBTR',
      late: 'came too late for the ear, whole in the take',
    } satisfies Fates,
    whole: 'Every packet arrived.',
    packets: (count: number) => countOf('en', count, { one: 'packet', other: 'packets' }),
    failures: {
      'storage-missing':
        'This browser gives pages no storage of their own: record in Chrome, Edge, Firefox or Safari, not in a private window.',
      'storage-refused':
        'This browser did not let the page write its recording: leave private browsing, or free some storage, then press Record again.',
      'storage-full':
        'This browser’s storage is nearly full: delete recordings that wait here or free space on the disk, then press Record again.',
      'kept-too-many':
        'Sixteen recordings wait in this browser already: send or delete some, then press Record again.',
      unreachable:
        'The studio does not answer. Nothing is lost: the recording waits in this browser and is sent as soon as the studio is back.',
      'token-expired': 'You have been here for long: leave and join again, then the recording is sent.',
      'page-outdated': 'Page and studio are of different versions: reload the page.',
      'take-bytes-differ': 'The take arrived damaged: press Show again.',
      'take-not-yours':
        'This take was recorded by somebody else or in another room: join there under the name that recorded it.',
      'take-unknown': 'The studio has no such take (any more): reload the page.',
      'take-consent-missing':
        'Somebody in this take did not agree to be recorded: the studio does not keep it.',
      'take-not-closed': 'The take has no end and cannot be sent: delete it here and record again.',
      'takes-too-many':
        'The studio’s archive is full: ask its operator. The recording waits in this browser.',
      'room-sends-too-much':
        'This room has sent a great deal of sound: the rest is sent by itself after a minute.',
      'chunks-waiting-too-many':
        'Too many uploads are unfinished: the studio takes this one later. The recording waits in this browser.',
      'chunks-missing': 'A part of the take got lost on the way: it is sent again by itself.',
      'chunk-hash-differs': 'A part of the take arrived damaged: send it again.',
      'chunks-too-many': 'The take is larger than the studio’s archive accepts: download it as JDAT instead.',
    } as Readonly<Record<string, string>>,
    unknown: (code: string) => `That did not work (${code}). Try again.`,
  },
  de: {
    title: 'Aufnahmen',
    lede: 'Eine Aufnahme für den ganzen Raum: Jede Seite behält verlustfrei, was bei ihr gespielt wurde, und was sie von den anderen gehört hat. Aufgenommen wird nur, wer an der Tür zugestimmt hat.',
    record: 'Aufnehmen',
    stop: 'Aufnahme beenden',
    starting: 'Die Aufnahme beginnt…',
    ending: 'Die Aufnahme wird abgeschlossen…',
    runs: (by: string) => `${by} nimmt diesen Raum auf.`,
    yours: (time: string) => `Aufnahme läuft, ${time}.`,
    on: (names: string) => `Darauf: ${names}.`,
    you: 'du',
    notYou:
      'Dein eigener Klang bleibt draußen, denn du hast der Aufnahme nicht zugestimmt. Geh hinaus und wieder hinein, um das zu ändern.',
    without: (names: string) => `Nicht darauf, weil nicht zugestimmt: ${names}.`,
    dropped: (blocks: number) =>
      `Der Speicher dieses Rechners war ${countOf('de', blocks, { one: 'Mal', other: 'Mal' })} zu langsam: Der Aufnahme fehlt etwas vom Klang.`,
    nobody: 'Noch ist nichts auf der Aufnahme: Niemand, der spielt, hat zugestimmt.',
    kept: (bytes: string) => `Eine Aufnahme von ${bytes} wartet in diesem Browser.`,
    keptElsewhere: (room: string, recorder: string) =>
      `Sie gehört zum Raum ${room}: Geh dort als ${recorder} hinein, dann wird sie gesendet.`,
    keptDamaged: 'Sie ist beschädigt und lässt sich nicht senden.',
    send: 'Jetzt senden',
    discard: 'Hier löschen',
    sending: 'Die Aufnahme geht ans Studio',
    empty:
      'Noch keine Aufnahmen. Drücke auf Aufnehmen, während ihr spielt: Die Aufnahme steht hier, sobald sie gesendet ist.',
    take: (recorder: string) => `Aufgenommen von ${recorder}`,
    repaired: (holes: number) =>
      `Rechner des Netzes haben seither ${countOf('de', holes, { one: 'Lücke', other: 'Lücken' })} ohne angekommenen Ton repariert; alles, was ankam, ist unverändert.`,
    play: 'Abspielen',
    pause: 'Anhalten',
    unpacking: 'Der Klang wird vorbereitet…',
    place: (track: string) => `Stelle in der Aufnahme: ${track}`,
    placeText: (at: string, of: string, gap: string) =>
      gap === '' ? `${at} von ${of}` : `${at} von ${of}, hier: ${gap}`,
    nextGap: 'Nächste Lücke',
    previousGap: 'Vorige Lücke',
    gap: (nth: number, of: number, track: string, at: string, how: string) =>
      `Lücke ${nth} von ${of}, ${track}, bei ${at}: ${how}.`,
    muteTrack: (track: string) => `${track} stumm schalten`,
    muted: 'stumm',
    keys: 'Tasten: Leertaste spielt und hält an, ← → springen, N und P gehen von Lücke zu Lücke, 1 bis 9 schalten eine Spur stumm.',
    inaudible:
      'Der Klang der Aufnahme ließ sich nicht lesen. Drücke noch einmal auf Abspielen, oder gib erst Speicher dieses Browsers frei.',
    player: (recorder: string) => `Aufnahme von ${recorder}`,
    open: 'Zeigen',
    close: 'Schließen',
    opening: 'Die Aufnahme wird geholt',
    saveJdat: 'JDAT, alle Spuren',
    jdatHint: 'Die Aufnahme, wie sie ist: jede Spur verlustfrei, mit dem, was verloren ging.',
    track: { sent: 'wie gespielt', heard: 'wie gehört', repaired: 'repariert', imported: 'eingelesen' },
    trackName: (from: string, how: string) => `${from} (${how})`,
    wave: (name: string, gaps: number) =>
      `Wellenform: ${name}; ${countOf('de', gaps, { one: 'Stelle kam', other: 'Stellen kamen' })} nicht ganz an`,
    fates: {
      recovered: 'genau zurückgeholt, aus einer Kopie',
      concealed: 'verloren und von PNBTR gefüllt',
      late: 'zu spät fürs Ohr, in der Aufnahme ganz',
    } satisfies Fates,
    whole: 'Jedes Paket kam an.',
    packets: (count: number) => countOf('de', count, { one: 'Paket', other: 'Pakete' }),
    failures: {
      'storage-missing':
        'Dieser Browser gibt Seiten keinen eigenen Speicher: Nimm in Chrome, Edge, Firefox oder Safari auf, nicht in einem privaten Fenster.',
      'storage-refused':
        'Dieser Browser ließ die Seite ihre Aufnahme nicht schreiben: Verlass das private Fenster oder gib Speicher frei, dann drücke noch einmal auf Aufnehmen.',
      'storage-full':
        'Der Speicher dieses Browsers ist fast voll: Lösche Aufnahmen, die hier warten, oder schaffe Platz auf der Platte, dann drücke noch einmal auf Aufnehmen.',
      'kept-too-many':
        'In diesem Browser warten schon sechzehn Aufnahmen: Sende oder lösche einige, dann drücke noch einmal auf Aufnehmen.',
      unreachable:
        'Das Studio antwortet nicht. Verloren ist nichts: Die Aufnahme wartet in diesem Browser und wird gesendet, sobald das Studio wieder da ist.',
      'token-expired': 'Du warst lange hier: Geh hinaus und wieder hinein, dann wird die Aufnahme gesendet.',
      'page-outdated': 'Seite und Studio sind verschieden alt: Lade die Seite neu.',
      'take-bytes-differ': 'Die Aufnahme kam beschädigt an: Drücke noch einmal auf Zeigen.',
      'take-not-yours':
        'Diese Aufnahme hat jemand anders oder ein anderer Raum gemacht: Geh dort unter dem Namen hinein, der sie gemacht hat.',
      'take-unknown': 'Das Studio hat diese Aufnahme nicht (mehr): Lade die Seite neu.',
      'take-consent-missing': 'Jemand in dieser Aufnahme hat nicht zugestimmt: Das Studio behält sie nicht.',
      'take-not-closed':
        'Die Aufnahme hat kein Ende und lässt sich nicht senden: Lösche sie hier und nimm neu auf.',
      'takes-too-many':
        'Das Archiv des Studios ist voll: Frag den Betreiber. Die Aufnahme wartet in diesem Browser.',
      'room-sends-too-much':
        'Dieser Raum hat sehr viel Klang gesendet: Der Rest geht nach einer Minute von selbst.',
      'chunks-waiting-too-many':
        'Zu viele Sendungen sind noch nicht fertig: Das Studio nimmt diese später. Die Aufnahme wartet in diesem Browser.',
      'chunks-missing':
        'Ein Teil der Aufnahme ging unterwegs verloren: Er wird von selbst noch einmal gesendet.',
      'chunk-hash-differs': 'Ein Teil der Aufnahme kam beschädigt an: Sende sie noch einmal.',
      'chunks-too-many':
        'Die Aufnahme ist größer, als das Archiv des Studios annimmt: Lade sie stattdessen als JDAT herunter.',
    } as Readonly<Record<string, string>>,
    unknown: (code: string) => `Das ging nicht (${code}). Versuche es noch einmal.`,
  },
});
