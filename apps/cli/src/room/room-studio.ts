import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, EXIT } from '../exit-codes.ts';
import { runningStudio, type StudioAccess, studioAt } from '../studio-access.ts';
import { fileFault } from '../takes/file-fault.ts';

/** Which studio a command asks: the one that runs on its data directory, or one by its URL. */
export interface StudioOptions {
  readonly data: string;
  readonly studio?: string;
  readonly tokenFile?: string;
}

/** File with the token by which a studio lets us in: the data directory's unless another is named. */
export function tokenFileOf({ data, tokenFile }: StudioOptions): string {
  return tokenFile ?? join(data, 'operator.token');
}

/** Where `jamnet up` listens unless told otherwise. */
const STUDIO_URL = 'http://127.0.0.1:8440';

/** The address of the studio that is named, or that left it in the data directory. */
export function studioUrlOf({ data, studio }: StudioOptions): string {
  if (studio !== undefined) return studioUrl(studio);
  const addressFile = join(data, 'studio.url');
  return existsSync(addressFile) ? readFileSync(addressFile, 'utf8').trim() : STUDIO_URL;
}

/** The studio to play in; says which is missing. */
export function roomStudio(options: StudioOptions): StudioAccess {
  const { data, studio } = options;
  if (studio !== undefined) return studioAt(studioUrl(studio), readToken(tokenFileOf(options)));
  const running = runningStudio(data);
  if (running !== null) return running;
  const message = `No studio runs on ${data}. Start one with "npm start", name its --data directory, or name one elsewhere with --studio and --token-file.`;
  throw new CommandError('studio-not-running', message, EXIT.failed);
}

function studioUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text;
  throw new CommandError('option-invalid', '--studio is a URL such as http://127.0.0.1:8440.', EXIT.usage);
}

function readToken(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw fileFault(file, 'be read', cause);
  }
}
