import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandContext } from '../context.ts';
import { type StudioOptions, tokenFileOf } from './room-studio.ts';
import { serviceUnit } from './service-unit.ts';

/** Where `jamnet up` listens unless told otherwise. */
const STUDIO_URL = 'http://127.0.0.1:8440';

/** Prints a unit that runs this very command; the studio is the one that is named, or that left its address in the data directory. */
export function printServiceUnit(context: CommandContext, options: StudioOptions): void {
  const [main = '', ...words] = context.processWords ?? [];
  const addressFile = join(options.data, 'studio.url');
  const left = existsSync(addressFile) ? readFileSync(addressFile, 'utf8').trim() : STUDIO_URL;
  const studio = { url: options.studio ?? left, tokenFile: tokenFileOf(options) };
  context.stdout.write(serviceUnit(main, words, studio));
}
