import { join } from 'node:path';
import { present } from '@jamnet/base';
import { detectOnsets } from '@jamnet/groove';
import { decodeOgg, readPiece } from './sample-piece.ts';

/**
 * Finds the drum strokes in a stem of the sample piece, as a process of its own (see `stems-main.ts`):
 * `node onsets-main.ts '{"samples":DIR,"role":"backing"}'` prints `{"type":"onsets","onsets":[…]}`.
 */
export interface OnsetsOptions {
  readonly samples: string;
  readonly role: string;
}

// Written by the studio's own forecasting session.
const options = JSON.parse(process.argv[2] ?? '') as OnsetsOptions;
const stem = present(
  readPiece(options.samples).stems.find(({ id }) => id === options.role),
  `stem ${options.role}`,
);
const sound = await decodeOgg(join(options.samples, stem.file));
const onsets = detectOnsets(sound.samples, sound.sampleRateHz);
process.stdout.write(`${JSON.stringify({ type: 'onsets', onsets })}\n`, () => process.exit(0));
