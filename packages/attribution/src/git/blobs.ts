import { assert } from '@jamnet/base';
import type { Repository } from './open-repository.ts';

/** A source file above this size is generated or data: it is named in the report and not read. */
export const SOURCE_BYTES_MAX = 1 << 20;
/** Contents asked for at once, so that a long history never lies in memory whole. */
export const BATCH_BYTES_MAX = 32 << 20;

/** Sizes of objects by id; objects that are missing (a partial clone) are left out. */
export async function readSizes(
  repository: Repository,
  ids: readonly string[],
): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  if (ids.length === 0) return sizes;
  const said = await repository.run(
    ['cat-file', '--batch-check=%(objectname) %(objectsize)'],
    `${ids.join('\n')}\n`,
  );
  for (const line of said.toString('latin1').split('\n')) {
    const match = /^([0-9a-f]{40,64}) (\d+)$/.exec(line);
    if (match?.[1] !== undefined) sizes.set(match[1], Number(match[2]));
  }
  return sizes;
}

/** Calls `take` with the bytes of each object, in the order asked, a bounded amount in memory at a time. */
export async function readBlobs(
  repository: Repository,
  sizes: ReadonlyMap<string, number>,
  take: (id: string, bytes: Buffer) => void | Promise<void>,
): Promise<void> {
  let batch: string[] = [];
  let batchBytes = 0;
  const flush = async (): Promise<void> => {
    const said =
      batch.length === 0
        ? Buffer.alloc(0)
        : await repository.run(['cat-file', '--batch'], `${batch.join('\n')}\n`);
    let offset = 0;
    for (const id of batch) {
      const lineEnd = said.indexOf(10, offset);
      const header = said.toString('latin1', offset, lineEnd);
      assert(header.startsWith(`${id} `), `cat-file answers in order: ${header}`);
      const size = Number(header.split(' ')[2]);
      await take(id, said.subarray(lineEnd + 1, lineEnd + 1 + size));
      offset = lineEnd + 1 + size + 1;
    }
    batch = [];
    batchBytes = 0;
  };
  for (const [id, size] of sizes) {
    batch.push(id);
    batchBytes += size;
    if (batchBytes >= BATCH_BYTES_MAX) await flush();
  }
  await flush();
}
