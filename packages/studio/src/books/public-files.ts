import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PUBLIC } from './public-layout.ts';

/** Files looked at for one list; the tiles and bundles of 2.5 million leaves. */
export const FILES_LOOKED_AT_MAX = 20_000;

/** One file of the public directory, or a folder of many with all that is inside. */
export interface PublicFile {
  /** Under `/public/`; a folder’s ends with `/`. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

export interface PublicFileList {
  /** By path. */
  readonly files: readonly PublicFile[];
  /** There are more than were looked at: figures are least figures. */
  readonly isCutShort: boolean;
}

/** As `writeWhole` and the log name them until they are renamed. */
const HALF_WRITTEN = /\.(new|tmp)$/;

/** Shown as one line each: nobody picks a tile or a performance out of a list. */
const FOLDERS: readonly string[] = [PUBLIC.log, PUBLIC.groove];

/** What of the public directory can be taken away. */
export async function publicFiles(
  directory: string,
  lookedAtMax = FILES_LOOKED_AT_MAX,
): Promise<PublicFileList> {
  const lines = new Map<string, PublicFile>();
  let lookedAt = 0;
  for await (const { path, bytes } of filesUnder(directory)) {
    if (lookedAt === lookedAtMax) return { files: sorted(lines), isCutShort: true };
    lookedAt++;
    const line = FOLDERS.find((folder) => path.startsWith(folder)) ?? path;
    const so = lines.get(line) ?? { path: line, files: 0, bytes: 0 };
    lines.set(line, { path: line, files: so.files + 1, bytes: so.bytes + bytes });
  }
  return { files: sorted(lines), isCutShort: false };
}

function sorted(lines: ReadonlyMap<string, PublicFile>): readonly PublicFile[] {
  return [...lines.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Plain files, folder by folder. Half-written ones, and what goes away meanwhile, are left out. */
async function* filesUnder(
  directory: string,
  inside = '',
): AsyncGenerator<{ readonly path: string; readonly bytes: number }> {
  const entries = await orNothing<Dirent[]>(readdir(join(directory, inside), { withFileTypes: true }));
  for (const entry of entries ?? []) {
    const path = `${inside}${entry.name}`;
    if (entry.isDirectory()) yield* filesUnder(directory, `${path}/`);
    if (!entry.isFile() || HALF_WRITTEN.test(path)) continue;
    const looked = await orNothing(stat(join(directory, path)));
    if (looked !== null) yield { path, bytes: looked.size };
  }
}

async function orNothing<T>(read: Promise<T>): Promise<T | null> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
