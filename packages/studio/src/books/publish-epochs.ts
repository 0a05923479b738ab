import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Economy } from '@jamnet/economy';
import { writeWhole } from '../config/write-whole.ts';
import { PUBLIC } from './public-layout.ts';

/**
 * Writes the public file of each closed epoch and, last, the list that names them, each time it is called. Files that are there
 * stay: each is read once and held against its hash, for a closed epoch never changes, and studios of many years publish often.
 */
export function epochPublisher(economy: Economy, publicDirectory: string): () => Promise<void> {
  /** As many as there are closed epochs: one a month. */
  const held = new Set<string>();
  let listed = '';
  return async () => {
    const epochs = await economy.publishedEpochs();
    for (const { epochId, sha256, pieces } of epochs) {
      const file = join(publicDirectory, PUBLIC.epoch(epochId));
      if (existsSync(file)) {
        if (held.has(sha256)) continue;
        if (createHash('sha256').update(readFileSync(file)).digest('hex') !== sha256)
          writeWhole(file, { pieces: await pieces() });
      } else writeWhole(file, { pieces: await pieces() });
      held.add(sha256);
    }
    const list = join(publicDirectory, PUBLIC.epochs);
    const names = JSON.stringify(epochs.map(({ epochId }) => epochId));
    if (names === listed && existsSync(list)) return;
    writeWhole(list, names);
    listed = names;
  };
}
