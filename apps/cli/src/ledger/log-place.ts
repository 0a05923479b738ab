import { existsSync } from 'node:fs';
import { decodeUtf8 } from '@jamnet/base';
import { logReader } from '@jamnet/ledger';
import { CommandError, EXIT } from '../exit-codes.ts';

/** The studio leaves the key beside the log's directory: `public/log` and `public/log.vkey`. */
const VKEY_FILE = 'log.vkey';
const BOOKS_FOLDER = 'log/';

/** A published log by directory or URL, with the key found beside it where there is one. */
export interface LogPlace {
  /** The folder or URL of the log itself, where `checkpoint` lies. */
  readonly base: string;
  /** The key somebody left beside the log; `null` when there is none. */
  readonly vkeyBeside: string | null;
}

/** Finds a log: its own directory or URL, or the public books that hold it in `log/`. */
export async function findLog(place: string): Promise<LogPlace> {
  const isUrl = /^https?:\/\//.test(place);
  if (!isUrl && !existsSync(place)) {
    throw new CommandError(
      'log-missing',
      `There is no log at ${place}: name its directory or URL.`,
      EXIT.usage,
    );
  }
  const base = place.endsWith('/') ? place : `${place}/`;
  if (await logReader(base)('checkpoint')) return { base, vkeyBeside: await vkeyIn(`${base}..`) };
  const inside = `${base}${BOOKS_FOLDER}`;
  if (await logReader(inside)('checkpoint')) return { base: inside, vkeyBeside: await vkeyIn(base) };
  throw new CommandError(
    'checkpoint-absent',
    `There is no file named checkpoint in ${place}, nor in its folder log: is this a published log?`,
    EXIT.usage,
  );
}

async function vkeyIn(folder: string): Promise<string | null> {
  const bytes = await logReader(folder)(VKEY_FILE).catch(() => null);
  const text = bytes && decodeUtf8(bytes)?.trim();
  return text ? text : null;
}

/** The key to check by: the one given, else the one beside the log. */
export function vkeyOfPlace(place: LogPlace, given: string | undefined): string {
  const vkey = given ?? place.vkeyBeside;
  if (vkey !== null) return vkey;
  throw new CommandError(
    'vkey-missing',
    "Name the log's verifier key with --vkey: none lies beside the log.",
    EXIT.usage,
  );
}
