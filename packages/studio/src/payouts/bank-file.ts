import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ok, type Result, refuse } from '@jamnet/base';
import type { RailSetup } from '@jamnet/economy';

/** A batch as the bank is to get it: pain.001 (XML) or NACHA (ASCII), named after its batch. */
export interface BankFile {
  readonly name: string;
  readonly text: string;
}

/** As batches are named when they are handed over; anything else never becomes a path. */
const BATCH_ID = /^jam-[0-9a-f]{28}$/;

/** The file of a batch, wherever it lies: for the bank, or in `sent/` beside it. */
export async function bankFile(
  rails: readonly RailSetup[],
  batchId: string,
): Promise<Result<BankFile, 'batch-unknown'>> {
  if (BATCH_ID.test(batchId))
    for (const { rail } of rails) {
      const place = rail.placeOf?.(batchId);
      if (place === undefined) continue;
      const name = basename(place);
      for (const path of [place, join(dirname(place), 'sent', name)]) {
        const text = await textAt(path);
        if (text !== null) return ok({ name, text });
      }
    }
  return refuse('batch-unknown', `No file for a bank lies here under the name ${batchId}.`);
}

async function textAt(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
