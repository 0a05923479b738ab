import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Files of one round: two models, and the strokes that the judge reads. */
export interface RoundFiles {
  readonly candidate: string;
  readonly released: string;
  readonly train: string;
  readonly heldOut: string;
}

const STROKES = { train: 'train.json', heldOut: 'held-out.json' };

export function roundFiles(folder: string): RoundFiles {
  return {
    candidate: join(folder, 'candidate.model'),
    released: join(folder, 'released.model'),
    train: join(folder, STROKES.train),
    heldOut: join(folder, STROKES.heldOut),
  };
}

/** Of strokes only hashes stay: a player may take the consent back. Inputs of the steps stay with the mesh. */
export function removeStrokes(folder: string): void {
  // What `writeWhole` had begun holds strokes too.
  for (const name of Object.values(STROKES))
    for (const left of [name, `${name}.new`]) rmSync(join(folder, left), { force: true });
}

/** Removes what rounds left that were judged when the studio ended. */
export function sweepStrokes(rounds: string): void {
  if (!existsSync(rounds)) return;
  for (const { name } of readdirSync(rounds, { withFileTypes: true }).filter((each) => each.isDirectory()))
    removeStrokes(join(rounds, name));
}
