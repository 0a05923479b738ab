import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes a file so that a crash leaves either the old content or the new, never a part: temp, fsync, rename. */
export function writeWhole(
  file: string,
  content: string | Uint8Array | { readonly pieces: Iterable<Uint8Array> },
  mode = 0o644,
): void {
  mkdirSync(dirname(file), { recursive: true });
  const fresh = `${file}.new`;
  const handle = openSync(fresh, 'w', mode);
  try {
    for (const bytes of piecesOf(content))
      for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(fresh, file);
  flushFolder(dirname(file));
}

function piecesOf(content: Parameters<typeof writeWhole>[1]): Iterable<Uint8Array> {
  if (typeof content === 'string') return [Buffer.from(content)];
  return content instanceof Uint8Array ? [content] : content.pieces;
}

/** Brings the new name to the disk; Windows cannot open folders and needs no such call. */
function flushFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
