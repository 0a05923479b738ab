import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '@jamnet/base';
import { encodeWav } from '@jamnet/jdat';
import { resample } from '@jamnet/pnbtr';
import { decodeOgg, readPiece } from './sample-piece.ts';

/**
 * Decodes stems of the sample piece, cuts a stretch and resamples it, as a process of its own, for the decoded whole takes
 * 100 MB: `node stems-main.ts '{"samples":DIR,"directory":DIR,"roles":[…],"fromSeconds":8,"seconds":20,"rateHz":48000}'`.
 * Writes `<role>.wav` into `directory` and prints `{"type":"done"}`.
 */
export interface StemsOptions {
  readonly samples: string;
  readonly directory: string;
  readonly roles: readonly string[];
  readonly fromSeconds: number;
  readonly seconds: number;
  readonly rateHz: number;
}

// Written by the studio's own play step.
const options = JSON.parse(process.argv[2] ?? '') as StemsOptions;
const piece = readPiece(options.samples);
for (const role of options.roles) {
  const stem = present(
    piece.stems.find(({ id }) => id === role),
    `stem ${role}`,
  );
  const sound = await decodeOgg(join(options.samples, stem.file));
  const from = Math.round(options.fromSeconds * sound.sampleRateHz);
  const cut = sound.samples.subarray(from, from + options.seconds * sound.sampleRateHz);
  const samples = resample(cut, sound.sampleRateHz, options.rateHz);
  const wav = encodeWav({ sampleRateHz: options.rateHz, channels: [samples] }, { bitsPerSample: 16 });
  writeFileSync(join(options.directory, `${role}.wav`), wav);
}
process.stdout.write(`${JSON.stringify({ type: 'done' })}\n`);
process.exit(0);
