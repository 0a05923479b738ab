import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ArchiveDoor, sendTake } from './send-take.ts';
import { MemoryFile } from './testing/memory-file.ts';

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const MEBIBYTE = 1 << 20;

/** An archive that keeps chunks by their hashes, as the studio's does, and whose line breaks after so many of them. */
function archive(breaksAfter = Number.POSITIVE_INFINITY) {
  const chunks = new Map<string, Uint8Array>();
  const takes = new Map<string, Uint8Array>();
  let left = breaksAfter;
  const door: ArchiveDoor = {
    hasChunk: async (sha256) => chunks.has(sha256),
    putChunk: async (sha256, bytes) => {
      if (left-- === 0) throw new Error('the line broke');
      expect(hashOf(bytes)).toBe(sha256);
      chunks.set(sha256, bytes);
    },
    complete: async (id, hashes) => {
      if (takes.has(id)) return 'filed';
      if (hashes.some((hash) => !chunks.has(hash))) return 'chunks-missing';
      takes.set(id, Buffer.concat(hashes.map((hash) => chunks.get(hash) ?? new Uint8Array(0))));
      return 'filed';
    },
  };
  return { door, takes, mend: () => (left = Number.POSITIVE_INFINITY) };
}

/** Three and a half mebibytes, no two chunks alike. */
const bytes = Uint8Array.from({ length: 3.5 * MEBIBYTE }, (_, i) => (i * 31 + (i >> 20) * 77) & 255);

test('a take arrives whole under its hash, and its progress is told', async () => {
  const { door, takes } = archive();
  const shares: number[] = [];
  const sent = await sendTake(new MemoryFile(bytes), door, (share) => shares.push(share));
  expect(sent).toEqual({ id: hashOf(bytes), sentChunks: 4 });
  expect(shares).toEqual([0.25, 0.5, 0.75, 1]);
  expect(Buffer.from(takes.get(sent.id) ?? []).equals(bytes)).toBe(true);
});

test('an upload that broke off goes on with what is missing, and one that is there is not sent again', async () => {
  const { door, mend } = archive(2);
  const file = new MemoryFile(bytes);
  await expect(sendTake(file, door, () => undefined)).rejects.toThrow('the line broke');
  mend();
  expect(await sendTake(file, door, () => undefined)).toMatchObject({ sentChunks: 2 });
  expect(await sendTake(file, door, () => undefined)).toMatchObject({ sentChunks: 0 });
});
