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

/** Of strokes only hashes stay: a player may take the consent back. Inputs of the steps are forgotten by the mesh (`round-inputs.ts`). */
export function removeStrokes(folder: string): void {
  // What `writeWhole` had begun holds strokes too.
  for (const name of Object.values(STROKES))
    for (const left of [name, `${name}.new`]) rmSync(join(folder, left), { force: true });
}

/** Rounds of which the two models are kept, to be looked at; released ones lie among the releases besides. */
export const ROUNDS_KEPT_MAX = 20;

/**
 * Removes what rounds left that were judged when the studio ended, and the models of all but the newest. What each round learnt from,
 * by hash, and what came of it stay for ever: `round.json` in its folder.
 */
export function sweepRounds(rounds: string, keptMax = ROUNDS_KEPT_MAX): void {
  if (!existsSync(rounds)) return;
  const folders = readdirSync(rounds, { withFileTypes: true }).filter((each) => each.isDirectory());
  // `round-` and the moment it began, µs: the longer number is the later one.
  const names = folders
    .map(({ name }) => name)
    .sort((a, b) => b.length - a.length || (a < b ? 1 : a > b ? -1 : 0));
  for (const [place, name] of names.entries()) {
    removeStrokes(join(rounds, name));
    if (place < keptMax) continue;
    const { candidate, released } = roundFiles(join(rounds, name));
    for (const model of [candidate, released]) rmSync(model, { force: true });
  }
}
