import { parentPort, workerData } from 'node:worker_threads';
import { present } from '@jamnet/base';
import { openSqlite } from '@jamnet/sql';
import { economyTables } from '../context.ts';
import type { EpochRow } from '../tables.ts';
import { type ClosePhase, type DecidedEpoch, decideEpoch } from './decide-epoch.ts';
import type { CloseGiven } from './read-epoch.ts';

/** What the thread is started with. */
export interface CloseOrder {
  readonly file: string;
  readonly epoch: EpochRow;
  readonly given: CloseGiven;
}

export type CloseMessage =
  | { readonly phase: ClosePhase; readonly seconds: number }
  | { readonly decided: Awaited<ReturnType<typeof decideEpoch>> };

/** Decides an epoch beside the thread that marks its records: a connection of its own reads what is committed. */
async function work({ file, epoch, given }: CloseOrder): Promise<void> {
  const port = present(parentPort, 'parent');
  const database = openSqlite({ file });
  let before = performance.now();
  try {
    const decided = await decideEpoch(database, economyTables(database), epoch, given, (phase) => {
      const now = performance.now();
      port.postMessage({ phase, seconds: (now - before) / 1_000 } satisfies CloseMessage);
      before = now;
    });
    // Handed over instead of copied: blocks of one column share its buffer.
    const buffers = decided.ok ? new Set(decided.value.blocks.map(bufferOf)) : [];
    port.postMessage({ decided } satisfies CloseMessage, [...buffers]);
  } finally {
    await database.close();
  }
}

/** No block lies in shared memory. */
function bufferOf({ bytes }: DecidedEpoch['blocks'][number]): ArrayBuffer {
  return bytes.buffer as ArrayBuffer;
}

// Started by close-epoch.ts, which alone gives it its order.
await work(workerData as CloseOrder);
