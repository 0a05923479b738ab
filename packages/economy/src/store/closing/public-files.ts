import { present } from '@jamnet/base';
import { publicBytes } from '../../core/public/public-bytes.ts';
import type { PublicEpoch, PublicHead } from '../../core/public/public-epoch.ts';
import type { StoreContext, Tables } from '../context.ts';
import { BlockReader } from './blocks.ts';
import { publicHeadOf } from './read-epoch.ts';

/** A file anybody may read: canonical JSON whose SHA-256 the log holds. */
export interface PublicFile {
  readonly epochId: string;
  /** Relative path for publishing. */
  readonly path: string;
  readonly sha256: string;
  readonly content: string;
}

/** The same without its content, which a large epoch gives in pieces only. */
export interface PublishedEpoch extends Omit<PublicFile, 'content'> {
  /** UTF-8, written anew from what the close kept: byte for byte what was hashed. */
  pieces(): Promise<Iterable<Uint8Array>>;
}

/** Closed epochs, the oldest first. */
export async function publishedEpochs({ tables }: Pick<StoreContext, 'tables'>): Promise<PublishedEpoch[]> {
  const rows = await tables
    .selectFrom('economy_epoch')
    .select(['id', 'statement_sha256'])
    .where('state', '=', 'closed')
    .orderBy('sequence')
    .execute();
  return rows.map(({ id, statement_sha256 }) => ({
    epochId: id,
    path: `epochs/${id}.json`,
    sha256: present(statement_sha256, 'statement'),
    pieces: () => publicPieces(tables, id),
  }));
}

export async function publicFiles(context: Pick<StoreContext, 'tables'>): Promise<PublicFile[]> {
  const files: PublicFile[] = [];
  for (const { epochId, path, sha256, pieces } of await publishedEpochs(context)) {
    const content = Buffer.concat([...(await pieces())]).toString('utf8');
    files.push({ epochId, path, sha256, content });
  }
  return files;
}

async function publicPieces(tables: Tables, epochId: string): Promise<Iterable<Uint8Array>> {
  return publicBytes(await headOf(tables, epochId), await new BlockReader(tables, epochId).shares());
}

/** A decided epoch as its public file tells it. */
export async function publicEpochOf(tables: Tables, epochId: string): Promise<PublicEpoch> {
  const shares = await new BlockReader(tables, epochId).shares();
  return { ...(await headOf(tables, epochId)), rows: [...shares.publicRows()] };
}

async function headOf(tables: Tables, epochId: string): Promise<PublicHead> {
  const { public_json } = await tables
    .selectFrom('economy_epoch')
    .select('public_json')
    .where('id', '=', epochId)
    .executeTakeFirstOrThrow();
  const { rows: _, ...head } = publicHeadOf(present(public_json, 'public epoch'));
  return head;
}
