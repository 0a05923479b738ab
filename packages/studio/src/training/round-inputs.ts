import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Hashes of what a round has sent to hosts: shuffled strokes, or pieces of sound. By them the mesh forgets the bytes. */
const FILE = 'inputs';

/** Notes the hash of an input before hosts get it; on the disk when it returns. */
export function noteInput(folder: string, sha256: string): void {
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, FILE), 'a', 0o600);
  try {
    writeSync(file, `${sha256}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A player's part of a take. */
export interface LearntSource {
  readonly take: string;
  readonly player: string;
}

export interface LearntRounds {
  /** Folders of rounds, each with its `round.json`. */
  readonly folders: readonly string[];
  readonly forget: (keys: readonly string[]) => Promise<void>;
}

/** Lets the mesh forget all that was sent to hosts in rounds that learnt from something that `isGone`; answers how many inputs. */
export async function forgetInputsOf(
  { folders, forget }: LearntRounds,
  isGone: (source: LearntSource) => boolean,
): Promise<number> {
  let forgotten = 0;
  for (const parent of folders) {
    if (!existsSync(parent)) continue;
    for (const name of readdirSync(parent)) {
      const folder = join(parent, name);
      const inputs = join(folder, FILE);
      if (!existsSync(inputs) || !sourcesOf(folder).some(isGone)) continue;
      // A last line that a crash cut off was never sent.
      const keys = readFileSync(inputs, 'utf8')
        .split('\n')
        .filter((line) => line.length === 64);
      await forget(keys);
      rmSync(inputs);
      forgotten += keys.length;
    }
  }
  return forgotten;
}

function sourcesOf(folder: string): readonly LearntSource[] {
  const file = join(folder, 'round.json');
  if (!existsSync(file)) return [];
  // Written by the round's own desk.
  const { takes = [] } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly takes?: readonly LearntSource[];
  };
  return takes;
}
