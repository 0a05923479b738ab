import { createHash } from 'node:crypto';
import { Failure } from '@jamnet/base';
import { barsOf, gridOf, type Onset } from '@jamnet/groove';
import type { ArchivedPerformance } from '../groove/forecast-session.ts';
import { runChild } from '../processes/child-program.ts';
import type { OnsetsOptions } from '../samples/onsets-main.ts';
import { readPiece } from '../samples/sample-piece.ts';
import type { EveningContext } from './evening-context.ts';

/** The archived drums as bars: onsets found in the recording of the backing stem, on the grid of the piece. */
export async function archivedDrums(context: EveningContext): Promise<ArchivedPerformance> {
  const piece = readPiece(context.samplesDirectory);
  const grid = gridOf(piece);
  if (!grid.ok) throw new Failure(grid.code, grid.message);
  const bars = barsOf(await findOnsets(context), grid.value, piece.bars);
  const name = createHash('sha256')
    .update(`jamnet/performance/v1\0${JSON.stringify(bars)}`)
    .digest('hex')
    .slice(0, 40);
  return { name, grid: grid.value, bars };
}

async function findOnsets(context: EveningContext): Promise<readonly Onset[]> {
  const options: OnsetsOptions = { samples: context.samplesDirectory, role: 'backing' };
  let onsets: readonly Onset[] = [];
  const child = runChild({
    entry: new URL('../samples/onsets-main.ts', import.meta.url),
    options,
    onLine: (line) => {
      // The one line that our own program prints.
      onsets = (line as { onsets: readonly Onset[] }).onsets;
    },
  });
  await child.ended;
  return onsets;
}
