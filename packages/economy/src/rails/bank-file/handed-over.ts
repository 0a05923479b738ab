import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '@jamnet/base';
import { NACHA_ID_LENGTH } from '../nacha/nacha-file.ts';
import type { BankFileFormat } from './bank-file-rail.ts';

/** A payment in a file that was handed over. */
export interface HandedOver {
  readonly batchId: string;
  /** Name in the file: the payout id or, for NACHA, how it begins. */
  readonly name: string;
  /** Start of the day on which it is due, UTC µs, where the file says it. */
  readonly dueUs: bigint | null;
}

/** Payments in the files of the outbox and of `sent/` in it, by their names. */
export async function handedOverIn(
  folders: readonly string[],
  format: BankFileFormat,
): Promise<ReadonlyMap<string, HandedOver>> {
  const found = new Map<string, HandedOver>();
  const ending = format.kind === 'nacha' ? '.ach' : '.xml';
  for (const folder of folders)
    for await (const { name: file, text } of filesIn(folder, ending)) {
      const dueUs = format.kind === 'nacha' ? nachaDueUs(text) : null;
      for (const name of format.kind === 'nacha' ? nachaNames(text) : pain001Names(text))
        found.set(name, { batchId: file.slice(0, -ending.length), name, dueUs });
    }
  return found;
}

/** Files of a folder by name, one at a time in memory: answers on many payments may be large. */
export async function* filesIn(
  folder: string,
  ending: string,
): AsyncGenerator<{ readonly name: string; readonly text: string }> {
  const names = await namesIn(folder);
  for (const name of names.filter((each) => each.endsWith(ending)).sort())
    yield { name, text: await readFile(join(folder, name), 'utf8') };
}

/** A folder that is not there is empty. One that cannot be read is no answer: "never seen" would send its payments again. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new Failure('bank-folder-unreadable', `${folder} cannot be read.`, { cause });
  }
}

function nachaNames(text: string): string[] {
  const entries = text.split('\n').filter((line) => line.startsWith('6'));
  return entries.map((line) =>
    line
      .slice(39, 39 + NACHA_ID_LENGTH)
      .trim()
      .toLowerCase(),
  );
}

/** The effective entry date of the batch header: `YYMMDD` at 70. */
function nachaDueUs(text: string): bigint | null {
  const header = text.split('\n').find((line) => line.startsWith('5'));
  const match = /^(\d\d)(\d\d)(\d\d)$/.exec(header?.slice(69, 75) ?? '');
  const ms = match ? Date.parse(`20${match[1]}-${match[2]}-${match[3]}T00:00:00Z`) : Number.NaN;
  return Number.isFinite(ms) ? BigInt(ms) * 1_000n : null;
}

function pain001Names(text: string): string[] {
  return [...text.matchAll(/<EndToEndId>([^<]+)<\/EndToEndId>/g)].map(([, id = '']) => id);
}
