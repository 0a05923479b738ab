import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openNodeKey } from '@jamnet/jamnode';
import { blendReleases } from './blend/blend-round.ts';
import { ModelReleases } from './model-releases.ts';

/** Where a data directory has its released models, and the key that signs their lists. */
export function modelPlaces(dataDirectory: string) {
  return {
    groove: join(dataDirectory, 'models'),
    blend: join(dataDirectory, 'blend-models'),
    keyFile: join(dataDirectory, 'models-key'),
  };
}

/** The lists of released models of a data directory whose studio does not run; none where it never had a key. Throws as `ModelReleases`. */
export function modelLists(dataDirectory: string): readonly ModelReleases[] {
  const { groove, blend, keyFile } = modelPlaces(dataDirectory);
  if (!existsSync(keyFile)) return [];
  const { publicKey } = openNodeKey({ keyFile });
  return [new ModelReleases(groove, publicKey), blendReleases(blend, publicKey)];
}
