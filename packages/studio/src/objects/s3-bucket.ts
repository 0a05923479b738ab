import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Failure } from '@jamnet/base';

/** The five calls that the store makes of a bucket; keys are relative to a prefix. Throws `object-store-failed`. */
export interface Bucket {
  read(key: string): Promise<Uint8Array | null>;
  write(key: string, bytes: Uint8Array): Promise<void>;
  /** What is not there is removed already. */
  remove(key: string): Promise<void>;
  /** Keys that begin so, sorted, after `after`; at most `limit` ≤ 1000. */
  list(
    prefix: string,
    after: string,
    limit: number,
  ): Promise<readonly { readonly key: string; readonly changedAtMs: number }[]>;
  close(): void;
}

export interface BucketPlace {
  readonly bucket: string;
  /** Empty, or ends in `/`. */
  readonly prefix: string;
  /** Undefined: Amazon's own. */
  readonly endpoint: string | undefined;
  readonly region: string;
  /** Undefined: as the SDK finds them (instance role, web identity). */
  readonly keys: { readonly id: string; readonly secret: string } | undefined;
}

/** Attempts of one call, with the SDK's growing pauses. */
const ATTEMPTS_MAX = 5;

export function openBucket({ bucket, prefix, endpoint, region, keys }: BucketPlace): Bucket {
  const client = new S3Client({
    region,
    maxAttempts: ATTEMPTS_MAX,
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(keys === undefined ? {} : { credentials: { accessKeyId: keys.id, secretAccessKey: keys.secret } }),
    // Not every server knows Amazon's trailing checksums; each piece has a SHA-256 of ours.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + key });
  const told = async <T>(what: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (cause) {
      const why = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      const message = `The object store s3://${bucket} did not ${what} (${why}): check its address, keys and bucket.`;
      throw new Failure('object-store-failed', message, { cause });
    }
  };
  return {
    read: (key) => told('give', readOrNull(client, at(key))),
    async write(key, bytes) {
      const size = { Body: bytes, ContentLength: bytes.length };
      await told('take', client.send(new PutObjectCommand({ ...at(key), ...size })));
    },
    async remove(key) {
      await told('remove', client.send(new DeleteObjectCommand(at(key))));
    },
    async list(keyPrefix, after, limit) {
      const start = after === '' ? {} : { StartAfter: prefix + after };
      const asked = { Bucket: bucket, Prefix: prefix + keyPrefix, MaxKeys: limit, ...start };
      const { Contents = [] } = await told('list', client.send(new ListObjectsV2Command(asked)));
      return Contents.flatMap(({ Key, LastModified }) =>
        Key === undefined
          ? []
          : [{ key: Key.slice(prefix.length), changedAtMs: LastModified?.getTime() ?? 0 }],
      );
    },
    close: () => client.destroy(),
  };
}

async function readOrNull(
  client: S3Client,
  at: { readonly Bucket: string; readonly Key: string },
): Promise<Uint8Array | null> {
  try {
    const { Body } = await client.send(new GetObjectCommand(at));
    return Body === undefined ? new Uint8Array(0) : await Body.transformToByteArray();
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'NoSuchKey') return null;
    throw cause;
  }
}
