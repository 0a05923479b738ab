import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Economy } from '@jamnet/economy';
import { writeWhole } from '../config/write-whole.ts';
import { PUBLIC } from './public-layout.ts';

/** Writes the public file of each closed epoch and, last, the list that names them. Files that are there already stay. */
export async function publishEpochs(economy: Economy, publicDirectory: string): Promise<void> {
  const files = await economy.publicEpochs();
  for (const { epochId, content } of files) {
    const file = join(publicDirectory, PUBLIC.epoch(epochId));
    if (!existsSync(file) || readFileSync(file, 'utf8') !== content) writeWhole(file, content);
  }
  writeWhole(join(publicDirectory, PUBLIC.epochs), JSON.stringify(files.map((file) => file.epochId)));
}
