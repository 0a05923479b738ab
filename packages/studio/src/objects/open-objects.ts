import { join } from 'node:path';
import type { ObjectsPlace } from '../config/objects-place.ts';
import { directoryStore } from './directory-store.ts';
import type { ObjectStore } from './object-store.ts';
import { openBucket } from './s3-bucket.ts';
import { s3Store } from './s3-store.ts';

/** Takes and models each in a store of their own. */
export interface StudioObjects {
  readonly takes: ObjectStore;
  readonly models: ObjectStore;
  close(): void;
}

export function openObjects(place: ObjectsPlace): StudioObjects {
  if (place.kind === 'directory') {
    const storeOf = (kind: string) => directoryStore(join(place.directory, kind));
    return { takes: storeOf('takes'), models: storeOf('models'), close: () => undefined };
  }
  const [takes, models] = ['takes/', 'models/'].map((kind) =>
    openBucket({ ...place, prefix: place.prefix + kind }),
  );
  if (takes === undefined || models === undefined) throw new TypeError('two kinds make two buckets');
  return {
    takes: s3Store(takes),
    models: s3Store(models),
    close: () => {
      takes.close();
      models.close();
    },
  };
}
