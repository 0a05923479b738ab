import type { Finding } from '@jamnet/toast';
import type { Formats } from '../../language/formats.ts';
import { texts } from '../../language/texts.ts';

type Say<Code extends Finding['code']> = (
  player: string,
  finding: Extract<Finding, { readonly code: Code }>,
  format: Formats,
) => string;
type Sentences = { readonly [Code in Finding['code']]: Say<Code> };
const ms = (format: Formats, us: number): string => format.milliseconds(us / 1000);

const EN: Sentences = {
  'driver-slow': (player, { cardUs }, format) =>
    `${player}’s sound card adds ${ms(format, cardUs)}: use its low-latency driver (ASIO, JACK, hw:) and a buffer of 64 frames.`,
  'line-up-loses': (player, { lossShare }, format) =>
    `${player}’s line up loses ${format.percent(lossShare)} of the packets: stop uploads and cloud backups there, prefer a cable.`,
  'line-down-loses': (player, { lossShare }, format) =>
    `${player}’s line down loses ${format.percent(lossShare)} of the packets: stop downloads and video there, prefer a cable.`,
  'wireless-or-busy-line': (player, { lateUs }, format) =>
    `At ${player} one packet in a hundred is over ${ms(format, lateUs)} late: use a network cable instead of Wi-Fi, or end what fills the line.`,
  'buffer-too-short': (player, { from, concealedShare, neededUs, bufferUs }, format) =>
    `${player} hears ${from} with ${format.percent(concealedShare)} made up although most of it came: a buffer of ${ms(format, neededUs)} instead of ${ms(format, bufferUs)}, or let it follow the network.`,
  'buffer-too-long': (player, { from, bufferUs, neededUs }, format) =>
    `${player} waits ${ms(format, bufferUs)} for ${from} though ${ms(format, neededUs)} would do: let the buffer follow the network.`,
  'buffer-held-up': (player, { from, bufferUs, lateUs }, format) =>
    `${player} waits ${ms(format, bufferUs)} for ${from} though 99 of 100 packets come within ${ms(format, lateUs)}: a machine or line that now and then stands still holds the buffer up. End what else runs on both machines.`,
  'machine-stalls': (player, { stalledShare, stallUs }, format) =>
    `${player}’s machine came over ${ms(format, stallUs)} late to ${format.percent(stalledShare)} of its card’s periods, which all buffers must cover: end what else runs there.`,
  'far-apart': (player, { from, networkUs }, format) =>
    `${from} to ${player} takes ${ms(format, networkUs)} on a steady line: that is distance. Choose a relay between them, or play what bears it.`,
  'clock-unsure': (player, { clockErrorUs }, format) =>
    `${player}’s clock may be ${ms(format, clockErrorUs)} off the room’s, so its delays are guesses: a steadier line helps.`,
  'card-off-rate': (player, { from, driftPpm }, format) =>
    `The cards of ${from} and ${player} run ${format.number(Math.abs(driftPpm))} ppm apart: one of them is not at 48 kHz; set it there.`,
};
const DE: Sentences = {
  'driver-slow': (player, { cardUs }, format) =>
    `Die Soundkarte von ${player} kostet ${ms(format, cardUs)}: Nehmt ihren Treiber für kurze Latenz (ASIO, JACK, hw:) und einen Puffer von 64 Samples.`,
  'line-up-loses': (player, { lossShare }, format) =>
    `Auf dem Weg von ${player} hinaus gehen ${format.percent(lossShare)} der Pakete verloren: Haltet dort Uploads und Sicherungen an, nehmt lieber ein Kabel.`,
  'line-down-loses': (player, { lossShare }, format) =>
    `Auf dem Weg zu ${player} gehen ${format.percent(lossShare)} der Pakete verloren: Haltet dort Downloads und Videos an, nehmt lieber ein Kabel.`,
  'wireless-or-busy-line': (player, { lateUs }, format) =>
    `Bei ${player} kommt eines von hundert Paketen über ${ms(format, lateUs)} zu spät: Nehmt ein Netzwerkkabel statt WLAN, oder beendet, was die Leitung füllt.`,
  'buffer-too-short': (player, { from, concealedShare, neededUs, bufferUs }, format) =>
    `${player} hört ${from} zu ${format.percent(concealedShare)} überspielt, obwohl das meiste davon ankam: Nehmt einen Puffer von ${ms(format, neededUs)} statt ${ms(format, bufferUs)}, oder lasst ihn dem Netz folgen.`,
  'buffer-too-long': (player, { from, bufferUs, neededUs }, format) =>
    `${player} wartet ${ms(format, bufferUs)} auf ${from}, obwohl ${ms(format, neededUs)} reichen: Lasst den Puffer dem Netz folgen.`,
  'buffer-held-up': (player, { from, bufferUs, lateUs }, format) =>
    `${player} wartet ${ms(format, bufferUs)} auf ${from}, obwohl 99 von 100 Paketen binnen ${ms(format, lateUs)} da sind: Ein Rechner oder eine Leitung stockt ab und zu und hält den Puffer lang. Beendet auf beiden Rechnern, was sonst noch läuft.`,
  'machine-stalls': (player, { stalledShare, stallUs }, format) =>
    `Der Rechner von ${player} kam bei ${format.percent(stalledShare)} der Perioden seiner Soundkarte über ${ms(format, stallUs)} zu spät, und alle Puffer müssen das auffangen: Beendet dort, was sonst noch läuft.`,
  'far-apart': (player, { from, networkUs }, format) =>
    `Von ${from} zu ${player} dauert es ${ms(format, networkUs)}, und das gleichmäßig: Das ist die Entfernung. Nehmt ein Relais dazwischen, oder spielt, was sie verträgt.`,
  'clock-unsure': (player, { clockErrorUs }, format) =>
    `Die Uhr von ${player} kann um ${ms(format, clockErrorUs)} neben der des Raums liegen, die Verzögerungen sind also geschätzt: Eine ruhigere Leitung hilft.`,
  'card-off-rate': (player, { from, driftPpm }, format) =>
    `Die Soundkarten von ${from} und ${player} laufen ${format.number(Math.abs(driftPpm))} ppm auseinander: Eine steht nicht auf 48 kHz; stellt sie darauf.`,
};

export const adviceText = texts({
  en: { title: 'What would help most', sentences: EN },
  de: { title: 'Was am meisten hülfe', sentences: DE },
});

/** An advice in the language of the page. */
export function sayAdvice(sentences: Sentences, player: string, finding: Finding, format: Formats): string {
  // A code and its finding belong together; the compiler cannot carry that through an index.
  const say = sentences[finding.code] as (player: string, finding: Finding, format: Formats) => string;
  return say(player, finding, format);
}
