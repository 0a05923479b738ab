import { mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files kept in one directory, of tasks and of the groove together; the one unused for longest goes first. */
export const MODELS_KEPT_MAX = 16;

const EXTENSIONS = ['.onnx', '.model'];

/**
 * Keeps a model's file and makes room for it. Best effort, for the node has the model already: a disk that is full or read-only
 * keeps nothing, answers `false`, and the model is fetched again the next time.
 */
export function keepModelFile(directory: string, name: string, bytes: Uint8Array, nowMs: number): boolean {
  const file = join(directory, name);
  const written = `${file}.${process.pid}.part`;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    writeFileSync(written, bytes, { mode: 0o600 });
    markUsed(written, nowMs);
    renameSync(written, file);
    makeRoom(directory);
    return true;
  } catch {
    removeIfPossible(written);
    return false;
  }
}

/** Makes the file the one used last. */
export function markUsed(file: string, nowMs: number): void {
  try {
    utimesSync(file, nowMs / 1000, nowMs / 1000);
  } catch {
    // A read-only disk keeps its order.
  }
}

function makeRoom(directory: string): void {
  const kept = readdirSync(directory)
    .filter((name) => EXTENSIONS.some((extension) => name.endsWith(extension)))
    .map((name) => ({ name, usedMs: statSync(join(directory, name)).mtimeMs }))
    .sort((a, b) => b.usedMs - a.usedMs);
  for (const { name } of kept.slice(MODELS_KEPT_MAX)) rmSync(join(directory, name), { force: true });
}

/** What cannot be removed is in the way of nothing: it is written over. */
export function removeIfPossible(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // Nobody could do more here.
  }
}
