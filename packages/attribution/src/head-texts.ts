import { groupBy } from './core/group-by.ts';
import { readBlobs, readSizes, SOURCE_BYTES_MAX } from './git/blobs.ts';
import type { TreeFile } from './git/history.ts';
import type { Repository } from './git/open-repository.ts';

/** Calls `take` with the text of each file that is text and not too large, decoded as Node decodes it. */
export async function giveTexts(
  repository: Repository,
  files: readonly TreeFile[],
  take: (path: string, text: string) => void,
): Promise<void> {
  const byBlob = groupBy(files, (file) => file.blob);
  const sizes = await readSizes(repository, [...byBlob.keys()]);
  for (const [blob, size] of sizes) if (size > SOURCE_BYTES_MAX) sizes.delete(blob);
  const decoder = new TextDecoder();
  await readBlobs(repository, sizes, (blob, bytes) => {
    const text = bytes.includes(0) ? null : decoder.decode(bytes);
    for (const file of byBlob.get(blob) ?? []) if (text !== null) take(file.path, text);
  });
}
