/**
 * Makes the page that plays lost packets before and after concealment, with spectrograms, from the shipped samples.
 *
 *   node scripts/concealment/make-page.ts FOLDER
 *
 * The web build does it into its own folder, so that a studio serves the page under /concealment/.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeWav } from '../../packages/jdat/src/index.ts';
import { parseTrace } from '../../packages/pnbtr/src/index.ts';
import { documentOf } from './page/document.ts';
import { encodePng } from './page/png.ts';
import { readSounds } from './page/sounds.ts';
import { spectrogram } from './page/spectrogram.ts';
import { clipOf } from './page/versions.ts';

const [folder = ''] = process.argv.slice(2);
if (folder === '') {
  process.stderr.write('usage: make-page.ts FOLDER\n');
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const trace = parseTrace(
  readFileSync(new URL('../../samples/traces/burst-4pct.txt', import.meta.url), 'utf8'),
);
if (!trace.ok) throw new Error(trace.message);
const cards = [];
for (const sound of await readSounds()) {
  const clip = clipOf(sound, trace.value);
  for (const { id, samples } of clip.versions) {
    const file = join(folder, `${sound.id}-${id}`);
    const wav = { sampleRateHz: clip.sampleRateHz, channels: [samples] };
    writeFileSync(`${file}.wav`, encodeWav(wav, { bitsPerSample: 16 }));
    writeFileSync(`${file}.png`, encodePng(spectrogram(samples, clip.isLost, clip.sampleRateHz)));
  }
  cards.push({ sound, clip });
}
for (const name of ['style.css', 'player.js'])
  copyFileSync(fileURLToPath(new URL(`page/${name}`, import.meta.url)), join(folder, name));
writeFileSync(join(folder, 'index.html'), documentOf(cards));
