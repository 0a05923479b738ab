import { hash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { commitToResult } from '@jamnet/mesh/chunks';
import type { HashedJob, HashJob, HashThreadOptions } from './hash-thread.ts';

// Hashes results beside the event loop. It gets and gives back whole buffers: nothing is copied.
const { chunkCount } = workerData as HashThreadOptions; // written by result-hasher.ts
const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

parentPort?.on('message', ({ job, buffer, places }: HashJob) => {
  const commitments: HashedJob['commitments'][number][] = [];
  for (let at = 0; at < places.length; at += 2) {
    const result = new Uint8Array(buffer, places[at], places[at + 1]);
    commitments.push(commitToResult(sha256, result, chunkCount));
  }
  parentPort?.postMessage({ job, buffer, commitments } satisfies HashedJob, [buffer]);
});
