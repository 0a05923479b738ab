import { texts } from '../../language/texts.ts';

/** Why somebody is not in the room, by code: ours, the browser’s, the relay’s and the studio’s. */
export const refusalText = texts({
  en: {
    codes: {
      left: 'You have left the room.',
      lost: 'The relay has not answered for ten seconds. Check your network, then join again.',
      'relay-unreachable': 'The relay does not answer. Check that the studio still runs, then join again.',
      'relay-not-running': 'The studio is still starting: try again in a moment.',
      'too-many-requests': 'Many people are at the door just now: wait a few seconds and try again.',
      'invitation-malformed': 'This is no whole room link: ask whoever invited you for the link again.',
      'invitation-forged':
        'This link was changed or is of another studio: ask whoever invited you for a new one.',
      'invitation-expired': 'This link has expired: ask whoever invited you for a new one.',
      'name-malformed': "A name has 1 to 32 letters, digits, spaces or . _ ' -",
      'name-taken': 'Somebody in this room has this name already: choose another name.',
      replaced: 'You have joined from elsewhere under this name.',
      superseded: 'The room had begun earlier than this page was told. Join again.',
      'token-malformed': 'The studio did not let this page in: reload the page, then join again.',
      'token-forged': 'The studio did not let this page in: reload the page, then join again.',
      'token-expired': 'You have been here for long: join again.',
      'no-path': 'No way to the studio was open: WebTransport, DataChannel and WebSocket all failed.',
      'players-full':
        'Sixteen people play in this room already, and it has no more seats for players. You can listen: fourteen seats are for that. Or join again when somebody has left.',
      'listeners-full':
        'All fourteen seats for listeners are taken. Join again when somebody has left; a player’s seat may be free.',
      'rooms-full': 'The studio’s relay has no room left: ask its operator.',
      'packet-frames-differ':
        'The others in this room use packets of another size: ask for a link made for their size.',
      'epoch-taken': 'Somebody joined in the same moment: join again.',
      'microphone-refused':
        'The browser may not use the microphone. Allow it beside the address (the lock or the microphone), then join again; or choose “Only listen”.',
      'microphone-missing':
        'No such microphone could be opened. Plug it in or choose another, then join again.',
      'file-unreadable': 'The browser cannot read this sound file: choose a WAV, FLAC, MP3 or Ogg file.',
      'not-isolated':
        'This browser does not let the page share memory between sound and network. Open the link in a new window of Chrome, Edge or Firefox.',
      'audio-failed':
        'The browser could not open the sound card. Close other programs that use it, then join again.',
      unreachable: 'The studio did not answer. Check that it is still running, then try again.',
      internal: 'The studio failed at this; its log says why. Try again.',
      'page-outdated': 'Page and studio are of different versions: reload the page.',
    } as Readonly<Record<string, string>>,
    unknown: (code: string) => `The room could not be joined (${code}). Try again.`,
  },
  de: {
    codes: {
      left: 'Du bist hinausgegangen.',
      lost: 'Das Relais hat zehn Sekunden lang nicht geantwortet. Prüfe dein Netz und geh noch einmal hinein.',
      'relay-unreachable':
        'Das Relais antwortet nicht. Sieh nach, ob das Studio noch läuft, und geh noch einmal hinein.',
      'relay-not-running': 'Das Studio fährt noch hoch: Versuche es gleich noch einmal.',
      'too-many-requests':
        'Gerade stehen viele an der Tür: Warte ein paar Sekunden und versuche es noch einmal.',
      'invitation-malformed':
        'Das ist kein ganzer Link in einen Raum: Bitte den, der dich eingeladen hat, noch einmal darum.',
      'invitation-forged':
        'Dieser Link wurde verändert oder gehört zu einem anderen Studio: Bitte den, der dich eingeladen hat, um einen neuen.',
      'invitation-expired': 'Dieser Link ist abgelaufen: Bitte den, der dich eingeladen hat, um einen neuen.',
      'name-malformed': "Ein Name hat 1 bis 32 Buchstaben, Ziffern, Leerzeichen oder . _ ' -",
      'name-taken': 'So heißt in diesem Raum schon jemand: Nimm einen anderen Namen.',
      replaced: 'Du bist unter diesem Namen von anderswo hineingegangen.',
      superseded: 'Der Raum hatte früher begonnen, als diese Seite wusste. Geh noch einmal hinein.',
      'token-malformed':
        'Das Studio hat diese Seite nicht hereingelassen: Lade sie neu und geh noch einmal hinein.',
      'token-forged':
        'Das Studio hat diese Seite nicht hereingelassen: Lade sie neu und geh noch einmal hinein.',
      'token-expired': 'Du warst lange hier: Geh noch einmal hinein.',
      'no-path':
        'Kein Weg zum Studio war offen: WebTransport, DataChannel und WebSocket sind alle gescheitert.',
      'players-full':
        'In diesem Raum spielen schon sechzehn, mehr Plätze hat er nicht. Du kannst zuhören: Dafür gibt es vierzehn Plätze. Oder geh hinein, wenn jemand gegangen ist.',
      'listeners-full':
        'Alle vierzehn Plätze zum Zuhören sind besetzt. Geh hinein, wenn jemand gegangen ist; vielleicht ist ein Platz zum Spielen frei.',
      'rooms-full': 'Das Relais des Studios hat keinen Platz für noch einen Raum: Frag den Betreiber.',
      'packet-frames-differ':
        'Die anderen in diesem Raum benutzen Pakete von anderer Größe: Bitte um einen Link, der dafür gemacht ist.',
      'epoch-taken': 'Im selben Augenblick kam jemand herein: Geh noch einmal hinein.',
      'microphone-refused':
        'Der Browser darf das Mikrofon nicht benutzen. Erlaube es neben der Adresse (beim Schloss oder Mikrofon) und geh noch einmal hinein; oder wähle „Nur zuhören“.',
      'microphone-missing':
        'Dieses Mikrofon ließ sich nicht öffnen. Steck es ein oder wähle ein anderes, dann geh noch einmal hinein.',
      'file-unreadable':
        'Der Browser kann diese Audiodatei nicht lesen: Nimm eine WAV-, FLAC-, MP3- oder Ogg-Datei.',
      'not-isolated':
        'Dieser Browser lässt die Seite keinen Speicher zwischen Klang und Netz teilen. Öffne den Link in einem neuen Fenster von Chrome, Edge oder Firefox.',
      'audio-failed':
        'Der Browser konnte die Soundkarte nicht öffnen. Schließe andere Programme, die sie benutzen, und geh noch einmal hinein.',
      unreachable:
        'Das Studio hat nicht geantwortet. Sieh nach, ob es noch läuft, und versuche es noch einmal.',
      internal:
        'Im Studio ist dabei etwas schiefgegangen; sein Protokoll sagt, was. Versuche es noch einmal.',
      'page-outdated': 'Seite und Studio sind verschieden alt: Lade die Seite neu.',
    } as Readonly<Record<string, string>>,
    unknown: (code: string) => `Der Raum ging nicht auf (${code}). Versuche es noch einmal.`,
  },
});
