import { createHash } from 'node:crypto';
import { ok, type Result, refuse } from '@jamnet/base';
import { isObjectName, OBJECT_BYTES_MAX, type ObjectCode, type ObjectSource } from './object-store.ts';

/** What every store refuses before it keeps anything. Reads the source once. */
export async function checkObject(
  sha256: string,
  source: ObjectSource,
  bytesMax = OBJECT_BYTES_MAX,
): Promise<Result<null, ObjectCode>> {
  if (!isObjectName(sha256))
    return refuse('object-name-invalid', 'An object is named by the 64 hex digits of its SHA-256.');
  if (source.bytes > bytesMax)
    return refuse(
      'object-too-large',
      `An object has at most ${bytesMax} bytes: this one has ${source.bytes}.`,
    );
  const sum = createHash('sha256');
  let bytes = 0;
  for await (const piece of source.read(0)) {
    sum.update(piece);
    bytes += piece.length;
  }
  if (bytes !== source.bytes || sum.digest('hex') !== sha256)
    return refuse('object-hash-differs', 'The bytes are not what the name says: read them again.');
  return ok(null);
}

export const ERASED = refuse(
  'object-erased',
  'What this names was erased because somebody took their consent back: it is not kept again.',
);
