import type { Sound } from './sounds.ts';
import { CLIP_SECONDS, type Clip, PACKET_FRAMES } from './versions.ts';

/** The page's text. What it says of each clip was computed from that clip. */
export function documentOf(cards: readonly { readonly sound: Sound; readonly clip: Clip }[]): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <meta name="description" content="Lost packets of music before and after concealment: clips and spectrograms." />
    <title>PNBTR: before and after</title>
    <link rel="icon" href="../favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="style.css" />
    <script type="module" src="player.js"></script>
  </head>
  <body>
    <header>
      <p class="from">JAMNet · PNBTR</p>
      <h1>What did not arrive, and what is heard instead</h1>
      <p>Four excerpts of ${CLIP_SECONDS} s through a network that loses packets of ${PACKET_FRAMES} samples in bursts, where it has the most holes. Each is played five ways. Start one, then
        press another: it goes on at the same place. Everything here was computed by this repository from its own samples.</p>
      <p class="key"><span class="swatch lost"></span> a lost packet, in the strip under each picture. Pictures: 80 Hz at the foot to 16 kHz at the head,
        brighter is louder. Figures: energy of the error over that of the sound, in the lost packets; silence gives 0 dB, lower is better.</p>
    </header>
    <main>
${cards.map(({ sound, clip }) => cardOf(sound, clip)).join('\n')}
    </main>
    <footer>
      <p>One clip is no measurement: the table over 25 files stands in the README of packages/pnbtr. No listening test stands behind these figures.
        Whether prediction can take the place of dither at 16 bit was measured too, and it cannot: figures in the same README.
        Made by <code>node scripts/concealment/make-page.ts</code>.</p>
    </footer>
  </body>
</html>
`;
}

function cardOf(sound: Sound, clip: Clip): string {
  const figures = clip.versions.map((version) => {
    const error = version.errorDb === null ? '' : `<span class="error">${decibels(version.errorDb)}</span>`;
    const label = `${sound.title}: ${version.title}`;
    return `        <figure>
          <figcaption><span class="way">${escaped(version.title)}</span> ${error}<span class="about">${escaped(version.about)}</span></figcaption>
          <div class="picture"><img src="${sound.id}-${version.id}.png" width="960" height="178" alt="Spectrogram of ${escaped(label)}" /><span class="head"></span></div>
          <audio controls preload="none" src="${sound.id}-${version.id}.wav" aria-label="${escaped(label)}"></audio>
        </figure>`;
  });
  return `      <section aria-labelledby="${sound.id}">
        <h2 id="${sound.id}">${escaped(sound.title)}</h2>
        <p class="what">${escaped(sound.about)} ${clip.lost} of ${clip.packets} packets lost. <span class="credit">${escaped(sound.credit)}.</span></p>
        <div class="ways">
${figures.join('\n')}
        </div>
      </section>`;
}

function decibels(value: number): string {
  return `${value <= -0.05 ? '−' : ''}${Math.abs(value).toFixed(1)} dB`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
