import { join } from 'node:path';
import { present } from '@jamnet/base';
import { joinSpans, type Take, takePcm } from '@jamnet/jdat';
import { readTake } from './read-take.ts';
import type { Hole } from './repair-excerpts.ts';
import type { TakeStore } from './take-store.ts';

/** What really arrived of a take: full scale ±1, silence in the holes. */
export interface UnrepairedTake {
  readonly take: Take;
  readonly samples: Float32Array;
  /** Where no copy ever arrived; sorted, without overlap. Packets that came too late for the ear are no holes. */
  readonly holes: readonly Hole[];
}

export function readUnrepaired(takes: TakeStore, takeId: string): UnrepairedTake {
  const file = join(present(takes.folder(takeId), `take ${takeId}`), 'heard.jdat');
  const take = readTake(file);
  const holes = take.records.flatMap((record) =>
    record.type === 'span' && record.fate === 'lost' ? [record] : [],
  );
  return { take, samples: takePcm(take).samples, holes: joinSpans(holes) };
}
