import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decodeWav } from '../../../packages/jdat/src/index.ts';
import { decodeOgg, type MonoSound } from '../../../packages/studio/src/samples/sample-piece.ts';

/** What a card of the page plays. */
export interface Sound extends MonoSound {
  readonly id: string;
  readonly title: string;
  readonly about: string;
  /** Who made it, and under what licence: as in samples/SOURCES.tsv. */
  readonly credit: string;
}

const SAMPLES = new URL('../../../samples/', import.meta.url);
/** Each sound begins so long before its clip: concealment needs a past, repair a future too. */
export const LEAD_SECONDS = 4.5;
const SECONDS = 9;

export async function readSounds(): Promise<Sound[]> {
  return [
    {
      id: 'guitar',
      title: 'Distorted guitar',
      about: 'One stem of a metal piece: a wide, dense spectrum.',
      credit: '“Metal madness”, guitar, by Sectoid (Carlos Viola Iborra), MIT licence',
      ...(await stem('metal-madness-guitar.ogg', 56)),
    },
    {
      id: 'band',
      title: 'Drums, bass and second guitar',
      about: 'The rest of that piece: every hole cuts several instruments at once.',
      credit: '“Metal madness”, backing, by Sectoid (Carlos Viola Iborra), MIT licence',
      ...(await stem('metal-madness-backing.ogg', 56)),
    },
    {
      id: 'tabla',
      title: 'Tabla',
      about: 'Single strokes that come back: what was heard up to four seconds ago can be used again.',
      credit: 'tabla loop by lezaarth, CC0',
      ...excerpt(sample('loops/tabla.wav'), 0),
    },
    {
      id: 'strums',
      title: 'Acoustic guitar',
      about: 'Strings that ring on between strums; a strum itself cannot be foretold.',
      credit: 'strummed chords by Gabriel Verdugo Soto (www.belofilms.com), CC BY 3.0, set in a row',
      ...joined([
        'emajor-03',
        'aminor-down-03',
        'dmajor-up-02',
        'gmajor-down-02',
        'cmajor-00',
        'aminor-up-03',
      ]),
    },
  ];
}

async function stem(file: string, atSeconds: number): Promise<MonoSound> {
  return excerpt(await decodeOgg(fileURLToPath(new URL(`piece/${file}`, SAMPLES))), atSeconds);
}

function sample(file: string): MonoSound {
  const decoded = decodeWav(readFileSync(new URL(file, SAMPLES)));
  if (!decoded.ok) throw new Error(`${file}: ${decoded.message}`);
  const { sampleRateHz, channels } = decoded.value;
  return { sampleRateHz, samples: channels[0] ?? new Float32Array(0) };
}

function excerpt({ sampleRateHz, samples }: MonoSound, atSeconds: number): MonoSound {
  const from = Math.round(atSeconds * sampleRateHz);
  return { sampleRateHz, samples: samples.slice(from, from + SECONDS * sampleRateHz) };
}

function joined(names: readonly string[]): MonoSound {
  const sounds = names.map((name) => sample(`strums/${name}.wav`));
  const samples = new Float32Array(sounds.reduce((sum, each) => sum + each.samples.length, 0));
  let at = 0;
  for (const each of sounds) {
    samples.set(each.samples, at);
    at += each.samples.length;
  }
  return { sampleRateHz: sounds[0]?.sampleRateHz ?? 0, samples };
}
