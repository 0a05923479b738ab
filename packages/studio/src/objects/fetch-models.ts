import { Failure } from '@jamnet/base';
import type { ModelReleases } from '../training/model-releases.ts';
import type { ObjectStore } from './object-store.ts';

/**
 * Brings back the models that signed lists name and whose files are gone or damaged; others in the store are nobody's. Answers how
 * many. Throws `object-missing` after all others were brought.
 */
export async function fetchModels(
  lists: readonly Pick<ModelReleases, 'missing' | 'bringBack'>[],
  store: ObjectStore,
  onModel: (sha256: string) => void = () => undefined,
): Promise<number> {
  let fetched = 0;
  const absent: string[] = [];
  for (const list of lists)
    for (const release of list.missing()) {
      const { modelSha256, modelBytes } = release;
      const pieces = await store.get(modelSha256);
      const bytes = pieces === null ? null : await wholeOf(pieces, modelBytes);
      if (bytes === null) {
        absent.push(modelSha256);
        continue;
      }
      list.bringBack(release, bytes);
      onModel(modelSha256);
      fetched++;
    }
  if (absent.length > 0)
    throw new Failure(
      'object-missing',
      `The store has not the released models ${absent.join(', ')}: bring them back from a backup.`,
    );
  return fetched;
}

/** `null` where it is longer than it was released: more than that is not read into memory. */
async function wholeOf(pieces: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > bytesMax) return null;
    parts.push(piece);
  }
  return Buffer.concat(parts);
}
