import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Economy } from '@jamnet/economy';
import { writeWhole } from '../config/write-whole.ts';
import { PUBLIC } from './public-layout.ts';

/** Writes the public file of each closed epoch and, last, the list that names them. Files that are there already stay. */
export async function publishEpochs(economy: Economy, publicDirectory: string): Promise<void> {
  const epochs = await economy.publishedEpochs();
  for (const { epochId, sha256, pieces } of epochs) {
    const file = join(publicDirectory, PUBLIC.epoch(epochId));
    if (existsSync(file) && createHash('sha256').update(readFileSync(file)).digest('hex') === sha256)
      continue;
    writeWhole(file, { pieces: await pieces() });
  }
  writeWhole(join(publicDirectory, PUBLIC.epochs), JSON.stringify(epochs.map(({ epochId }) => epochId)));
}
