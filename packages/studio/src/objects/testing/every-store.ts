import crypto from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import S3rver from 's3rver';
import { afterAll, afterEach, beforeAll, describe } from 'vitest';
import { directoryStore } from '../directory-store.ts';
import type { ObjectStore } from '../object-store.ts';
import { openBucket } from '../s3-bucket.ts';
import { s3Store } from '../s3-store.ts';

/** Limits small enough for tests to reach. */
export const BYTES_MAX = 64 * 1024;
export const PIECE_BYTES = 4 * 1024;
const BUCKET = 'jamnet';

/** A new store. */
export interface FreshStore {
  readonly store: ObjectStore;
  /** The same objects, as after a restart. */
  reopen(): ObjectStore;
}

/** Runs one contract suite on a directory and on a real S3 server. */
export function describeOnEveryStore(name: string, suite: (openFresh: () => FreshStore) => void): void {
  describe(`${name} in a directory`, () => {
    const root = mkdtempSync(join(tmpdir(), 'jamnet-objects-'));
    afterAll(() => rmSync(root, { recursive: true, force: true }));
    let count = 0;
    suite(() => {
      const folder = join(root, String(++count));
      const open = () => directoryStore(folder, BYTES_MAX);
      return { store: open(), reopen: open };
    });
  });
  describe(`${name} in S3`, () => {
    const server = s3Server();
    let count = 0;
    suite(() => {
      const prefix = `test-${++count}/`;
      const open = () => s3Store(server.open(prefix), { bytesMax: BYTES_MAX, pieceBytes: PIECE_BYTES });
      return { store: open(), reopen: open };
    });
  });
}

/** An S3 server of this suite's, on a port of its own, its files in the temporary directory. */
export function s3Server() {
  const directory = mkdtempSync(join(tmpdir(), 'jamnet-s3-'));
  const open: (() => void)[] = [];
  let port = 0;
  let server: S3rver;
  const restoreCipher = letDesBe();
  beforeAll(async () => {
    port = await freePort();
    const buckets = [{ name: BUCKET, configs: [] }];
    server = new S3rver({ port, address: '127.0.0.1', silent: true, directory, configureBuckets: buckets });
    await server.run();
  });
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });
  afterAll(async () => {
    await server.close();
    restoreCipher();
    rmSync(directory, { recursive: true, force: true });
  });
  const place = (prefix: string) => ({
    ...{ bucket: BUCKET, prefix, region: 'us-east-1', endpoint: `http://127.0.0.1:${port}` },
    // The keys that s3rver knows.
    keys: { id: 'S3RVER', secret: 'S3RVER' },
  });
  return {
    directory,
    place,
    open(prefix: string) {
      const bucket = openBucket(place(prefix));
      open.push(() => bucket.close());
      return bucket;
    },
  };
}

/** s3rver hides the place in a cut list by DES, which OpenSSL 3 no longer has; the store goes on by key and never asks with that token. */
function letDesBe(): () => void {
  const { createCipheriv } = crypto;
  const patched = (_: string, key: Buffer, iv: Buffer) =>
    createCipheriv('aes-128-cbc', Buffer.concat([key, key]), Buffer.concat([iv, iv]));
  Object.assign(crypto, {
    createCipheriv: (...given: Parameters<typeof patched>) =>
      given[0] === 'des' ? patched(...given) : createCipheriv(...given),
  });
  return () => void Object.assign(crypto, { createCipheriv });
}

/** s3rver tells of the port that it was given, not of the one that the system chose. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
