import { type Kysely, sql } from 'kysely';
import type { SegmentFiles } from './segment-files.ts';
import type { MeshKysely, Tables } from './tables.ts';

/** Inputs and results by hash. */
export interface BlobTables {
  putBlobs(blobs: readonly { readonly key: string; readonly bytes: Uint8Array }[]): Promise<void>;
  blob(key: string): Promise<Uint8Array | null>;
}

/** In the database: what several coordinators share, and what was stored before there were files. */
export function blobsInTable(kysely: MeshKysely, engine: 'sqlite' | 'postgres'): BlobTables {
  return {
    async putBlobs(blobs) {
      if (blobs.length === 0) return;
      if (engine === 'postgres') return putConcatenated(kysely, blobs);
      for (const { key, bytes } of blobs)
        await sql`INSERT INTO mesh_blob VALUES (${key}, ${bytes})
          ON CONFLICT (key) DO UPDATE SET bytes = excluded.bytes WHERE length(mesh_blob.bytes) = 0`.execute(
          kysely,
        );
    },
    async blob(key) {
      const row = await kysely
        .selectFrom('mesh_blob')
        .select('bytes')
        .where('key', '=', key)
        .executeTakeFirst();
      return row ? new Uint8Array(row.bytes.buffer, row.bytes.byteOffset, row.bytes.byteLength) : null;
    },
  };
}

/** One binary parameter cut up by the server: an array of bytea would travel as hexadecimal text. */
async function putConcatenated(
  kysely: MeshKysely,
  blobs: readonly { readonly key: string; readonly bytes: Uint8Array }[],
): Promise<void> {
  const starts: number[] = [];
  let next = 1; // substring counts from 1
  for (const { bytes } of blobs) {
    starts.push(next);
    next += bytes.length;
  }
  const keys = blobs.map(({ key }) => key);
  const lengths = blobs.map(({ bytes }) => bytes.length);
  const all = Buffer.concat(blobs.map(({ bytes }) => bytes));
  await sql`INSERT INTO mesh_blob (key, bytes)
    SELECT key, substring(${all}::bytea FROM start FOR length)
    FROM unnest(${keys}::text[], ${starts}::int[], ${lengths}::int[]) AS cut(key, start, length)
    ON CONFLICT (key) DO UPDATE SET bytes = excluded.bytes WHERE length(mesh_blob.bytes) = 0`.execute(kysely);
}

/** Takes the bytes of blobs away for good; their keys stay, with no bytes, and may be put again. */
export async function forgetInTable(kysely: Kysely<Tables>, keys: readonly string[]): Promise<void> {
  for (const key of keys)
    await kysely
      .updateTable('mesh_blob')
      .set({ bytes: Buffer.alloc(0) })
      .where('key', '=', key)
      .execute();
}

/** In files beside the embedded database. */
export function blobsInFiles(files: SegmentFiles, kysely: MeshKysely): BlobTables {
  const before = blobsInTable(kysely, 'sqlite');
  return {
    async putBlobs(blobs) {
      for (const { key, bytes } of blobs) files.put(key, bytes);
    },
    blob: async (key) => files.get(key) ?? before.blob(key),
  };
}
